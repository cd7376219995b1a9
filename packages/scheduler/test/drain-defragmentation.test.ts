import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proposeMigrations } from '../src/defragmentation/propose';
import { planDrain } from '../src/drain/plan-drain';
import { FleetState } from '../src/fleet-state';
import { defaultQueuePolicy as policy } from '../src/queue/policy';
import type { RunningWork } from '../src/queue/types';
import { holding, NOW_S, working } from './queue/support';
import { node, partly } from './support/fleets';

const facts = (state: FleetState) => state.describe();

test('a drain moves what may be moved, waits for what ends, ends what accepts it, and names the rest', () => {
  const nodes = [node(0), node(1), node(2)];
  const at = (i: number, bits: number[]) => [{ node: nodes[i]!, bits }];
  const running = [
    working('now', at(0, [0, 1, 2, 3]), { movable: true }),
    working('later', at(0, [4, 5]), { movable: true }),
    working('ends', at(0, [6]), { limitEndS: NOW_S + 500 }),
    working('firm', at(0, [7]), {}),
    working('full', at(1, [0, 1, 2, 3]), {}),
    working('soon', at(2, [0, 1, 2, 3, 4, 5, 6, 7]), { expectedEndS: NOW_S + 600 }),
    working('spot', at(1, [7]), { preemptible: true }),
  ];
  const fleet = new FleetState(holding(nodes, running));
  fleet.take(['dev_n001_4']);
  const before = facts(fleet);
  const plan = planDrain(fleet, { nodeIds: ['node_n000'], nowS: NOW_S, deadlineS: NOW_S + 1_000, running, policy });
  expect(facts(fleet)).toEqual(before);
  const byId = Object.fromEntries(plan.map((one) => [one.workId, one]));
  // Two devices are free elsewhere: not enough for four, who wait for the node that comes free; enough for two.
  expect(byId.now).toMatchObject({ action: 'move_later', atS: NOW_S + 600, to: [{ nodeId: 'node_n002' }] });
  expect(byId.later).toMatchObject({ action: 'move_now', atS: NOW_S, to: [{ nodeId: 'node_n001' }] });
  expect(byId.ends).toMatchObject({ action: 'ends_in_time', atS: null });
  expect(byId.firm).toMatchObject({ action: 'cannot_go' });
  expect(Object.keys(byId)).toHaveLength(4);
  const other = planDrain(fleet, { nodeIds: ['node_n001'], nowS: NOW_S, deadlineS: NOW_S + 60, running, policy });
  expect(other).toMatchObject([
    { workId: 'full', action: 'cannot_go' },
    { workId: 'spot', action: 'end_at_deadline', atS: NOW_S + 60 },
  ]);
});

test('migrations make nodes whole, spend no whole node, move only what may be moved, and can all be carried out', () => {
  const piece = fc.record({ at: fc.nat(4), gpus: fc.integer({ min: 1, max: 3 }), movable: fc.boolean() });
  let proposed = 0;
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      const nodes = Array.from({ length: 5 }, (_, i) => partly(i, 4, 4));
      const next = nodes.map(() => 0);
      const running: RunningWork[] = [];
      for (const { at, gpus, movable } of pieces) {
        if (next[at]! + gpus > 4) continue;
        const bits = Array.from({ length: gpus }, (_, i) => next[at]! + i);
        next[at]! += gpus;
        running.push(working(`w${running.length}`, [{ node: nodes[at]!, bits }], { movable }));
      }
      const fleet = new FleetState(holding(nodes, running));
      const before = facts(fleet);
      const whole = (state: FleetState) => nodes.filter((_, i) => state.isWhole(i)).length;
      const rule = { standstillS: 60, mostCostPerDeviceS: 1e9, mostMigrations: 10 };
      const proposals = proposeMigrations(fleet, running, NOW_S, rule);
      expect(facts(fleet)).toEqual(before);
      const had = whole(fleet);
      for (const one of proposals) {
        for (const move of one.moves) {
          const work = running.find((other) => other.workId === move.workId)!;
          expect(work.movable).toBe(true);
          for (const held of move.to) fleet.take(held.deviceIds);
          for (const held of work.nodes) fleet.give(held.deviceIds);
        }
        expect(one.gainDevices).toBeGreaterThan(0);
        expect(one.costDeviceS).toBeGreaterThan(0);
      }
      expect(whole(fleet)).toBe(had + proposals.length);
      proposed += proposals.length;
      const dear = proposeMigrations(new FleetState(holding(nodes, running)), running, NOW_S, {
        ...rule,
        mostCostPerDeviceS: 1,
      });
      expect(dear).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
  expect(proposed).toBeGreaterThan(100);
});
