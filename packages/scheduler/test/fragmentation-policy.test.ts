import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import type { NodeRoom } from '../src/fragmentation/node-room';
import { WasteModel } from '../src/fragmentation/waste';
import { place } from '../src/place';
import { fragmentationPolicy, mixOfRequests, shapeOfRequest } from '../src/placement/fragmentation-policy';
import { bestFit } from '../src/policy';
import type { NodeState, PlacementRequest } from '../src/types';
import { anyRequest, node, request, smallFleet } from './support/fleets';

const withCpu = (i: number, size: number, free: number, vcpuMilli: number): NodeState => ({
  ...node(i, { devices: Array.from({ length: size }, (_, at) => ({ free: at < free, health: 'ok' as const })) }),
  resources: { vcpuMilli, memoryBytes: 2 ** 40 },
});
const asking = (over: Partial<PlacementRequest>, vcpuMilli: number) =>
  request({ ...over, resources: { vcpuMilli, memoryBytes: 2 ** 30 } });

function chosen(fleet: NodeState[], asked: PlacementRequest, mix: PlacementRequest[]): string {
  const answer = place(new FleetState(fleet), asked, fragmentationPolicy(mixOfRequests(mix)));
  if (!answer.placed) throw new Error(answer.reason.en);
  return answer.nodes[0]!.nodeId.replace('node_', '');
}

test('work that needs much vCPU goes where its devices leave vCPU over, not where the node is fullest', () => {
  const fleet = [withCpu(0, 8, 4, 48_000), withCpu(1, 8, 8, 512_000)];
  const mix = [asking({}, 12_000)];
  expect(chosen(fleet, asking({ gpusPerNode: 1 }, 12_000), mix)).toBe('n000');
  expect(chosen(fleet, asking({ gpusPerNode: 1 }, 40_000), mix)).toBe('n001');
});

test('a slice goes to the device that it leaves useful, not to the one that it fills tightest', () => {
  const shared = (i: number, freeMilli: number): NodeState => {
    const one = node(i, { devices: [{ free: false, health: 'ok' as const }] });
    return { ...one, devices: one.devices.map((device) => ({ ...device, freeMilli })) };
  };
  const fleet = [shared(0, 530), shared(1, 680)];
  const slices = (...sizes: number[]) => sizes.map((milli) => request({ gpusPerNode: 1, milli }));
  expect(chosen(fleet, request({ gpusPerNode: 1, milli: 320 }), slices(470, 470, 470, 320))).toBe('n001');
  const tightest = place(new FleetState(fleet), request({ gpusPerNode: 1, milli: 320 }), bestFit);
  expect(tightest).toMatchObject({ placed: true, nodes: [{ nodeId: 'node_n000' }] });
});

test('it places exactly what best fit places', () => {
  fc.assert(
    fc.property(smallFleet(8), anyRequest, (fleet, asked) => {
      const state = new FleetState(fleet);
      const policy = fragmentationPolicy(mixOfRequests([asked, request({ gpusPerNode: 2 })]));
      expect(place(state, asked, policy).placed).toBe(place(state, asked, bestFit).placed);
    }),
    { numRuns: 400 },
  );
});

/** Free shares of a node by brute force; devices and nodes of these fleets are all healthy and trusted. */
const roomOf = (one: NodeState, cpuMilli: number): NodeRoom => ({
  model: one.devices[0]!.modelId,
  cpuMilli,
  memoryMib: 0,
  deviceMilli: one.devices.map((device) => device.freeMilli ?? (device.free ? 1_000 : 0)),
});

const anyDevices = fc.array(fc.constantFrom(0, 190, 350, 530, 1_000), { minLength: 1, maxLength: 6 });
const anyFleet = fc.array(fc.tuple(anyDevices, fc.constantFrom(8_000, 20_000, 64_000)), { minLength: 1, maxLength: 5 });

test('the node of a decision is one by which waste grows least, worked out anew from the nodes', () => {
  fc.assert(
    fc.property(
      anyFleet,
      fc.constantFrom(190, 350, 1_000, 2_000),
      fc.constantFrom(0, 4_000, 12_000),
      (made, size, cpu) => {
        const fleet = made.map(([shares, vcpuMilli], i): NodeState => {
          const one = node(i, { devices: shares.map((share) => ({ free: share === 1_000, health: 'ok' as const })) });
          const devices = one.devices.map((device, at) => ({ ...device, freeMilli: shares[at]! }));
          return { ...one, devices, resources: { vcpuMilli, memoryBytes: 2 ** 40 } };
        });
        const whole = { gpusPerNode: size / 1_000 };
        const asked = asking(size < 1_000 ? { gpusPerNode: 1, milli: size } : whole, cpu);
        const mix = mixOfRequests([
          asked,
          asking({ gpusPerNode: 1, milli: 470 }, 4_000),
          asking({ gpusPerNode: 1 }, 12_000),
        ]);
        const state = new FleetState(fleet);
        const answer = place(state, asked, fragmentationPolicy(mix));
        if (!answer.placed) return;
        const waste = new WasteModel(mix);
        const { deviceMilli, cpuMilli } = shapeOfRequest(asked);
        const growths = fleet.flatMap((one, i) => {
          const before = roomOf(one, made[i]![1]);
          if (before.cpuMilli < cpuMilli) return [];
          return waysToTake(before.deviceMilli, asked.gpusPerNode, deviceMilli).map((left) => ({
            nodeId: one.nodeId,
            growth: waste.growth(before, { ...before, cpuMilli: before.cpuMilli - cpuMilli, deviceMilli: left }),
          }));
        });
        const least = Math.min(...growths.map(({ growth }) => growth));
        const ofChosen = growths.filter(({ nodeId }) => nodeId === answer.nodes[0]!.nodeId).map(({ growth }) => growth);
        expect(Math.min(...ofChosen)).toBeLessThanOrEqual(least + 1e-3);
      },
    ),
    { numRuns: 400 },
  );
});

/** What is left of the shares after each way to take `milli` from one of them, or all of `count` whole ones. */
function waysToTake(shares: readonly number[], count: number, milli: number): number[][] {
  if (milli < 1_000) {
    return shares.flatMap((share, at) =>
      share < milli ? [] : [shares.map((one, i) => (i === at ? one - milli : one))],
    );
  }
  if (shares.filter((share) => share === 1_000).length < count) return [];
  let missing = count;
  return [
    shares.map((share) => {
      if (share !== 1_000 || missing === 0) return share;
      missing -= 1;
      return 0;
    }),
  ];
}
