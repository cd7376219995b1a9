import { FleetState } from '@suanxiang/scheduler/fleet-state';
import { decide } from '@suanxiang/scheduler/placement/decide';
import type { EntryPolicy } from '@suanxiang/scheduler/policy';
import type { FleetView } from '@suanxiang/scheduler/state/fleet-view';
import type { PlacedNode } from '@suanxiang/scheduler/types';
import { type Figure, Timer } from './figures';
import { BusyFleet, benchNodes, benchRequest, someRequest } from './fleet';

const [LOW, HIGH] = [0.85, 0.93];

/** Decisions for one node while the fleet moves between 85 and 93 %. */
export function singleDecisions(): Figure[] {
  const fleet = new BusyFleet(1);
  fleet.settle(LOW, HIGH);
  const timer = new Timer();
  while (timer.wallUs.length < 200_000) {
    if (fleet.fullness > HIGH) while (fleet.fullness > LOW) fleet.releaseSome();
    const request = someRequest(fleet.random);
    const act = () => decide(fleet.state, request);
    const decision = request.nodeCount === 1 ? timer.time(act) : act();
    if (decision) fleet.hold(decision);
    else fleet.releaseSome();
  }
  return timer.figures('single node, 1 to 8 devices with vCPU and memory', { p50: 10, p99: 200 });
}

/** Fewest leaves of one zone that have `need` whole nodes, counted anew from the nodes. */
function fewestLeaves(state: FleetView, need: number): number {
  const zones = new Map<string, Map<string, number>>();
  for (let entry = 0; entry < state.count; entry += 1) {
    if (!state.isWhole(entry)) continue;
    const { zoneId, spine, leaf } = state.nodeOf(entry);
    const leaves = zones.get(zoneId) ?? new Map<string, number>();
    zones.set(zoneId, leaves.set(`${spine}/${leaf}`, (leaves.get(`${spine}/${leaf}`) ?? 0) + 1));
  }
  let fewest = Number.POSITIVE_INFINITY;
  for (const leaves of zones.values()) {
    let [missing, count] = [need, 0];
    for (const nodes of [...leaves.values()].sort((a, b) => b - a)) {
      if (missing <= 0) break;
      missing -= nodes;
      count += 1;
    }
    if (missing <= 0) fewest = Math.min(fewest, count);
  }
  return fewest;
}

/**
 * The same with everything that makes it hard: labels on all nodes and taints on some, slices among the requests, vCPU so
 * short that much of what is free cannot be used.
 */
export function conditionedDecisions(): Figure[] {
  const nodes = benchNodes().map((node, i) => ({
    ...node,
    resources: { vcpuMilli: i % 3 === 0 ? 96_000 : 192_000, memoryBytes: 2 ** 41 },
    labels: { generation: `g${i % 5}`, pool: i % 2 === 0 ? 'even' : 'odd' },
    taints: i % 50 === 0 ? [{ key: 'repair', value: 'soon' }] : [],
  }));
  const fleet = new BusyFleet(5, nodes);
  const timers = { whole: new Timer(), slice: new Timer() };
  const requestOf = () => {
    const dice = fleet.random();
    if (dice < 0.2) return benchRequest({ milli: 100 + Math.floor(fleet.random() * 8) * 100 });
    const request = someRequest(fleet.random);
    if (dice < 0.4) request.labelRules = [{ key: 'generation', op: 'in', values: ['g1', 'g2', 'g3'] }];
    if (dice > 0.9) request.tolerations = [{ key: 'repair' }];
    return request;
  };
  fleet.settle(LOW, HIGH, requestOf);
  while (timers.whole.wallUs.length < 100_000) {
    if (fleet.fullness > HIGH) while (fleet.fullness > LOW) fleet.releaseSome();
    const request = requestOf();
    const act = () => decide(fleet.state, request);
    const timer = timers[request.milli === undefined ? 'whole' : 'slice'];
    const decision = request.nodeCount === 1 ? timer.time(act) : act();
    if (decision) fleet.hold(decision);
    else fleet.releaseSome();
  }
  return [
    ...timers.whole.figures('single node among labels, taints and little vCPU', { p99: 200 }),
    ...timers.slice.figures('slice of one device there', { p99: 200 }),
  ];
}

/** Gangs of 64 whole nodes where one node in ten is whole, anywhere: about three below each leaf. */
export function scatteredGangs(): Figure[] {
  const fleet = new BusyFleet(6);
  for (const { nodeId, devices } of benchNodes()) {
    const busy = fleet.random() < 0.9;
    if (busy) fleet.state.hold([{ rank: 0, nodeId, deviceIds: devices.map((device) => device.deviceId) }]);
  }
  const timer = new Timer(500);
  let [leaves, fewest] = [0, 0];
  for (let i = 0; i < 3_500; i += 1) {
    const request = benchRequest({ nodeCount: 64, gpusPerNode: 8 });
    const decision = timer.time(() => decide(fleet.state, request))!;
    if (i % 100 === 0) {
      leaves += decision.spans.leaves;
      fewest += fewestLeaves(fleet.state, 64);
    }
    // Some nodes fall free, others are taken, so that no two decisions are the same.
    for (const gang of fleet.running.splice(0)) fleet.state.release(gang.nodes);
    for (let taken = 0; taken < 40; taken += 1) {
      const other = decide(fleet.state, benchRequest({ gpusPerNode: 8, topology: 'any' }), ANYWHERE(fleet.random));
      if (other) fleet.hold(other);
    }
  }
  return [
    ...timer.figures('gang of 64 x 8 from scattered nodes', { p99: 1_000 }),
    {
      what: 'leaves of such gangs against the fewest possible',
      value: leaves / fewest,
      unit: 'x',
      goal: { below: 1.1 },
    },
    { what: 'leaves of such a gang, mean', value: leaves / 35, unit: '', goal: null },
  ];
}

/** A policy that does not care. */
const ANYWHERE = (random: () => number): EntryPolicy => ({ name: 'anywhere', score: () => random() });

/** Gangs of 64 whole nodes in the same fleet, each against the fewest leaves there are for it. */
export function gangDecisions(): Figure[] {
  const fleet = new BusyFleet(2);
  fleet.settle(LOW, HIGH);
  const timer = new Timer(500);
  let [leaves, fewest, refused] = [0, 0, 0];
  for (let i = 0; i < 3_500; i += 1) {
    if (fleet.fullness > HIGH) while (fleet.fullness > LOW) fleet.releaseSome();
    const request = benchRequest({ nodeCount: 64, gpusPerNode: 8 });
    const decision = timer.time(() => decide(fleet.state, request));
    if (decision) {
      leaves += decision.spans.leaves;
      fewest += fewestLeaves(fleet.state, 64);
    } else refused += 1;
    for (let work = 0; work < 20; work += 1) {
      const other = decide(fleet.state, someRequest(fleet.random));
      if (other) fleet.hold(other);
    }
  }
  return [
    ...timer.figures('gang of 64 x 8', { p99: 1_000 }),
    {
      what: 'leaves of such gangs against the fewest possible',
      value: leaves / fewest,
      unit: 'x',
      goal: { below: 1.1 },
    },
    { what: 'leaves of such a gang, mean', value: leaves / (3_500 - refused), unit: '', goal: null },
    { what: 'such gangs that did not fit', value: refused, unit: '', goal: null },
  ];
}

/** Placements and releases one after the other, for as long as it takes. */
export function sustained(): Figure[] {
  const fleet = new BusyFleet(3);
  fleet.settle(LOW, HIGH);
  const count = 200_000;
  const cpu = process.cpuUsage();
  const fromMs = performance.now();
  for (let placed = 0; placed < count; ) {
    if (fleet.fullness > HIGH) while (fleet.fullness > LOW) fleet.releaseSome();
    const decision = decide(fleet.state, someRequest(fleet.random));
    if (decision) {
      fleet.hold(decision);
      placed += 1;
    } else fleet.releaseSome();
  }
  const perSecond = count / ((performance.now() - fromMs) / 1_000);
  const { user, system } = process.cpuUsage(cpu);
  const perCpuSecond = count / ((user + system) / 1e6);
  return [
    {
      what: 'placements with as many releases, processor time',
      value: perCpuSecond,
      unit: '/s',
      goal: { atLeast: 20_000 },
    },
    { what: '  by the clock', value: perSecond, unit: '/s', goal: null },
  ];
}

/** A state built from nothing, and 100,000 allocations of one device each taken into it. */
export function rebuild(): Figure[] {
  const nodes = benchNodes();
  const parts: PlacedNode[] = nodes.flatMap((node) =>
    node.devices.map((device) => ({ rank: 0, nodeId: node.nodeId, deviceIds: [device.deviceId] })),
  );
  const timer = new Timer();
  for (let i = 0; i < 7; i += 1) {
    timer.time(() => {
      const state = new FleetState(nodes);
      for (const part of parts) state.hold([part]);
      if (state.pools[0]!.buckets.length > 0) throw new Error('something is free in a full fleet');
    });
  }
  const medianMs = (times: number[]) => times.sort((a, b) => a - b)[3]! / 1_000;
  const what = `${parts.length} devices on ${nodes.length} nodes with as many allocations`;
  return [
    { what: `${what}, processor time`, value: medianMs(timer.cpuUs), unit: 'ms', goal: { below: 1_000 } },
    { what: '  by the clock', value: medianMs(timer.wallUs), unit: 'ms', goal: null },
  ];
}

/** Memory of a process that holds the nodes as told, a busy state and its running decisions. */
export function memory(): Figure[] {
  const before = process.memoryUsage();
  const fleet = new BusyFleet(4);
  fleet.settle(LOW, HIGH);
  globalThis.gc?.();
  const after = process.memoryUsage();
  const mb = (bytes: number) => bytes / 1e6;
  const live = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  if (fleet.fullness < LOW / 2) throw new Error('the fleet emptied itself');
  return [
    { what: 'nodes as told, state, running decisions', value: mb(live), unit: 'MB', goal: null },
    { what: 'whole process, tools included (resident)', value: mb(after.rss), unit: 'MB', goal: { below: 300 } },
  ];
}
