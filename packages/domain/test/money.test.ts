import {
  CURRENCIES,
  formatDecimal,
  formatMicro,
  isCurrency,
  microToMinor,
  minorToMicro,
  parseDecimal,
  parseMicro,
  splitByLargestRemainder,
} from '@suanxiang/domain/money';
import { compare, mul, rational, sub, sum } from '@suanxiang/domain/rational';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const amounts = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const currencies = fc.constantFrom(...CURRENCIES);

describe('decimals', () => {
  test.each([
    [1234n, 'USD', '12.34'],
    [-5n, 'CNY', '-0.05'],
    [0n, 'EUR', '0.00'],
    [133n, 'JPY', '133'],
    [262n, 'KWD', '0.262'],
    [2n ** 53n + 1n, 'USD', '90071992547409.93'],
  ] as const)('%s minor %s is %s', (minor, currency, text) => {
    expect(formatDecimal(minor, currency)).toBe(text);
    expect(parseDecimal(text, currency)).toBe(minor);
  });

  test('every cent below 100,000 survives (binary floating point loses thousands of them)', () => {
    const lost: bigint[] = [];
    for (let minor = 0n; minor < 100_000n; minor += 1n) {
      if (parseDecimal(formatDecimal(minor, 'USD'), 'USD') !== minor) lost.push(minor);
    }
    expect(lost).toEqual([]);
  });

  test('round trips in every currency, and through micro-units', () => {
    fc.assert(
      fc.property(amounts, currencies, (minor, currency) => {
        expect(parseDecimal(formatDecimal(minor, currency), currency)).toBe(minor);
        expect(microToMinor(minorToMicro(minor, currency), currency)).toBe(minor);
        expect(parseMicro(formatMicro(minor, currency))).toBe(minor);
      }),
    );
  });

  test('finer than a minor unit, or no number, is refused', () => {
    for (const bad of ['1.234', '1e3', '', '.5', '1.', '1,00', ' 1', '+1', 'NaN']) {
      expect(() => parseDecimal(bad, 'USD')).toThrow(RangeError);
    }
    expect(parseDecimal('1.2300', 'USD')).toBe(123n);
    expect(() => parseDecimal('0.5', 'JPY')).toThrow('more than 0 decimals');
    expect(() => parseMicro('0.0000001')).toThrow(RangeError);
  });

  test('prices show the decimals they need', () => {
    expect(formatMicro(2_490_000n, 'USD')).toBe('2.49');
    expect(formatMicro(2_000_000n, 'USD')).toBe('2.00');
    expect(formatMicro(1_111_111n, 'USD')).toBe('1.111111');
    expect(formatMicro(389_000_000n, 'JPY')).toBe('389');
    expect(formatMicro(389_500_000n, 'JPY')).toBe('389.5');
    expect(formatMicro(10_000_000n, 'KWD')).toBe('10.000');
  });

  test('micro-units round half away from zero', () => {
    expect(microToMinor(5_000n, 'USD')).toBe(1n);
    expect(microToMinor(-5_000n, 'USD')).toBe(-1n);
    expect(microToMinor(4_999n, 'USD')).toBe(0n);
  });

  test('only listed currencies exist', () => {
    expect(isCurrency('CNY')).toBe(true);
    expect(isCurrency('toString')).toBe(false);
  });
});

describe('largest remainder', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 12 });

  test('shares add up and stay within one unit of their quota', () => {
    fc.assert(
      fc.property(amounts, weights, (total, parts) => {
        fc.pre(parts.some((part) => part > 0n));
        const rationals = parts.map((part) => rational(part, 7n));
        const shares = splitByLargestRemainder(total, rationals);
        expect(shares.reduce((a, b) => a + b, 0n)).toBe(total);
        const whole = sum(rationals);
        shares.forEach((share, index) => {
          const quota = mul(rational(total * whole.den, whole.num), rationals[index]!);
          const off = sub(rational(share), quota);
          expect(compare(mul(off, off), rational(1n))).toBeLessThan(0);
        });
      }),
    );
  });

  test('ties go to the earlier share', () => {
    const third = rational(1n, 3n);
    expect(splitByLargestRemainder(100n, [third, third, third])).toEqual([34n, 33n, 33n]);
    expect(splitByLargestRemainder(-101n, [third, third, third])).toEqual([-34n, -34n, -33n]);
  });

  test('weights of zero get nothing', () => {
    expect(splitByLargestRemainder(5n, [rational(0n), rational(2n)])).toEqual([0n, 5n]);
    expect(splitByLargestRemainder(0n, [rational(0n)])).toEqual([0n]);
    expect(() => splitByLargestRemainder(1n, [rational(0n)])).toThrow(RangeError);
    expect(() => splitByLargestRemainder(1n, [rational(-1n), rational(3n)])).toThrow(RangeError);
  });
});
