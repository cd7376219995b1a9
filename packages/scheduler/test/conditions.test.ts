import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import { place } from '../src/place';
import { decide } from '../src/placement/decide';
import type { Decision, NodeState, PlacementRequest } from '../src/types';
import { strictRequest, variedFleet } from './support/conditions';
import { request } from './support/fleets';
import { bestPossible, domainOf, fittingNodes, obeys, openDevices } from './support/oracle';

const RUNS = { numRuns: 1_000 };

function nodesOf(fleet: readonly NodeState[], decision: Decision): NodeState[] {
  return decision.nodes.map((placed) => fleet.find((one) => one.nodeId === placed.nodeId)!);
}

/** The decision gives what was asked for, on nodes that may serve it, and can be taken as it stands. */
function checkDecision(fleet: NodeState[], asked: PlacementRequest, decision: Decision): void {
  const nodes = nodesOf(fleet, decision);
  const own = { ...asked, modelId: decision.modelId };
  const fitting = fittingNodes(fleet, own);
  expect(new Set(nodes).size).toBe(asked.nodeCount);
  for (const one of nodes) expect(fitting).toContain(one);
  expect(obeys(nodes, own)).toBe(true);
  decision.nodes.forEach((placed, i) => {
    const open = openDevices(nodes[i]!, decision.modelId, asked.milli).map((one) => one.deviceId);
    expect(placed.deviceIds).toHaveLength(asked.gpusPerNode);
    expect(new Set(placed.deviceIds).size).toBe(asked.gpusPerNode);
    for (const deviceId of placed.deviceIds) expect(open).toContain(deviceId);
    const islands = nodes[i]!.devices.filter((one) => placed.deviceIds.includes(one.deviceId)).map((one) => one.island);
    if (asked.topology === 'same_island') expect(new Set(islands).size).toBe(1);
  });
  const state = new FleetState(fleet);
  state.hold(decision.nodes);
  state.release(decision.nodes);
  expect(state.describe()).toEqual(new FleetState(fleet).describe());
}

test('is a placement possible: placed exactly when brute force finds a way, whatever the conditions', () => {
  let [placed, refused] = [0, 0];
  fc.assert(
    fc.property(variedFleet(8), strictRequest, (fleet, asked) => {
      const decision = decide(new FleetState(fleet), asked);
      expect(decision !== null).toBe(bestPossible(fleet, asked) !== null);
      if (decision) checkDecision(fleet, asked, decision);
      if (decision) placed += 1;
      else refused += 1;
    }),
    RUNS,
  );
  // Both answers are common, or the test would say little.
  expect(Math.min(placed, refused)).toBeGreaterThan(RUNS.numRuns / 10);
});

test('fewest leaves, then fewest spines, among the nodes that the conditions leave', () => {
  const close = strictRequest.map(({ spread: _, ...one }) =>
    one.topology === 'spread' || one.topology === 'same_rack' ? { ...one, topology: 'any' as const } : one,
  );
  fc.assert(
    fc.property(variedFleet(8), close, (fleet, asked) => {
      const decision = decide(new FleetState(fleet), asked);
      const best = bestPossible(fleet, asked);
      if (decision && best) expect(decision.spans).toMatchObject({ leaves: best.leaves, spines: best.spines });
    }),
    RUNS,
  );
});

test('no island broken needlessly: one island when any trusted node allows it, a touched one before a whole one', () => {
  const single = fc.record({ gpusPerNode: fc.constantFrom(1, 2) }).map((one) => request(one));
  fc.assert(
    fc.property(variedFleet(6), single, (fleet, asked) => {
      const decision = decide(new FleetState(fleet), asked);
      if (!decision) return;
      const [chosen] = nodesOf(fleet, decision);
      const healthy = (node: NodeState, island: number) =>
        openDevices(node, 'm').filter((one) => one.island === island && one.health === 'ok');
      const allows = fittingNodes(fleet, { ...asked, topology: 'same_island' }).filter(
        (node) =>
          node.suspicionMilli === 0 && [0, 1].some((island) => healthy(node, island).length >= asked.gpusPerNode),
      );
      const { deviceIds } = decision.nodes[0]!;
      const used = new Set(chosen!.devices.filter((one) => deviceIds.includes(one.deviceId)).map((one) => one.island));
      if (allows.length > 0) expect(used.size).toBe(1);
      if (used.size > 1 || !allows.includes(chosen!)) return;
      const [island] = [...used];
      const tighter = [0, 1].filter(
        (other) =>
          healthy(chosen!, other).length >= asked.gpusPerNode &&
          healthy(chosen!, other).length < healthy(chosen!, island!).length,
      );
      expect(tighter).toEqual([]);
    }),
    RUNS,
  );
});

test('a suspected node is taken only when no trusted one will do', () => {
  fc.assert(
    fc.property(variedFleet(8), strictRequest, (fleet, { nodeCount: _, ...asked }) => {
      const one = { ...asked, nodeCount: 1 };
      const decision = decide(new FleetState(fleet), one);
      if (!decision) return;
      const trusted = fittingNodes(fleet, one).some((node) => node.suspicionMilli === 0);
      expect(nodesOf(fleet, decision)[0]!.suspicionMilli === 0).toBe(trusted);
    }),
    RUNS,
  );
});

test('slices pack: no whole device is cut while a shared healthy one on a trusted node can take it', () => {
  const slice = fc.record({ milli: fc.constantFrom(200, 500) }).map((one) => request(one));
  fc.assert(
    fc.property(variedFleet(8), slice, (fleet, asked) => {
      const decision = decide(new FleetState(fleet), asked);
      const shared = fittingNodes(fleet, asked)
        .filter((node) => node.suspicionMilli === 0)
        .flatMap((node) => openDevices(node, 'm', asked.milli))
        .filter((one) => one.freeMilli! < 1000 && one.health === 'ok');
      if (shared.length === 0 || !decision) return;
      const chosen = nodesOf(fleet, decision)[0]!.devices.find(
        (one) => one.deviceId === decision.nodes[0]!.deviceIds[0],
      );
      expect(chosen!.freeMilli).toBe(Math.min(...shared.map((one) => one.freeMilli!)));
    }),
    RUNS,
  );
});

test('spread is as even as it can be', () => {
  const spread = fc
    .record({ nodeCount: fc.integer({ min: 2, max: 4 }), level: fc.constantFrom('rack', 'leaf', 'spine') })
    .map(({ nodeCount, level }) =>
      request({ nodeCount, topology: 'spread', spread: { level: level as 'rack', mostPerDomain: nodeCount } }),
    );
  fc.assert(
    fc.property(variedFleet(8), spread, (fleet, asked) => {
      const decision = decide(new FleetState(fleet), asked);
      if (!decision) return;
      const { level } = asked.spread!;
      const domains = nodesOf(fleet, decision).map((node) => domainOf(node, level));
      const most = Math.max(...domains.map((one) => domains.filter((other) => other === one).length));
      for (let fewer = 1; fewer < most; fewer += 1) {
        expect(bestPossible(fleet, { ...asked, spread: { level, mostPerDomain: fewer } })).toBeNull();
      }
    }),
    RUNS,
  );
});

test('what an explanation says would fit does fit, whatever the conditions', () => {
  const plain = ({ change: _, ...changed }: { change: string }) => changed;
  fc.assert(
    fc.property(variedFleet(8), strictRequest, (fleet, asked) => {
      const answer = place(new FleetState(fleet), asked);
      if (answer.placed) return;
      for (const one of answer.wouldFit) {
        if (one.change === 'without') continue;
        expect(bestPossible(fleet, { ...asked, ...plain(one) })).not.toBeNull();
      }
      const freed = fleet.map((node) => ({
        ...node,
        available: true,
        held: {},
        devices: node.devices.map((one) => ({ ...one, freeMilli: 1000, health: 'ok' as const })),
      }));
      if (answer.binding === 'too_large') expect(bestPossible(freed, asked)).toBeNull();
      if (answer.binding === 'capacity' || answer.binding === 'node_size')
        expect(bestPossible(freed, asked)).not.toBeNull();
      expect(answer.reason.en).toMatch(/^No capacity for /);
      expect(answer.reason.zh).toMatch(/暂无容量/);
    }),
    RUNS,
  );
});
