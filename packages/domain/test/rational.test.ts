import {
  add,
  compare,
  div,
  floor,
  formatFraction,
  mul,
  parseFraction,
  rational,
  roundHalfAwayFromZero,
  sub,
  sum,
  ZERO,
} from '@suanxiang/domain/rational';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const ints = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const anyRational = fc
  .tuple(
    ints,
    ints.filter((n) => n !== 0n),
  )
  .map(([n, d]) => rational(n, d));

describe('rationals', () => {
  test('are in lowest terms with a positive denominator', () => {
    expect(rational(6n, -8n)).toEqual({ num: -3n, den: 4n });
    expect(rational(0n, -5n)).toEqual(ZERO);
    expect(() => rational(1n, 0n)).toThrow(RangeError);
  });

  test('form a field', () => {
    fc.assert(
      fc.property(anyRational, anyRational, anyRational, (a, b, c) => {
        expect(add(a, b)).toEqual(add(b, a));
        expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
        expect(mul(a, add(b, c))).toEqual(add(mul(a, b), mul(a, c)));
        expect(sub(add(a, b), b)).toEqual(a);
        expect(sum([a, b, c])).toEqual(add(add(a, b), c));
        if (b.num !== 0n) expect(mul(div(a, b), b)).toEqual(a);
      }),
    );
  });

  test('compare agrees with the sign of the difference', () => {
    fc.assert(
      fc.property(anyRational, anyRational, (a, b) => {
        const difference = sub(a, b).num;
        expect(compare(a, b)).toBe(difference > 0n ? 1 : difference < 0n ? -1 : 0);
      }),
    );
  });

  test('floor is the integer just below', () => {
    expect([rational(7n, 2n), rational(-7n, 2n), rational(-4n, 2n)].map(floor)).toEqual([3n, -4n, -2n]);
  });

  test.each([
    [1n, 2n, 1n],
    [-1n, 2n, -1n],
    [3n, 2n, 2n],
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [581n, 1200n, 0n],
    [83n, 150n, 1n],
    [-83n, 150n, -1n],
    [0n, 1n, 0n],
  ])('%s/%s rounds to %s: half goes away from zero', (num, den, expected) => {
    expect(roundHalfAwayFromZero(rational(num, den))).toBe(expected);
  });

  test('rounding is symmetric and off by at most a half', () => {
    fc.assert(
      fc.property(anyRational, (r) => {
        const rounded = roundHalfAwayFromZero(r);
        expect(roundHalfAwayFromZero(sub(ZERO, r))).toBe(-rounded);
        const off = sub(rational(rounded), r);
        expect(compare(mul(off, off), rational(1n, 4n))).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('text form reads back', () => {
    fc.assert(
      fc.property(anyRational, (r) => {
        expect(parseFraction(formatFraction(r))).toEqual(r);
      }),
    );
    expect(parseFraction('12')).toEqual({ num: 12n, den: 1n });
    for (const bad of ['', '1.5', '1/-2', '1/0', 'x', '1/2/3']) expect(() => parseFraction(bad)).toThrow(RangeError);
  });
});
