import { CURRENCY_EXPONENTS, type Currency, parseDecimal } from '@suanxiang/domain/money';
import { invalid } from '../problem';

/** Most that any amount may be, in the major unit. */
const MOST = 10_000_000n;

/**
 * Minor units of an amount that somebody wrote. Throws `invalid_request` naming the field when it is finer than the
 * currency, too large, or 0 where it must be more.
 */
export function amountMinor(text: string, currency: Currency, pointer: string, least: 0n | 1n = 1n): bigint {
  const digits = CURRENCY_EXPONENTS[currency];
  let minor: bigint;
  try {
    minor = parseDecimal(text, currency);
  } catch {
    throw invalid(pointer, `${currency} has ${digits} decimals at most.`, 'too_precise');
  }
  if (minor < least) throw invalid(pointer, 'Must be more than 0.', 'range');
  if (minor > MOST * 10n ** BigInt(digits)) throw invalid(pointer, `Must be at most ${MOST}.`, 'range');
  return minor;
}
