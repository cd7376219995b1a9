import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import { place } from '../src/place';
import type { NodeState, PlacementRequest } from '../src/types';
import { node, partly, request } from './support/fleets';

function placed(fleet: NodeState[], over: Partial<PlacementRequest>) {
  const answer = place(new FleetState(fleet), request(over));
  if (!answer.placed) throw new Error(answer.reason.en);
  return answer;
}
function refused(fleet: NodeState[], over: Partial<PlacementRequest>) {
  const answer = place(new FleetState(fleet), request(over));
  if (answer.placed) throw new Error('was placed');
  return answer;
}
const names = (answer: { nodes: { nodeId: string }[] }) => answer.nodes.map((one) => one.nodeId.replace('node_', ''));

test('the tightest node wins, and the smallest name among equals', () => {
  const fleet = [partly(0, 8, 8), partly(1, 8, 3), partly(2, 8, 2), partly(3, 8, 2)];
  expect(names(placed(fleet, { gpusPerNode: 2 }))).toEqual(['n002']);
  expect(names(placed(fleet, { gpusPerNode: 3 }))).toEqual(['n001']);
  expect(names(placed(fleet, { gpusPerNode: 4 }))).toEqual(['n000']);
});

test('an untouched node is broken below the leaf with the fewest untouched nodes', () => {
  const fleet = [partly(0, 8, 8, { leaf: 0 }), partly(1, 8, 8, { leaf: 0 }), partly(2, 8, 8, { leaf: 1 })];
  expect(names(placed(fleet, { gpusPerNode: 1 }))).toEqual(['n002']);
});

test('two and four accelerators stay in one island, and split only when no node allows it', () => {
  const half = (i: number, held: number[]) =>
    node(i, {
      perIsland: 4,
      devices: Array.from({ length: 8 }, (_, at) => ({ free: !held.includes(at), health: 'ok' as const })),
    });
  const fleet = [half(0, [0, 1, 4, 5]), half(1, [0])];
  expect(placed(fleet, { gpusPerNode: 4 }).nodes[0]).toEqual({
    rank: 0,
    nodeId: 'node_n001',
    deviceIds: ['dev_n001_4', 'dev_n001_5', 'dev_n001_6', 'dev_n001_7'],
  });
  expect(placed([fleet[0]!], { gpusPerNode: 4 }).nodes[0]?.deviceIds).toEqual([2, 3, 6, 7].map((i) => `dev_n000_${i}`));
});

test('degraded devices come last and failed ones never', () => {
  const sick = node(0, {
    devices: [
      { free: true, health: 'failed' },
      { free: true, health: 'degraded' },
    ],
  });
  expect(names(placed([sick, node(1)], { gpusPerNode: 1 }))).toEqual(['n001']);
  expect(placed([sick], { gpusPerNode: 1 }).nodes[0]?.deviceIds).toEqual(['dev_n000_1']);
  expect(refused([sick], { gpusPerNode: 2 }).binding).toBe('capacity');
});

test('a gang takes the leaf it fits tightest and leaves the large one whole; ranks follow the topology', () => {
  const fleet = [0, 1, 2, 3, 4, 5].map((i) => node(i, { leaf: i < 4 ? 0 : 1, rack: i % 2 }));
  const answer = placed(fleet, { nodeCount: 2, gpusPerNode: 8 });
  expect(names(answer)).toEqual(['n004', 'n005']);
  expect(answer.spans).toEqual({ spines: 1, leaves: 1, racks: 2 });
  const four = placed(fleet, { nodeCount: 4, gpusPerNode: 8, topology: 'same_leaf' });
  expect(names(four)).toEqual(['n000', 'n002', 'n001', 'n003']);
});

test('inside a leaf a gang takes as few racks as possible', () => {
  const fleet = [0, 1, 2, 3, 4].map((i) => node(i, { rack: i < 2 ? 0 : 1 }));
  expect(names(placed(fleet, { nodeCount: 2, gpusPerNode: 8 }))).toEqual(['n000', 'n001']);
  expect(placed(fleet, { nodeCount: 3, gpusPerNode: 8 }).spans.racks).toBe(1);
});

test('one rack for all: the rack with the least room to spare', () => {
  const fleet = [0, 1, 2, 3, 4].map((i) => node(i, { rack: i < 3 ? 0 : 1 }));
  expect(names(placed(fleet, { nodeCount: 2, gpusPerNode: 8, topology: 'same_rack' }))).toEqual(['n003', 'n004']);
  expect(names(placed(fleet, { nodeCount: 3, gpusPerNode: 8, topology: 'same_rack' }))).toEqual([
    'n000',
    'n001',
    'n002',
  ]);
});

test('a level that a fleet does not have is stood for by the level above', () => {
  const flat = [0, 1, 2].map((i) => node(i, { zone: i < 2 ? 0 : 1 }, { spine: '', leaf: '', rack: '' }));
  const answer = placed(flat, { nodeCount: 2, gpusPerNode: 8, topology: 'same_leaf' });
  expect(names(answer)).toEqual(['n000', 'n001']);
  expect(answer.spans).toEqual({ spines: 1, leaves: 1, racks: 1 });
  expect(refused(flat, { nodeCount: 3, gpusPerNode: 8 }).binding).toBe('too_large');
  const spines = [node(0, { spine: 0 }, { leaf: '', rack: '' }), node(1, { spine: 1 }, { leaf: '', rack: '' })];
  expect(refused(spines, { nodeCount: 2, gpusPerNode: 8, topology: 'same_leaf' }).binding).toBe('too_large');
  expect(placed(spines, { nodeCount: 2, gpusPerNode: 8 }).spans.leaves).toBe(2);
});

test('equal leaf names of two zones are two leaves, and a gang never leaves its zone', () => {
  const fleet = [node(0, { zone: 0 }), node(1, { zone: 0 }), node(2, { zone: 1 }), node(3, { zone: 1 })];
  const answer = refused(fleet, { nodeCount: 3, gpusPerNode: 8 });
  expect(answer.binding).toBe('too_large');
  expect(answer.wouldFit).toEqual([{ change: 'size', nodeCount: 2, gpusPerNode: 8 }]);
  expect(placed(fleet, { nodeCount: 2, gpusPerNode: 8 }).zoneId).toBe('z0');
});

test('refusals name what binds, with counts and advice in both languages', () => {
  const fleet = [
    partly(0, 8, 5),
    partly(1, 8, 4),
    node(2, {}, { regionId: 'other', zoneId: 'far' }),
    partly(3, 8, 8, {}),
  ].slice(0, 3);
  const size = refused(fleet, { gpusPerNode: 8 });
  expect(size.binding).toBe('node_size');
  expect(size.facts).toMatchObject({ total: 16, free: 9, largestFree: 5, wholeNodesFree: 0 });
  expect(size.wouldFit).toEqual([
    { change: 'region', regionId: 'other' },
    { change: 'size', nodeCount: 1, gpusPerNode: 4 },
  ]);
  expect(size.reason).toEqual({
    code: 'no_capacity.node_size',
    en: 'No capacity for 8 × m in r. 9 of 16 are free, at most 5 on one node. Would fit now: region other; 4 on one node.',
    zh: 'r 的 8 × m暂无容量。共 16 张，空闲 9 张，单节点最多 5 张。当前可行：地域 other；单节点 4 张。',
  });
  expect(refused(fleet, { modelId: 'none' }).binding).toBe('model_not_offered');
  expect(refused([partly(0, 8, 1)], { gpusPerNode: 2 }).binding).toBe('capacity');
  expect(refused(fleet, { gpusPerNode: 5, excludedNodeIds: ['node_n000'] }).binding).toBe('excluded');
  const spread = [node(0, { leaf: 0 }), node(1, { leaf: 1 })];
  const leaf = refused(spread, { nodeCount: 2, gpusPerNode: 8, topology: 'same_leaf' });
  expect(leaf.binding).toBe('too_large');
  expect(leaf.reason.en).toContain('can never fit under one leaf switch: at most 1 such node(s)');
  expect(refused(spread, { gpusPerNode: 9 }).reason.zh).toContain('无法满足：最大的节点只有 8 张');
  const busy = [...spread, partly(2, 8, 7, { leaf: 1 })];
  const topology = refused(busy, { nodeCount: 2, gpusPerNode: 8, topology: 'same_leaf' });
  expect(topology.binding).toBe('topology');
  expect(topology.wouldFit[0]).toEqual({ change: 'topology', topology: 'same_spine' });
});

test('a node with two models offers each of them', () => {
  const mixed = node(0);
  const devices = mixed.devices.map((device, i) => ({ ...device, modelId: i < 4 ? 'm' : 'other' }));
  const fleet = [{ ...mixed, devices }];
  expect(placed(fleet, { gpusPerNode: 4, modelId: 'other' }).nodes[0]?.deviceIds[0]).toBe('dev_n000_4');
  expect(refused(fleet, { gpusPerNode: 8 }).facts.total).toBe(4);
});

test('a decision says why this node, and what no better one could give', () => {
  const why = (fleet: NodeState[], over: Partial<PlacementRequest>) => placed(fleet, over).why;
  expect(why([partly(0, 8, 4)], { gpusPerNode: 4 })).toMatchObject({
    code: 'exact_fit',
    en: expect.stringMatching(/^Node n000/),
  });
  expect(why([partly(0, 8, 4)], { gpusPerNode: 1 }).en).toMatch(/fewest accelerators left over \(3\)/);
  expect(why([partly(0, 8, 4)], { milli: 300 })).toMatchObject({
    code: 'tight_slice',
    en: expect.stringMatching(/70 % free/),
  });
  const doubtful = { ...partly(0, 8, 4), suspicionMilli: 800 };
  expect(why([doubtful], {}).en).toMatch(/^No node without recent trouble/);
  const sick = node(0, { devices: [{ free: true, health: 'degraded' }] });
  expect(why([sick], {})).toMatchObject({
    en: expect.stringMatching(/without a fault/),
    zh: expect.stringMatching(/无故障/),
  });
  const split = node(0, {
    perIsland: 2,
    devices: Array.from({ length: 4 }, () => ({ free: true, health: 'ok' as const })),
  });
  expect(why([split], { gpusPerNode: 3 }).en).toMatch(/so many in one island/);
  const anywhere = place(new FleetState([node(0)]), request({}), { name: 'anywhere', score: () => 0 });
  expect(anywhere).toMatchObject({ placed: true, why: { code: 'policy' } });
});
