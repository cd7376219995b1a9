import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../../src/fleet-state';
import { lostDeviceSeconds } from '../../src/preemption/candidates';
import { defaultQueuePolicy } from '../../src/queue/policy';
import { queueRound } from '../../src/queue/round';
import type { RunningWork } from '../../src/queue/types';
import type { NodeState } from '../../src/types';
import { partly } from '../support/fleets';
import { bestPossible } from '../support/oracle';
import { holding, NOW_S, queued, roundInput, working } from './support';

/** Work on one node, or on two nodes at once, of a small fleet: device positions are dealt out from the front. */
const piece = fc.record({
  at: fc.nat(4),
  second: fc.option(fc.nat(4), { freq: 3 }),
  gpus: fc.integer({ min: 1, max: 3 }),
  priority: fc.integer({ min: 0, max: 2 }),
  ageS: fc.constantFrom(400, 900, 5_000),
  savedS: fc.constantFrom(0, 100, 300),
});
const nodesIn = fc.array(fc.record({ leaf: fc.nat(1), spine: fc.nat(1) }), { minLength: 1, maxLength: 4 });

function scene(
  shapes: { leaf: number; spine: number }[],
  pieces: (typeof piece extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const fleet = shapes.map((shape, i) => partly(i, 4, 4, shape));
  const next = fleet.map(() => 0);
  const running: RunningWork[] = [];
  for (const one of pieces) {
    const where = [...new Set([one.at % fleet.length, ...(one.second === null ? [] : [one.second % fleet.length])])];
    if (where.some((at) => next[at]! + one.gpus > 4)) continue;
    const on = where.map((at) => {
      const bits = Array.from({ length: one.gpus }, (_, i) => next[at]! + i);
      next[at]! += one.gpus;
      return { node: fleet[at]!, bits };
    });
    running.push(
      working(`w${running.length}`, on, {
        path: ['org-a', 'p', 'u'],
        preemptible: true,
        priority: one.priority,
        startedAtS: NOW_S - one.ageS,
        checkpointAtS: NOW_S - one.ageS + one.savedS,
      }),
    );
  }
  return { fleet, running };
}

function costOf(set: readonly RunningWork[]): number[] {
  return [
    Math.max(-1, ...set.map((work) => work.priority)),
    set.reduce((sum, work) => sum + lostDeviceSeconds(work, NOW_S), 0),
    set.reduce((sum, work) => sum + NOW_S - work.startedAtS, 0),
    set.length,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

function without(fleet: NodeState[], running: readonly RunningWork[], gone: readonly RunningWork[]): NodeState[] {
  return holding(
    fleet,
    running.filter((work) => !gone.includes(work)),
  );
}

test('victims: as little as brute force finds, none that is not needed, and the request starts once they are gone', () => {
  const ask = fc.record({
    nodeCount: fc.integer({ min: 1, max: 3 }),
    gpusPerNode: fc.integer({ min: 1, max: 4 }),
    topology: fc.constantFrom('any' as const, 'same_spine' as const, 'same_leaf' as const),
    priority: fc.integer({ min: 1, max: 3 }),
  });
  let preempted = 0;
  fc.assert(
    fc.property(
      nodesIn,
      fc.array(piece, { minLength: 1, maxLength: 8 }),
      ask,
      (shapes, pieces, { priority, ...asked }) => {
        const { fleet, running } = scene(shapes, pieces);
        const request = queued({ requestId: 'new', path: ['org-a', 'p', 'u'], priority }, asked);
        const out = queueRound(new FleetState(holding(fleet, running)), roundInput({ running, pending: [request] }));
        const exposed = running.filter((work) => work.priority < priority);
        let best: RunningWork[] | null = null;
        for (let bits = 0; bits < 1 << exposed.length; bits += 1) {
          const set = exposed.filter((_, i) => (bits & (1 << i)) !== 0);
          if (best !== null && compare(costOf(set), costOf(best)) >= 0) continue;
          if (bestPossible(without(fleet, running, set), request.ask) !== null) best = set;
        }
        const chosen = out.preemptions.flatMap((one) => one.victims.map((victim) => victim.workId));
        if (best === null || best.length === 0) {
          expect(chosen).toEqual([]);
          expect(out.decisions).toHaveLength(best === null ? 0 : 1);
          return;
        }
        preempted += 1;
        const set = running.filter((work) => chosen.includes(work.workId));
        expect(costOf(set)).toEqual(costOf(best));
        for (const one of set) {
          const fewer = set.filter((other) => other !== one);
          expect(bestPossible(without(fleet, running, fewer), request.ask)).toBeNull();
        }
        const left = running.filter((work) => !set.includes(work));
        const next = queueRound(
          new FleetState(holding(fleet, left)),
          roundInput({ nowS: NOW_S + 120, running: left, plans: out.plans, pending: [request] }),
        );
        expect(next.decisions).toMatchObject([{ requestId: 'new', turn: 'claim' }]);
      },
    ),
    { numRuns: 1_000 },
  );
  expect(preempted).toBeGreaterThan(100);
});

test('nobody is ended within his guarantee, twice in an hour, or right after his start; what was ended ends nobody', () => {
  const fleet = [partly(0, 4, 4)];
  const share = {
    weight: 1,
    overQuotaWeight: 1,
    usage: { valueS: 0, atS: NOW_S },
    parentId: null,
    borrowingLimits: [],
  };
  const guarantee = (devices: number) => [{ regionId: 'r', modelId: 'm', devices }];
  const shares = [
    { ...share, nodeId: 'org-a', guaranteed: guarantee(2) },
    { ...share, nodeId: 'org-b', guaranteed: guarantee(2) },
  ];
  const round = (work: Partial<RunningWork>, asked: Parameters<typeof queued>[0], gpus = 1) => {
    const running = [0, 1].map((i) =>
      working(`w${i}`, [{ node: fleet[0]!, bits: [2 * i, 2 * i + 1] }], { preemptible: true, priority: 0, ...work }),
    );
    const out = queueRound(
      new FleetState(holding(fleet, running)),
      roundInput({ running, shares, pending: [queued({ priority: 9, ...asked }, { gpusPerNode: gpus })] }),
    );
    return out.preemptions;
  };
  // org-b holds 4 of which 2 are guaranteed to it: one piece of work can be taken back, not two, whatever the priority.
  expect(round({}, {}, 2)).toMatchObject([{ kind: 'reclaim', victims: [{ workId: 'w0' }] }]);
  expect(round({}, {}, 3)).toEqual([]);
  expect(round({ preemptedAtS: [NOW_S - 600] }, {}, 2)).toEqual([]);
  expect(round({ preemptedAtS: [NOW_S - 7_200] }, {}, 2)).toHaveLength(1);
  const often = Array.from({ length: defaultQueuePolicy.preemption.mostPerJob }, (_, i) => NOW_S - 9_000 * (i + 1));
  expect(round({ preemptedAtS: often }, {}, 2)).toEqual([]);
  expect(round({ startedAtS: NOW_S - 10 }, {}, 2)).toEqual([]);
  expect(round({ preemptible: false }, {}, 2)).toEqual([]);
  expect(round({}, { preemptedAtS: [NOW_S - 9_000] }, 2)).toEqual([]);
});

test('victims of gangs among many candidates: the request starts once they are gone, and none of them is needless', () => {
  let preempted = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ gpus: fc.integer({ min: 1, max: 2 }), savedS: fc.constantFrom(0, 100, 300) }), {
        minLength: 24,
        maxLength: 24,
      }),
      fc.record({ nodeCount: fc.integer({ min: 2, max: 4 }), gpusPerNode: fc.integer({ min: 2, max: 4 }) }),
      (works, asked) => {
        const pieces = works.map((one, i) => ({
          at: i % 6,
          second: i % 7 === 0 ? (i + 1) % 6 : null,
          priority: 0,
          ageS: 900 as const,
          ...one,
        }));
        const { fleet, running } = scene(
          Array.from({ length: 6 }, () => ({ leaf: 0, spine: 0 })),
          pieces,
        );
        const request = queued({ requestId: 'new', path: ['org-a', 'p', 'u'], priority: 1 }, asked);
        const out = queueRound(new FleetState(holding(fleet, running)), roundInput({ running, pending: [request] }));
        if (out.decisions.length > 0) return;
        preempted += 1;
        const chosen = out.preemptions.flatMap((one) => one.victims.map((victim) => victim.workId));
        const set = running.filter((work) => chosen.includes(work.workId));
        expect(bestPossible(without(fleet, running, set), request.ask)).not.toBeNull();
        for (const one of set) {
          const fewer = set.filter((other) => other !== one);
          expect(bestPossible(without(fleet, running, fewer), request.ask)).toBeNull();
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(preempted).toBeGreaterThan(500);
});
