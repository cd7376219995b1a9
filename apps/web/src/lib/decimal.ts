import { CURRENCY_EXPONENTS, isCurrency } from '@suanxiang/domain/money';
import { add, compare, div, mul, parseFraction, type Rational, rational, sub } from '@suanxiang/domain/rational';

/**
 * Exact decimals for display. Money arrives as text and must reach the screen without passing through a float, so sums
 * and products are made on rationals.
 */

/** Reads "-12.340" exactly. Throws RangeError for anything that is not a plain decimal. */
export function parseDecimal(text: string): Rational {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a decimal like 12.34`);
  const fraction = match[2] ?? '';
  return rational(BigInt(`${match[1]}${fraction}`), 10n ** BigInt(fraction.length));
}

/** A rational with exactly `places` decimals, cut towards zero. */
export function decimalText(value: Rational, places: number): string {
  const units = (value.num * 10n ** BigInt(places)) / value.den;
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return `${units < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(digits.length - places)}` : ''}`;
}

/** a + b x factor, cut to `places` decimals. */
export function plusTimes(a: string, b: string, factor: number, places: number): string {
  return decimalText(add(parseDecimal(a), mul(parseDecimal(b), rational(BigInt(Math.trunc(factor))))), places);
}

/** A decimal times a whole number, with the decimals that `text` has. */
export function timesDecimal(text: string, factor: number): string {
  const places = text.split('.')[1]?.length ?? 0;
  return decimalText(mul(parseDecimal(text), rational(BigInt(factor))), places);
}

/** Negative, zero or positive as a is less than, equal to or more than b. */
export function compareDecimal(a: string, b: string): number {
  return compare(parseDecimal(a), parseDecimal(b));
}

/** a - b with the decimals of the longer one. */
export function minusDecimal(a: string, b: string): string {
  const places = Math.max(a.split('.')[1]?.length ?? 0, b.split('.')[1]?.length ?? 0);
  return decimalText(sub(parseDecimal(a), parseDecimal(b)), places);
}

/** Minor units as a fraction ("581/1200") in the major unit of a currency, cut to `places` decimals. */
export function minorFractionText(fraction: string, currency: string, places: number): string {
  return decimalText(div(parseFraction(fraction), rational(10n ** BigInt(minorPlaces(currency)))), places);
}

/** Whole seconds that `amount` lasts at `perHour`; null when nothing is spent. */
export function secondsAt(amount: string, perHour: string): number | null {
  const [left, rate] = [parseDecimal(amount), parseDecimal(perHour)];
  if (rate.num <= 0n) return null;
  if (left.num <= 0n) return 0;
  const seconds = div(mul(left, rational(3600n)), rate);
  return Number(seconds.num / seconds.den);
}

/** Decimal places of a currency's minor unit. */
export function minorPlaces(currency: string): number {
  return isCurrency(currency) ? CURRENCY_EXPONENTS[currency] : 2;
}
