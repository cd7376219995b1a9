import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import { place } from '../src/place';
import { decide } from '../src/placement/decide';
import type { NodeState, PlacementRequest } from '../src/types';
import { strictRequest, variedFleet } from './support/conditions';
import { node, partly, request } from './support/fleets';
import { bestPossible } from './support/oracle';

const RUNS = { numRuns: 1_000 };
const possible = (fleet: NodeState[], asked: PlacementRequest) => bestPossible(fleet, asked) !== null;

test('a preferred topology is met when it can be, and never stands in the way', () => {
  fc.assert(
    fc.property(variedFleet(8), strictRequest, (fleet, strict) => {
      const decision = decide(new FleetState(fleet), { ...strict, topologyPreferred: true });
      const { spread: _, ...loose } = strict;
      const anywhere = possible(fleet, { ...loose, topology: 'any' });
      expect(decision !== null).toBe(anywhere);
      if (possible(fleet, strict)) expect(decision).toEqual(decide(new FleetState(fleet), strict));
    }),
    RUNS,
  );
});

test('preferred anti-affinity is met when it can be, and never stands in the way', () => {
  fc.assert(
    fc.property(variedFleet(8), strictRequest, (fleet, { antiAffinity, ...rest }) => {
      if (!antiAffinity) return;
      const wished = { ...rest, antiAffinity: antiAffinity.map((one) => ({ ...one, preferred: true })) };
      const decision = decide(new FleetState(fleet), wished);
      expect(decision !== null).toBe(possible(fleet, rest));
      const strict = { ...rest, antiAffinity };
      if (possible(fleet, strict)) expect(decision).toEqual(decide(new FleetState(fleet), strict));
    }),
    RUNS,
  );
});

test('an elastic gang starts with as many nodes as fit, never with fewer than it can live with', () => {
  fc.assert(
    fc.property(variedFleet(8), strictRequest, fc.integer({ min: 1, max: 4 }), (fleet, strict, least) => {
      if (least > strict.nodeCount) return;
      const decision = decide(new FleetState(fleet), { ...strict, minNodeCount: least });
      let most = strict.nodeCount;
      while (most >= least && !possible(fleet, { ...strict, nodeCount: most })) most -= 1;
      expect(decision?.nodes.length ?? null).toBe(most >= least ? most : null);
    }),
    RUNS,
  );
});

test('of welcome models the first that has room is taken', () => {
  fc.assert(
    fc.property(variedFleet(8), strictRequest, fc.boolean(), (fleet, strict, swapped) => {
      const [first, second] = swapped ? ['x', 'm'] : ['m', 'x'];
      const asked = { ...strict, modelId: first!, alternatives: [second!] };
      const fitting = [first!, second!].find((modelId) => possible(fleet, { ...strict, modelId }));
      expect(decide(new FleetState(fleet), asked)?.modelId ?? null).toBe(fitting ?? null);
    }),
    RUNS,
  );
});

test('wishes give way before an elastic gang shrinks, and any welcome model is better than giving way', () => {
  const fleet = [node(0, { leaf: 0 }), node(1, { leaf: 1 })];
  const elastic = request({
    nodeCount: 2,
    minNodeCount: 1,
    gpusPerNode: 8,
    topology: 'same_leaf',
    topologyPreferred: true,
  });
  expect(decide(new FleetState(fleet), elastic)?.nodes.length).toBe(2);
  const other = (i: number) => {
    const made = node(i, { leaf: 2 });
    return { ...made, devices: made.devices.map((one) => ({ ...one, modelId: 'x' })) };
  };
  const both = decide(new FleetState([...fleet, other(2), other(3)]), { ...elastic, alternatives: ['x'] });
  expect(both).toMatchObject({ modelId: 'x', spans: { leaves: 1 } });
});

test('an elastic gang takes the welcome model of which most nodes fit', () => {
  const other = (i: number) => {
    const made = node(i);
    return { ...made, devices: made.devices.map((one) => ({ ...one, modelId: 'x' })) };
  };
  const fleet = [node(0), other(1), other(2)];
  const elastic = request({ nodeCount: 3, minNodeCount: 1, gpusPerNode: 8 });
  const of = (modelId: string, alternative: string) =>
    decide(new FleetState(fleet), { ...elastic, modelId, alternatives: [alternative] });
  expect(of('m', 'x')).toMatchObject({ modelId: 'x', nodes: [{ rank: 0 }, { rank: 1 }] });
  expect(of('x', 'm')).toMatchObject({ modelId: 'x', nodes: [{ rank: 0 }, { rank: 1 }] });
});

test('requests that contradict themselves are refused by name', () => {
  const state = new FleetState([partly(0, 8, 8)]);
  const problem = (over: Partial<PlacementRequest>) => () => place(state, request(over));
  expect(problem({ nodeCount: 2, minNodeCount: 3 })).toThrow('minNodeCount 3 must be from 1 to nodeCount 2');
  expect(problem({ milli: 1000 })).toThrow('milli 1000 must be from 1 to 999');
  expect(problem({ milli: 500, gpusPerNode: 2 })).toThrow('gpusPerNode is 2');
  expect(problem({ topology: 'same_leaf', spread: { level: 'rack', mostPerDomain: 1 } })).toThrow(
    'spread contradicts topology same_leaf',
  );
  expect(problem({ resources: { memoryBytes: -1 } })).toThrow('resources.memoryBytes is -1');
  expect(problem({ zoneIds: [] })).toThrow('zoneIds names no zone');
  const rules = [
    { key: 'kind', op: 'in' as const, values: ['a'] },
    { key: 'kind', op: 'not_in' as const, values: ['a', 'b'] },
  ];
  expect(problem({ labelRules: rules })).toThrow('label kind: "in a" contradicts "not_in a, b"');
  expect(problem({ labelRules: [rules[0]!, { key: 'kind', op: 'absent' }] })).toThrow('contradicts "absent"');
});
