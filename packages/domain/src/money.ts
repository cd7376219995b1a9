import { compare, floor, mul, type Rational, rational, roundHalfAwayFromZero, sub, sum } from './rational';

/** Digits after the decimal point of each currency's minor unit (ISO 4217). */
export const CURRENCY_EXPONENTS = { CNY: 2, USD: 2, EUR: 2, JPY: 0, KWD: 3 } as const;

export type Currency = keyof typeof CURRENCY_EXPONENTS;

export const CURRENCIES = Object.keys(CURRENCY_EXPONENTS) as Currency[];

/** Prices and the ledger count in 10^-6 of the major unit, whatever the currency. */
export const MICRO_DIGITS = 6;

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(CURRENCY_EXPONENTS, text);
}

/** Micro-units in one minor unit: 10^(6 - exponent). Throws RangeError for an exponent outside 0..6. */
export function microPerMinor(exponent: number): bigint {
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > MICRO_DIGITS) {
    throw new RangeError(`a currency exponent must be 0..${MICRO_DIGITS}, got ${exponent}`);
  }
  return 10n ** BigInt(MICRO_DIGITS - exponent);
}

/** Minor units as micro-units; exact. */
export function minorToMicro(minor: bigint, currency: Currency): bigint {
  return minor * microPerMinor(CURRENCY_EXPONENTS[currency]);
}

/** Micro-units as minor units, rounded half away from zero. */
export function microToMinor(micro: bigint, currency: Currency): bigint {
  return roundHalfAwayFromZero(rational(micro, microPerMinor(CURRENCY_EXPONENTS[currency])));
}

/** value x 10^-digits as a plain decimal with exactly `digits` decimals, for example (-5n, 2) -> "-0.05". */
function scaledToDecimal(value: bigint, digits: number): string {
  const sign = value < 0n ? '-' : '';
  const text = (value < 0n ? -value : value).toString().padStart(digits + 1, '0');
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Reads a plain decimal as an integer count of 10^-digits. Throws RangeError for other text or too many decimals. */
function decimalToScaled(text: string, digits: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a decimal number like 12.34`);
  const decimals = (match[3] ?? '').replace(/0+$/, '');
  if (decimals.length > digits) throw new RangeError(`"${text}" has more than ${digits} decimals`);
  const value = BigInt(match[2]! + decimals.padEnd(digits, '0'));
  return match[1] === '-' ? -value : value;
}

/** Minor units as a decimal of the major unit with all the currency's decimals: (1234n, 'USD') -> "12.34". */
export function formatDecimal(minor: bigint, currency: Currency): string {
  return scaledToDecimal(minor, CURRENCY_EXPONENTS[currency]);
}

/** A decimal of the major unit as minor units. Throws RangeError when it is no decimal or finer than a minor unit. */
export function parseDecimal(text: string, currency: Currency): bigint {
  return decimalToScaled(text, CURRENCY_EXPONENTS[currency]);
}

/** Micro-units as a decimal with at least the currency's decimals and at most six: (2490000n, 'USD') -> "2.49". */
export function formatMicro(micro: bigint, currency: Currency): string {
  const exponent = CURRENCY_EXPONENTS[currency];
  const text = scaledToDecimal(micro, MICRO_DIGITS);
  const spare = /0*$/.exec(text)![0].length;
  const kept = text.slice(0, text.length - Math.min(spare, MICRO_DIGITS - exponent));
  return kept.endsWith('.') ? kept.slice(0, -1) : kept;
}

/** A decimal of the major unit as micro-units. Throws RangeError when it is no decimal or has more than six decimals. */
export function parseMicro(text: string): bigint {
  return decimalToScaled(text, MICRO_DIGITS);
}

/**
 * Splits an integer total over weights by largest remainder (Hamilton's method): each share is the floor of its exact
 * quota, and the units left go to the largest remainders, ties to the earlier share. The shares add up to the total.
 * A negative total gives the exact negative of the positive split. Throws RangeError for a negative weight, or when
 * all weights are 0 and the total is not.
 */
export function splitByLargestRemainder(total: bigint, weights: readonly Rational[]): bigint[] {
  if (total < 0n) return splitByLargestRemainder(-total, weights).map((share) => -share);
  if (weights.some((weight) => weight.num < 0n)) throw new RangeError('a weight cannot be negative');
  if (total === 0n) return weights.map(() => 0n);
  const whole = sum(weights);
  if (whole.num === 0n) throw new RangeError('an amount cannot be split over weights that are all 0');
  const perWeight = rational(total * whole.den, whole.num);
  const quotas = weights.map((weight) => mul(perWeight, weight));
  const shares = quotas.map(floor);
  const left = total - shares.reduce((a, b) => a + b, 0n);
  const byRemainder = quotas
    .map((quota, index) => ({ index, remainder: sub(quota, rational(shares[index]!)) }))
    .sort((a, b) => compare(b.remainder, a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, Number(left))) shares[index]! += 1n;
  return shares;
}

/** `value`, or `limit` when it is above it (Math.min does not take bigints). */
export function atMost(value: bigint, limit: bigint): bigint {
  if (value > limit) return limit;
  return value;
}
