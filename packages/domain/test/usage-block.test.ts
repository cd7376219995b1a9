import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_SECONDS, decodeBlock, encodeBlock, quantisePpm, summariseBlock } from '../src/usage-block';
import { blockDigest } from '../src/usage-digest';

const second = fc.option(
  fc.integer({ min: 0, max: 10_000 }).map((steps) => steps * 100),
  { nil: null },
);
const values = fc.array(second, { minLength: BLOCK_SECONDS, maxLength: BLOCK_SECONDS });
const key = { allocationId: 'alloc_1', winStartS: 1_790_000_040, rev: 0 };

describe('usage blocks', () => {
  it('come back as they were encoded', () => {
    fc.assert(
      fc.property(values, (list) => {
        expect(decodeBlock(encodeBlock(list))).toEqual(list);
      }),
    );
  });

  it('change their digest when any second, the window, the revision or the allocation changes', () => {
    fc.assert(
      fc.property(values, fc.nat(BLOCK_SECONDS - 1), (list, at) => {
        const changed = list.map((value, index) => (index === at ? (value === 0 ? 100 : 0) : value));
        const digest = blockDigest(key, encodeBlock(list));
        expect(blockDigest(key, encodeBlock(changed))).not.toBe(digest);
        expect(blockDigest({ ...key, rev: 1 }, encodeBlock(list))).not.toBe(digest);
        expect(blockDigest({ ...key, winStartS: key.winStartS + 60 }, encodeBlock(list))).not.toBe(digest);
        expect(blockDigest({ ...key, allocationId: 'alloc_2' }, encodeBlock(list))).not.toBe(digest);
      }),
    );
  });

  it('sum what they hold and count what was measured', () => {
    fc.assert(
      fc.property(values, (list) => {
        const present = list.filter((value) => value !== null);
        const sumPpm = present.reduce((total, value) => total + value, 0);
        expect(summariseBlock(list)).toEqual({ measuredSeconds: present.length, sumPpm });
      }),
    );
  });

  it('refuse wrong lengths and values out of range', () => {
    expect(() => encodeBlock([1, 2])).toThrow(RangeError);
    expect(() => encodeBlock(Array(60).fill(1_000_100))).toThrow(RangeError);
    expect(() => encodeBlock(Array(60).fill(50))).toThrow(RangeError);
    expect(() => decodeBlock(new Uint8Array(119))).toThrow(RangeError);
    expect(() => decodeBlock(new Uint8Array(120).fill(0x30))).toThrow(RangeError);
  });

  it('quantise downwards only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (ppm) => {
        const quantised = quantisePpm(ppm);
        expect(quantised).toBeLessThanOrEqual(ppm);
        expect(ppm - quantised).toBeLessThan(100);
      }),
    );
    expect(() => quantisePpm(1_000_001)).toThrow(RangeError);
    expect(() => quantisePpm(Number.NaN)).toThrow(RangeError);
  });
});
