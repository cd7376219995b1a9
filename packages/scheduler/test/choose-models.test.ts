import { ACCELERATOR_MODELS } from '@suanxiang/domain/accelerators';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetState } from '../src/fleet-state';
import { decide } from '../src/placement/decide';
import { type AcceleratorSelector, chooseModels, type Market, requestFor } from '../src/request/choose-models';
import { node, request } from './support/fleets';

const GIB = 2 ** 30;
const market: Market = {
  priceMicros: new Map([
    ['nvidia-h100-80g', 20_000_000n],
    ['nvidia-a100-80g', 9_000_000n],
    ['nvidia-h20-96g', 8_000_000n],
    ['ascend-910b3-64g', 6_000_000n],
    ['cambricon-mlu590-80g', 5_000_000n],
  ]),
  throughput: new Map([
    ['nvidia-h100-80g', 3_000],
    ['nvidia-a100-80g', 1_000],
    ['nvidia-h20-96g', 600],
    ['ascend-910b3-64g', 800],
  ]),
};
const ids = (selector: AcceleratorSelector, sold = market) =>
  chooseModels(selector, sold).ranked.map((one) => one.modelId);
const whyNot = (selector: AcceleratorSelector) =>
  new Map(chooseModels(selector, market).leftOut.map((one) => [one.modelId, one.reason.code]));

test('models are ranked by price for throughput; unknown speed comes last', () => {
  expect(ids({})).toEqual([
    'nvidia-h100-80g',
    'ascend-910b3-64g',
    'nvidia-a100-80g',
    'nvidia-h20-96g',
    'cambricon-mlu590-80g',
  ]);
});

test('nothing slower than asked, and what nobody knows does not count as fast enough', () => {
  expect(ids({ notSlowerThan: 'nvidia-a100-80g' })).toEqual(['nvidia-h100-80g', 'nvidia-a100-80g']);
  const reasons = whyNot({ notSlowerThan: 'nvidia-a100-80g' });
  expect(reasons.get('ascend-910b3-64g')).toBe('model.slower');
  expect(reasons.get('cambricon-mlu590-80g')).toBe('model.speed_unknown');
  expect(() => chooseModels({ notSlowerThan: 'cambricon-mlu590-80g' }, market)).toThrow(/nobody knows/);
  expect(whyNot({ bf16TflopsMin: 100 }).get('cambricon-mlu590-80g')).toBe('model.bf16_unknown');
});

test('each condition leaves out what does not meet it, with the reason', () => {
  expect(ids({ memoryBytesMin: 90 * GIB })).toEqual(['nvidia-h20-96g']);
  expect(ids({ vendors: ['ascend', 'cambricon'] })).toEqual(['ascend-910b3-64g', 'cambricon-mlu590-80g']);
  expect(ids({ bf16TflopsMin: 300, interconnectGbSMin: 700 })).toEqual(['nvidia-h100-80g']);
  expect(ids({ interconnects: ['HCCS', 'NVLink 3'] })).toEqual(['ascend-910b3-64g', 'nvidia-a100-80g']);
  expect(ids({ stacks: ['npu'] })).toEqual(['ascend-910b3-64g']);
  expect(ids({ stacks: ['NCCL'], models: ['nvidia-h20-96g'] })).toEqual(['nvidia-h20-96g']);
  expect(whyNot({ models: ['nvidia-h20-96g'] }).get('nvidia-h100-80g')).toBe('model.not_named');
  expect(whyNot({ memoryBytesMin: 90 * GIB }).get('nvidia-h100-80g')).toBe('model.memory');
});

test('without measurements the dense bf16 rate stands in', () => {
  const priceMicros = new Map<string, bigint>([...market.priceMicros, ['nvidia-h100-80g', 21_000_000n]]);
  // 294, 989, 312 and 148 TFLOP/s; 910B3 at 6 for 294 is cheaper than H100 at 21 for 989.
  const bare = { priceMicros, throughput: new Map<string, number>() };
  expect(ids({}, bare)).toEqual([
    'ascend-910b3-64g',
    'nvidia-h100-80g',
    'nvidia-a100-80g',
    'nvidia-h20-96g',
    'cambricon-mlu590-80g',
  ]);
  expect(() => chooseModels({}, { ...market, throughput: new Map([['x', 0.5]]) })).toThrow(/throughput of x/);
});

test('the ranking is exact, and the cheapest for its work among all that satisfy the need', () => {
  const price = fc.bigInt({ min: 1n, max: 10n ** 15n });
  const entry = fc.tuple(fc.constantFrom(...ACCELERATOR_MODELS.map((one) => one.id)), price, fc.integer({ min: 1 }));
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1 }), (entries) => {
      const priceMicros = new Map(entries.map(([id, micros]) => [id, micros]));
      const throughput = new Map(entries.map(([id, , work]) => [id, work]));
      const { ranked, leftOut } = chooseModels({}, { priceMicros, throughput });
      expect(leftOut).toEqual([]);
      expect(new Set(ranked.map((one) => one.modelId))).toEqual(new Set(priceMicros.keys()));
      for (const [i, one] of ranked.slice(1).entries()) {
        const before = ranked[i]!;
        expect(before.priceMicros * BigInt(one.throughput!) <= one.priceMicros * BigInt(before.throughput!)).toBe(true);
      }
    }),
  );
});

test('a need becomes a request that takes the best model with room', () => {
  const of = (i: number, modelId: string, free: boolean) => {
    const made = node(i);
    return { ...made, devices: made.devices.map((one) => ({ ...one, modelId, free })) };
  };
  const { modelId: _, ...rest } = request({ gpusPerNode: 4 });
  const asked = requestFor(rest, chooseModels({ stacks: ['cuda', 'npu'] }, market).ranked);
  const fleet = [of(0, 'nvidia-h100-80g', false), of(1, 'nvidia-a100-80g', true), of(2, 'ascend-910b3-64g', true)];
  expect(decide(new FleetState(fleet), asked)?.modelId).toBe('ascend-910b3-64g');
  expect(() => requestFor(rest, [])).toThrow(RangeError);
  expect(requestFor(rest, chooseModels({ stacks: ['npu'] }, market).ranked)).not.toHaveProperty('alternatives');
});
