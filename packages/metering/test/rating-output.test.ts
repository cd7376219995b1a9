import { encodeBlock, type SecondPpm } from '@suanxiang/domain/usage-block';
import { blockDigest, sha256Hex } from '@suanxiang/domain/usage-digest';
import {
  blocksDigest,
  canonicalJson,
  digestOf,
  hourDigest,
  outputDigest,
  priceDigest,
  termsDigest,
  usageDigest,
} from '@suanxiang/metering/rating/canonical';
import { correctionsOf } from '@suanxiang/metering/rating/corrections';
import { MergedSeconds } from '@suanxiang/metering/rating/merged-seconds';
import { ratePeriod } from '@suanxiang/metering/rating/rate';
import type { AllocationTerm, PriceRow } from '@suanxiang/metering/rating/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const MONTH = { fromS: 1_790_812_800, toS: 1_793_491_200 };
const term = (fields: Partial<AllocationTerm> = {}): AllocationTerm => ({
  id: 'alloc_1',
  sku: 'g',
  gpusNum: 8n,
  gpusDen: 1n,
  startS: MONTH.fromS,
  endS: null,
  mode: 'utilization',
  floorPpm: 0,
  gapPolicy: 'zero',
  holdSeconds: 0,
  undelivered: [],
  ...fields,
});
const row = (fromS: number, microPerGpuHour: bigint): PriceRow => ({
  sku: 'g',
  fromS,
  publishedS: null,
  pricing: { model: 'flat', microPerGpuHour },
  minSeconds: 0,
});

describe('a line', () => {
  test('tells what was leased, measured, billed and not delivered, by segment', () => {
    const { fromS } = MONTH;
    const usage = new MergedSeconds();
    usage.addRun(fromS, 50, 1, 500_000, 0);
    usage.addRun(fromS + 60, 40, 1, 0, 0);
    const undelivered = [
      { fromS: fromS + 10, toS: fromS + 20, reason: 'host_lost' },
      { fromS: fromS + 15, toS: fromS + 25, reason: 'maintenance' },
    ];
    const allocations = [term({ endS: fromS + 100, undelivered })];
    const prices = [row(fromS + 5, 36_000_000n), row(fromS + 40, 72_000_000n)];
    const rated = ratePeriod({ period: MONTH, exponent: 2, prices, allocations, usage: new Map([['alloc_1', usage]]) });
    expect(rated.lines).toHaveLength(1);
    expect(rated.lines[0]).toMatchObject({
      key: 'usage:alloc_1',
      leasedSeconds: 100,
      billedSeconds: 35,
      measuredSeconds: 75,
      unpricedSeconds: 5,
      undeliveredSeconds: 15,
      undelivered: [
        { fromS: fromS + 10, toS: fromS + 20, reason: 'host_lost' },
        { fromS: fromS + 20, toS: fromS + 25, reason: 'maintenance' },
      ],
      exact: { num: 160n, den: 1n },
      amountMinor: 160n,
    });
    const shown = rated.lines[0]!.segments.map((s) => [s.fromS - fromS, s.toS - fromS, s.microPerGpuHour, s.exact.num]);
    expect(shown).toEqual([
      [0, 5, null, 0n],
      [5, 10, 36_000_000n, 20n],
      [25, 40, 36_000_000n, 60n],
      [40, 100, 72_000_000n, 80n],
    ]);
  });

  test('a running lease is rated up to now for a draft', () => {
    const untilS = MONTH.fromS + 10;
    const allocations = [term({ mode: 'allocated' })];
    const input = { period: MONTH, exponent: 2, prices: [row(0, 36_000_000n)], allocations, usage: new Map(), untilS };
    expect(ratePeriod(input).subtotalMinor).toBe(80n);
  });
});

test('corrections compare everything billed with everything rated, and give back what is no longer rated', () => {
  const rated = ratePeriod({
    period: MONTH,
    exponent: 2,
    prices: [row(0, 36_000_000n)],
    allocations: ['a', 'b', 'c'].map((id) => term({ id, mode: 'allocated', endS: MONTH.fromS + 10 })),
    usage: new Map(),
  });
  const billed = new Map([
    ['usage:a', 80n],
    ['usage:b', 81n],
    ['usage:gone', 5n],
  ]);
  expect(correctionsOf(billed, rated.lines)).toEqual([
    { key: 'usage:b', deltaMinor: -1n },
    { key: 'usage:c', deltaMinor: 80n },
    { key: 'usage:gone', deltaMinor: -5n },
  ]);
});

describe('usage blocks', () => {
  const ppm = fc.option(
    fc.integer({ min: 0, max: 10_000 }).map((steps) => steps * 100),
    { nil: null },
  );
  const block = fc.record({
    minute: fc.integer({ min: 0, max: 3 }),
    rev: fc.integer({ min: 0, max: 2 }),
    values: fc.array(ppm, { minLength: 60, maxLength: 60 }),
  });

  test('merge second by second as samples do, in any order', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (blocks, keys) => {
        const [one, two, samples] = [new MergedSeconds(), new MergedSeconds(), new MergedSeconds()];
        const add = (
          store: MergedSeconds,
          { minute, rev, values }: { minute: number; rev: number; values: SecondPpm[] },
        ) => store.addBlock(MONTH.fromS + minute * 60, rev, encodeBlock(values));
        for (const item of blocks) {
          add(one, item);
          item.values.forEach((value, second) => {
            if (value !== null) samples.addRun(MONTH.fromS + item.minute * 60 + second, 1, 1, value, item.rev);
          });
        }
        const shuffled = blocks.map((item) => ({ item, key: keys.next().value })).sort((a, b) => a.key - b.key);
        for (const { item } of [...shuffled, ...shuffled]) add(two, item);
        for (let second = MONTH.fromS; second < MONTH.fromS + 240; second += 1) {
          expect(one.at(second)).toBe(samples.at(second));
          expect(two.at(second)).toBe(samples.at(second));
        }
        const digests = [one, two, samples].map((store) => usageDigest(new Map([['a', store]])));
        expect(new Set(digests).size).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  test('a malformed block is refused', () => {
    const store = new MergedSeconds();
    expect(() => store.addBlock(MONTH.fromS + 1, 0, new Uint8Array(120))).toThrow(RangeError);
    expect(() => store.addBlock(MONTH.fromS, 0, new Uint8Array(119))).toThrow(RangeError);
    expect(() => store.addBlock(MONTH.fromS, 0, new Uint8Array(120).fill(0x7f))).toThrow(RangeError);
  });
});

describe('digests', () => {
  test('canonical JSON has one form per value and none for floats', () => {
    const value = { b: [1, -0, 'é\n', null, true], a: 2n ** 64n, r: { num: 3n, den: 4n }, gone: undefined };
    expect(canonicalJson(value)).toBe('{"a":"18446744073709551616","b":[1,0,"é\\n",null,true],"r":"3/4"}');
    for (const bad of [0.5, Number.NaN, 2 ** 53, undefined, () => 1, new Map(), new Date(0)]) {
      expect(() => canonicalJson({ bad: [bad] })).toThrow(TypeError);
    }
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
  });

  test('prices and terms are sets; a change of either changes its digest', () => {
    const rows = [row(0, 1n), row(5, 2n)];
    expect(priceDigest(rows.toReversed())).toBe(priceDigest(rows));
    expect(priceDigest([row(0, 1n), row(5, 3n)])).not.toBe(priceDigest(rows));
    const terms = (allocations: AllocationTerm[]) => termsDigest({ period: MONTH, exponent: 2, allocations });
    expect(terms([term(), term({ id: 'b' })])).toBe(terms([term({ id: 'b' }), term()]));
    expect(terms([term({ floorPpm: 1 })])).not.toBe(terms([term()]));
  });

  test('blocks are a set of contents', () => {
    const bytes = encodeBlock(Array.from({ length: 60 }, () => 100));
    const ref = (rev: number) => {
      const key = { allocationId: 'a', winStartS: 60, rev };
      return { ...key, digest: blockDigest(key, bytes) };
    };
    expect(blocksDigest([ref(0), ref(1), ref(0)])).toBe(blocksDigest([ref(1), ref(0)]));
    expect(blocksDigest([ref(0)])).not.toBe(blocksDigest([ref(1)]));
  });

  test('a line seals its blocks hour by hour, so that hours alone make its digest; older invoices sealed one list', () => {
    const bytes = encodeBlock(Array.from({ length: 60 }, () => 100));
    const refs = [0, 60, 3540, 3600, 360_000].map((winStartS) => {
      const key = { allocationId: 'a', winStartS, rev: 0 };
      return { ...key, digest: blockDigest(key, bytes) };
    });
    const hours = [refs.slice(0, 3), refs.slice(3, 4), refs.slice(4)].map(
      (own) => `a ${own[0]!.winStartS - (own[0]!.winStartS % 3600)} ${own.length} ${hourDigest(own)}`,
    );
    expect(blocksDigest(refs.toReversed())).toBe(sha256Hex(`blocks/2\n${hours.join('\n')}`));
    const list = refs.map((ref) => `a ${ref.winStartS} 0 ${ref.digest}`).sort();
    expect(blocksDigest(refs, 'rating/1')).toBe(sha256Hex(`blocks/1\n${list.join('\n')}`));
    expect(hourDigest(refs.slice(0, 1))).not.toBe(blocksDigest(refs.slice(0, 1)));
  });

  test('one changed sample changes the evidence digest, the amount and the output digest', () => {
    const second = fc.integer({ min: 0, max: 599 });
    const value = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 600, maxLength: 600 }), second, value, (values, at, changed) => {
        fc.pre(values[at] !== changed);
        const digests = [values, values.with(at, changed)].map((series) => {
          const store = new MergedSeconds();
          series.forEach((ppm, index) => {
            store.addRun(MONTH.fromS + index, 1, 1, ppm, 0);
          });
          const usage = new Map([['alloc_1', store]]);
          const rated = ratePeriod({ period: MONTH, exponent: 2, prices: [row(0, 7n)], allocations: [term()], usage });
          return [usageDigest(usage), outputDigest(rated), digestOf(rated.lines[0]!.exact)];
        });
        for (const index of [0, 1, 2]) expect(digests[0]![index]).not.toBe(digests[1]![index]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('size', () => {
  test('a month of 8 GPUs leased one by one, every second another value, counts every second', () => {
    const minutes = (MONTH.toS - MONTH.fromS) / 60;
    const blocks = Array.from({ length: 97 }, (_, seed) =>
      encodeBlock(Array.from({ length: 60 }, (_unused, second) => ((seed * 60 + second) % 10_000) * 100)),
    );
    const allocations = Array.from({ length: 8 }, (_, index) => term({ id: `alloc_${index}`, gpusNum: 1n }));
    const usage = new Map<string, MergedSeconds>();
    for (const { id } of allocations) {
      const store = new MergedSeconds(MONTH);
      for (let minute = 0; minute < minutes; minute += 1) {
        store.addBlock(MONTH.fromS + minute * 60, 0, blocks[minute % blocks.length]!);
      }
      usage.set(id, store);
    }
    const prices = Array.from({ length: 744 }, (_, hour) => row(MONTH.fromS + hour * 3600, 2_000_000n + BigInt(hour)));
    const rated = ratePeriod({ period: MONTH, exponent: 2, prices, allocations, usage });
    expect(rated.lines.map((line) => line.measuredSeconds)).toEqual(Array(8).fill(MONTH.toS - MONTH.fromS));
  });
});
