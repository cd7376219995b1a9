/**
 * Exact rational numbers over bigint, always in lowest terms with a positive denominator. Quantities and costs stay
 * rational until the one place that rounds them to minor units.
 */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

export const ZERO: Rational = { num: 0n, den: 1n };

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The rational num/den in lowest terms. Throws RangeError when den is 0. */
export function rational(num: bigint, den: bigint = 1n): Rational {
  if (den === 0n) throw new RangeError('a rational cannot have the denominator 0');
  if (num === 0n) return ZERO;
  const divisor = den < 0n ? -gcd(num, den) : gcd(num, den);
  return { num: num / divisor, den: den / divisor };
}

export function add(a: Rational, b: Rational): Rational {
  if (a.den === b.den) return rational(a.num + b.num, a.den);
  return rational(a.num * b.den + b.num * a.den, a.den * b.den);
}

export function sub(a: Rational, b: Rational): Rational {
  return add(a, { num: -b.num, den: b.den });
}

export function mul(a: Rational, b: Rational): Rational {
  return rational(a.num * b.num, a.den * b.den);
}

/** a / b. Throws RangeError when b is 0. */
export function div(a: Rational, b: Rational): Rational {
  return rational(a.num * b.den, a.den * b.num);
}

/** Negative when a < b, 0 when equal, positive when a > b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function min(a: Rational, b: Rational): Rational {
  return compare(a, b) <= 0 ? a : b;
}

export function sum(values: Iterable<Rational>): Rational {
  let total = ZERO;
  for (const value of values) total = add(total, value);
  return total;
}

/** The greatest integer that is not greater than r. */
export function floor(r: Rational): bigint {
  const quotient = r.num / r.den;
  return r.num < 0n && quotient * r.den !== r.num ? quotient - 1n : quotient;
}

/** The nearest integer; exactly half goes away from zero, so round(-r) = -round(r) and a full credit note cancels. */
export function roundHalfAwayFromZero(r: Rational): bigint {
  const magnitude = r.num < 0n ? -r.num : r.num;
  const rounded = (2n * magnitude + r.den) / (2n * r.den);
  return r.num < 0n ? -rounded : rounded;
}

/** "num/den" in lowest terms, for example "581/1200" or "-3/1". */
export function formatFraction(r: Rational): string {
  return `${r.num}/${r.den}`;
}

/** Reads "num/den" or a plain integer. Throws RangeError for anything else or a denominator of 0. */
export function parseFraction(text: string): Rational {
  const match = /^(-?\d+)(?:\/(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a fraction like 3/4`);
  return rational(BigInt(match[1]!), BigInt(match[2] ?? '1'));
}
