import fc from 'fast-check';
import type { DeviceHealth, LabelRule, NodeState, PlacementRequest } from '../../src/types';
import { node, request } from './fleets';

/** Fleets and requests that use everything the engine knows: shares, two models, labels, taints, vCPU, suspicion. */

const device = fc.record({
  freeMilli: fc.constantFrom(1000, 1000, 0, 0, 250, 600),
  health: fc.oneof(
    { weight: 8, arbitrary: fc.constant<DeviceHealth>('ok') },
    { weight: 2, arbitrary: fc.constantFrom<DeviceHealth>('degraded', 'failed') },
  ),
});
const shape = fc.record({
  zone: fc.integer({ min: 0, max: 1 }),
  spine: fc.integer({ min: 0, max: 1 }),
  leaf: fc.integer({ min: 0, max: 1 }),
  rack: fc.integer({ min: 0, max: 1 }),
  perIsland: fc.constantFrom(2, 4),
  available: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  devices: fc.array(device, { minLength: 4, maxLength: 4 }),
  models: fc.constantFrom(['m', 'm', 'm', 'm'], ['m', 'm', 'm', 'm'], ['x', 'x', 'x', 'x'], ['m', 'm', 'x', 'x']),
  label: fc.constantFrom(null, 'a', 'b'),
  tainted: fc.constantFrom(false, false, true),
  heldVcpuMilli: fc.constantFrom(0, 1_500, 2_300, 3_700),
  suspicionMilli: fc.constantFrom(0, 0, 0, 900),
});

/** Up to `max` nodes of 4 devices and 4 vCPU that a brute force can exhaust. */
export function variedFleet(max: number): fc.Arbitrary<NodeState[]> {
  return fc.array(shape, { minLength: 1, maxLength: max }).map((shapes) =>
    shapes.map(({ devices, models, label, tainted, heldVcpuMilli, suspicionMilli, ...rest }, i) => {
      const made = node(i, { ...rest, devices: devices.map((one) => ({ ...one, free: one.freeMilli === 1000 })) });
      return {
        ...made,
        devices: made.devices.map((one, at) => ({ ...one, modelId: models[at]! })),
        labels: label === null ? {} : { kind: label },
        taints: tainted ? [{ key: 'repair', value: 'yes' }] : [],
        resources: { vcpuMilli: 4_000 },
        held: { vcpuMilli: heldVcpuMilli },
        suspicionMilli,
      };
    }),
  );
}

const rule: fc.Arbitrary<LabelRule> = fc.oneof(
  fc.record({
    key: fc.constant('kind'),
    op: fc.constantFrom('in' as const, 'not_in' as const),
    values: fc.constantFrom(['a'], ['a', 'b']),
  }),
  fc.record({ key: fc.constant('kind'), op: fc.constantFrom('exists' as const, 'absent' as const) }),
);
const nodeIds = fc.subarray(['node_n000', 'node_n001', 'node_n002'], { minLength: 1, maxLength: 2 });

/** Each condition with a probability of about a third, so that most requests still fit somewhere. */
const conditions: fc.Arbitrary<Partial<PlacementRequest>> = fc.record(
  {
    labelRules: fc.array(rule, { maxLength: 1 }),
    tolerations: fc.constantFrom([], [{ key: 'repair' }], [{ key: 'repair', value: 'no' }]),
    resources: fc.constantFrom({ vcpuMilli: 300 }, { vcpuMilli: 1_600 }, { vcpuMilli: 2_450 }, { vcpuMilli: 4_000 }),
    zoneIds: fc.constantFrom(['z0'], ['z0', 'z1']),
    antiAffinity: fc.array(
      fc.record({
        level: fc.constantFrom('node' as const, 'rack' as const, 'leaf' as const, 'spine' as const),
        nodeIds,
      }),
      { maxLength: 1 },
    ),
    excludedNodeIds: nodeIds,
  },
  { requiredKeys: [] },
);
const size: fc.Arbitrary<Partial<PlacementRequest>> = fc.oneof(
  fc.record({ nodeCount: fc.integer({ min: 1, max: 4 }), gpusPerNode: fc.constantFrom(1, 2, 3, 4) }),
  fc.record({ nodeCount: fc.constantFrom(1, 1, 2), milli: fc.constantFrom(200, 500, 900) }),
);
const topology: fc.Arbitrary<Partial<PlacementRequest>> = fc.oneof(
  fc.record({
    topology: fc.constantFrom('any', 'any', 'any', 'same_spine', 'same_leaf', 'same_rack', 'same_island', 'spread'),
  }) as fc.Arbitrary<Partial<PlacementRequest>>,
  fc.record({
    topology: fc.constant('spread' as const),
    spread: fc.record({
      level: fc.constantFrom('rack' as const, 'leaf' as const, 'spine' as const),
      mostPerDomain: fc.integer({ min: 1, max: 2 }),
    }),
  }),
);

/** Requests with conditions, without wishes, alternatives and elasticity. */
export const strictRequest: fc.Arbitrary<PlacementRequest> = fc
  .tuple(size, topology, conditions, fc.boolean())
  .map(([one, where, what, bare]) => request({ ...one, ...where, ...(bare ? {} : what) }));
