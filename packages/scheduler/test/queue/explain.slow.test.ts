import { expect, test } from 'vitest';
import { FleetState } from '../../src/fleet-state';
import { changed } from '../../src/queue/change-request';
import { defaultQueuePolicy } from '../../src/queue/policy';
import { queueRound } from '../../src/queue/round';
import type { QueuedRequest, RunningWork } from '../../src/queue/types';
import { Prng } from '../../src/replay/prng';
import type { NodeState, Topology } from '../../src/types';
import { node } from '../support/fleets';
import { holding, NOW_S, queued, roundInput, working } from './support';

const limits = { ...defaultQueuePolicy.limits, explanations: 1_000 };

/**
 * Three regions and two models: one region nearly full, one where gangs wait beside small holes and free nodes that are
 * reserved for later, one with room that nobody asks for.
 */
function crowded(seed: number) {
  const prng = new Prng(seed);
  const fleet: NodeState[] = Array.from({ length: 64 }, (_, i) => {
    const made = node(
      i,
      { spine: i % 4, leaf: i % 8, perIsland: 4 },
      { regionId: i < 32 ? 'r' : i < 48 ? 'r2' : 'r3' },
    );
    const modelId = i % 3 === 0 ? 'm2' : 'm';
    return {
      ...made,
      zoneId: `${made.regionId}-z`,
      devices: made.devices.map((device) => ({ ...device, modelId })),
    };
  });
  const running: RunningWork[] = [];
  const isReserved = (i: number) => i % 4 === 0 && i < 48;
  for (const [i, one] of fleet.entries()) {
    for (let bit = 0; bit < 8; ) {
      const size = Math.min(8 - bit, [1, 2, 4, 8][prng.below(4)]!);
      const bits = Array.from({ length: size }, (_, i) => bit + i);
      bit += size;
      if (prng.below(one.regionId === 'r' ? 10 : 3) === 0 || (isReserved(i) && one.regionId === 'r2')) continue;
      const made = working(`w${running.length}`, [{ node: one, bits }], {
        path: [`org-${prng.below(6)}`, 'p', 'u'],
        expectedEndS: NOW_S + 300 + prng.below(40_000),
        limitEndS: prng.below(2) === 0 ? NOW_S + 50_000 : null,
      });
      running.push({
        ...made,
        ask: { ...made.ask, regionId: one.regionId, modelId: one.devices[0]!.modelId },
      });
    }
  }
  const pending: QueuedRequest[] = Array.from({ length: 500 }, (_, i) =>
    queued(
      {
        requestId: `q${String(i).padStart(3, '0')}`,
        path: [`org-${prng.below(6)}`, `p${prng.below(2)}`, `u${prng.below(3)}`],
        priority: prng.below(2),
        expectedDurationS: [null, 1_800, 9_000][prng.below(3)]!,
        limitDurationS: prng.below(3) === 0 ? 20_000 : null,
        submittedAtS: NOW_S - prng.below(20_000),
      },
      {
        ...(prng.below(3) === 0
          ? { regionId: 'r2', nodeCount: 2 + prng.below(3), gpusPerNode: 8 }
          : { regionId: 'r', nodeCount: [1, 1, 2][prng.below(3)]!, gpusPerNode: [1, 2, 4, 8][prng.below(4)]! }),
        modelId: prng.below(3) === 0 ? 'm2' : 'm',
        topology: (['any', 'same_spine', 'same_leaf'] satisfies Topology[])[prng.below(3)]!,
      },
    ),
  );
  const reserved = fleet.filter((_, i) => isReserved(i));
  const reservations = reserved.map((one, i) => ({
    reservationId: `res-${i}`,
    path: ['org-0'],
    ask: queued({}, { regionId: one.regionId, modelId: one.devices[0]!.modelId }).ask,
    fromS: NOW_S + 10_000,
    toS: NOW_S + 20_000,
    nodes: [{ nodeId: one.nodeId, deviceIds: one.devices.map((device) => device.deviceId) }],
  }));
  return {
    fleet: holding(fleet, running),
    input: roundInput({ pending, running, reservations, seed, policy: { limits } }),
  };
}

test('of 500 requests every waiting one is told what keeps it; every change offered, when made, starts it', () => {
  const { fleet, input } = crowded(1);
  const out = queueRound(new FleetState(fleet), input);
  expect(out.decisions.length + out.waiting.length).toBe(500);
  expect(out.waiting.length).toBeGreaterThan(400);
  const kinds = new Set<string>();
  let offered = 0;
  for (const entry of out.waiting) {
    expect(entry.reason!.en).toMatch(/^Waits for /);
    expect(entry.reason!.zh).toMatch(/^等待 /);
    expect(entry.estimate).not.toBeNull();
    const request = input.pending.find((one) => one.requestId === entry.requestId)!;
    for (const change of entry.wouldStart) {
      kinds.add(change.change);
      offered += 1;
      const state = new FleetState(fleet);
      const asked = changed(state, request, change);
      const pending = input.pending.map((one) => (one === request ? asked : one));
      const again = queueRound(state, { ...input, pending, answer: 'decide' });
      expect(again.decisions.map((one) => one.requestId)).toContain(request.requestId);
    }
  }
  expect(offered).toBeGreaterThan(100);
  expect([...kinds].sort()).toEqual(expect.arrayContaining(['limit', 'preemptible', 'region', 'size']));
}, 120_000);

test('places count from 1 in each pool, and the binding is true', () => {
  const { fleet, input } = crowded(2);
  const out = queueRound(new FleetState(fleet), input);
  const places = new Map<string, number[]>();
  for (const entry of out.waiting) {
    const { ask } = input.pending.find((one) => one.requestId === entry.requestId)!;
    const pool = `${ask.regionId}/${ask.modelId}`;
    places.set(pool, [...(places.get(pool) ?? []), entry.place]);
    const pending = input.pending.filter((one) => one.requestId === entry.requestId);
    const alone = queueRound(new FleetState(fleet), { ...input, pending, reservations: [] });
    // Alone and without reservations it starts exactly when neither the fleet nor a quota is what binds it.
    const byOthers = ['reserved_for_others', 'promised_to_others', 'fair_share', 'priority'].includes(entry.binding);
    expect({ binding: entry.binding, starts: alone.decisions.length === 1 }).toEqual({
      binding: entry.binding,
      starts: byOthers,
    });
  }
  for (const list of places.values()) expect(list).toEqual(list.map((_, i) => i + 1));
}, 120_000);
