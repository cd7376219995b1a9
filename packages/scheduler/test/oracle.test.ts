import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import { place } from '../src/place';
import type { Decision, NodeState, PlacementRequest } from '../src/types';
import { anyRequest, bushyFleet, request, smallFleet } from './support/fleets';
import { bestPossible, openDevices } from './support/oracle';

function checkDecision(fleet: NodeState[], asked: PlacementRequest, decision: Decision): void {
  const nodes = decision.nodes.map((placed) => fleet.find((one) => one.nodeId === placed.nodeId)!);
  expect(new Set(nodes).size).toBe(asked.nodeCount);
  expect(new Set(nodes.map((one) => one.zoneId))).toEqual(new Set([decision.zoneId]));
  decision.nodes.forEach((placed, i) => {
    expect(placed.rank).toBe(i);
    const open = openDevices(nodes[i]!, asked.modelId).map((one) => one.deviceId);
    expect(placed.deviceIds).toHaveLength(asked.gpusPerNode);
    expect(new Set(placed.deviceIds).size).toBe(asked.gpusPerNode);
    for (const deviceId of placed.deviceIds) expect(open).toContain(deviceId);
  });
  const leaves = new Set(nodes.map((one) => `${one.spine}/${one.leaf}`));
  const spines = new Set(nodes.map((one) => one.spine));
  expect({ leaves: leaves.size, spines: spines.size }).toEqual({
    leaves: decision.spans.leaves,
    spines: decision.spans.spines,
  });
}

test('a request is placed exactly when brute force finds a way, in as few leaves and then spines', () => {
  fc.assert(
    fc.property(smallFleet(9), anyRequest, (fleet, asked) => {
      const answer = place(new FleetState(fleet), asked);
      const best = bestPossible(fleet, asked);
      expect(answer.placed).toBe(best !== null);
      if (!answer.placed || best === null) return;
      checkDecision(fleet, asked, answer);
      expect(answer.spans).toMatchObject({ leaves: best.leaves, spines: best.spines });
    }),
    { numRuns: 1_500 },
  );
});

test('gangs on bushy topologies: fewest leaves, fewest spines, least excess within one spine', () => {
  const gang = fc
    .record({
      nodeCount: fc.integer({ min: 2, max: 6 }),
      topology: fc.constantFrom('any' as const, 'same_spine' as const),
    })
    .map((one) => request({ ...one, gpusPerNode: 4 }));
  fc.assert(
    fc.property(bushyFleet(13), gang, (fleet, asked) => {
      const answer = place(new FleetState(fleet), asked);
      const best = bestPossible(fleet, asked);
      expect(answer.placed).toBe(best !== null);
      if (!answer.placed || best === null) return;
      checkDecision(fleet, asked, answer);
      expect(answer.spans).toMatchObject({ leaves: best.leaves, spines: best.spines });
      if (best.spines > 1) return;
      const touched = new Set(answer.nodes.map((one) => leafOf(fleet, one.nodeId)));
      const below = fleet.filter((one) => touched.has(leafOf(fleet, one.nodeId))).length;
      expect(below - asked.nodeCount).toBe(best.excess);
    }),
    { numRuns: 600 },
  );
});

function leafOf(fleet: NodeState[], nodeId: string): string {
  const node = fleet.find((one) => one.nodeId === nodeId)!;
  return `${node.zoneId}/${node.spine}/${node.leaf}`;
}

test('what an explanation says would fit does fit', () => {
  fc.assert(
    fc.property(smallFleet(8), anyRequest, (fleet, asked) => {
      const state = new FleetState(fleet);
      const answer = place(state, asked);
      if (answer.placed) return;
      for (const { change: _, ...changed } of answer.wouldFit) {
        expect(bestPossible(fleet, { ...asked, ...changed })).not.toBeNull();
      }
      const open = fleet.map((node) => openDevices(node, 'm').length);
      expect(answer.facts.free).toBe(open.reduce((a, b) => a + b, 0));
      expect(answer.facts.largestFree).toBe(Math.max(0, ...open));
      // The binding constraint is the true one: with it lifted in thought, the counts must contradict it.
      const enoughInSum = answer.facts.free >= asked.nodeCount * asked.gpusPerNode;
      if (answer.binding === 'capacity') expect(enoughInSum).toBe(false);
      if (answer.binding === 'topology') {
        expect(bestPossible(fleet, { ...asked, topology: 'any' })).not.toBeNull();
      }
      const idle = fleet.map((node) => ({
        ...node,
        available: true,
        devices: node.devices.map((device) => ({ ...device, free: true, health: 'ok' as const })),
      }));
      expect(answer.binding === 'too_large').toBe(bestPossible(idle, asked) === null && answer.facts.total > 0);
      if (answer.binding === 'node_size') {
        expect(enoughInSum).toBe(true);
        expect(bestPossible(fleet, { ...asked, topology: 'any' })).toBeNull();
      }
    }),
    { numRuns: 1_000 },
  );
});
