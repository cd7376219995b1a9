import fc from 'fast-check';
import type { NodeRoom, TaskShape } from '../../src/fragmentation/node-room';
import type { TraceNode } from '../../src/replay/trace';

const MODELS = ['A', 'B', 'C'];

/** Untouched nodes of a small fleet, some without accelerators, some poor in vCPU or memory. */
export const anyFleet = fc
  .array(
    fc.record({
      model: fc.constantFrom(...MODELS),
      cpuMilli: fc.constantFrom(4_000, 8_000, 16_000, 64_000),
      memoryMib: fc.constantFrom(16_384, 65_536),
      devices: fc.constantFrom(0, 1, 2, 4, 8),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((nodes): TraceNode[] =>
    nodes.map(({ devices, ...rest }, at) => ({
      name: `n${at}`,
      capacity: { ...rest, deviceMilli: new Array<number>(devices).fill(1_000) },
    })),
  );

/** A node in any state. */
export const anyNode: fc.Arbitrary<NodeRoom> = fc.record({
  model: fc.constantFrom(...MODELS),
  cpuMilli: fc.nat({ max: 32_000 }),
  memoryMib: fc.nat({ max: 65_536 }),
  deviceMilli: fc.array(fc.constantFrom(0, 90, 190, 350, 530, 680, 990, 1_000), { maxLength: 8 }),
});

const models = fc.option(fc.subarray(MODELS, { minLength: 1 }), { nil: null });
const devices = fc.oneof(
  fc.constant({ deviceCount: 0, deviceMilli: 0, models: null }),
  fc.record({ deviceCount: fc.constant(1), deviceMilli: fc.constantFrom(10, 190, 320, 470, 650, 810, 990), models }),
  fc.record({ deviceCount: fc.constantFrom(1, 2, 4, 8), deviceMilli: fc.constant(1_000), models }),
);

export const anyTask: fc.Arbitrary<TaskShape> = fc
  .tuple(fc.constantFrom(0, 1_000, 4_000, 11_000, 30_000), fc.constantFrom(0, 4_096, 30_000), devices)
  .map(([cpuMilli, memoryMib, rest]) => ({ cpuMilli, memoryMib, ...rest }));
