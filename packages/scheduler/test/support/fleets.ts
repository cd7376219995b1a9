import fc from 'fast-check';
import type { DeviceHealth, DeviceState, NodeState, PlacementRequest } from '../../src/types';

export interface NodeShape {
  zone: number;
  spine: number;
  leaf: number;
  rack: number;
  /** Per device: free?, health. */
  devices: { free: boolean; health: DeviceHealth }[];
  perIsland: number;
  available: boolean;
}

/** A node called n<i> (two digits) in region r, unless told otherwise. */
export function node(i: number, shape: Partial<NodeShape> = {}, over: Partial<NodeState> = {}): NodeState {
  const name = `n${String(i).padStart(3, '0')}`;
  const devices = shape.devices ?? Array.from({ length: 8 }, () => ({ free: true, health: 'ok' as const }));
  return {
    nodeId: `node_${name}`,
    name,
    regionId: 'r',
    zoneId: `z${shape.zone ?? 0}`,
    spine: `s${shape.spine ?? 0}`,
    leaf: `l${shape.leaf ?? 0}`,
    rack: `k${shape.rack ?? 0}`,
    available: shape.available ?? true,
    devices: devices.map(
      (device, index): DeviceState => ({
        deviceId: `dev_${name}_${index}`,
        index,
        modelId: 'm',
        island: Math.floor(index / (shape.perIsland ?? 8)),
        ...device,
      }),
    ),
    ...over,
  };
}

/** A node of `size` devices of which `free` (the first ones) are free. */
export function partly(i: number, size: number, free: number, shape: Partial<NodeShape> = {}): NodeState {
  const devices = Array.from({ length: size }, (_, at) => ({ free: at < free, health: 'ok' as const }));
  return node(i, { ...shape, devices });
}

export function request(over: Partial<PlacementRequest> = {}): PlacementRequest {
  return {
    requestId: 'q',
    regionId: 'r',
    modelId: 'm',
    nodeCount: 1,
    gpusPerNode: 1,
    topology: 'any',
    excludedNodeIds: [],
    ...over,
  };
}

const health = fc.oneof(
  { weight: 8, arbitrary: fc.constant<DeviceHealth>('ok') },
  { weight: 1, arbitrary: fc.constantFrom<DeviceHealth>('degraded', 'failed', 'unknown') },
);
const shape: fc.Arbitrary<NodeShape> = fc.record({
  zone: fc.integer({ min: 0, max: 1 }),
  spine: fc.integer({ min: 0, max: 1 }),
  leaf: fc.integer({ min: 0, max: 2 }),
  rack: fc.integer({ min: 0, max: 1 }),
  devices: fc.array(fc.record({ free: fc.boolean(), health }), { minLength: 4, maxLength: 4 }),
  perIsland: fc.constantFrom(2, 4),
  available: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});

/** Small fleets (up to `max` nodes of 4 devices) that a brute force can exhaust. */
export function smallFleet(max: number): fc.Arbitrary<NodeState[]> {
  return fc.array(shape, { minLength: 1, maxLength: max }).map((shapes) => shapes.map((one, i) => node(i, one)));
}

/** Fleets of untouched 4-device nodes over a bushy topology, for gangs. */
export function bushyFleet(max: number): fc.Arbitrary<NodeState[]> {
  const whole = fc.record({
    zone: fc.integer({ min: 0, max: 1 }),
    spine: fc.integer({ min: 0, max: 3 }),
    leaf: fc.integer({ min: 0, max: 3 }),
    rack: fc.integer({ min: 0, max: 2 }),
  });
  return fc
    .array(whole, { minLength: 1, maxLength: max })
    .map((shapes) => shapes.map((one, i) => partly(i, 4, 4, one)));
}

export const anyRequest: fc.Arbitrary<PlacementRequest> = fc
  .record({
    nodeCount: fc.integer({ min: 1, max: 5 }),
    gpusPerNode: fc.constantFrom(1, 2, 3, 4),
    topology: fc.constantFrom('any' as const, 'same_spine' as const, 'same_leaf' as const),
  })
  .map(request);
