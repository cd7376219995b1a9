import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';

/** Least charge in minor units, by currency; 0 where none is known. */
const LEAST: Record<Currency, bigint> = { CNY: 400n, USD: 50n, EUR: 50n, JPY: 50n, KWD: 100n };

/** The least that can be charged in a currency. */
export function leastCharge(currency: Currency): bigint {
  return LEAST[currency];
}

/**
 * An amount as it can be charged: three-decimal currencies are charged in tens of their minor unit, so it is rounded up to
 * the next ten, and below the least charge it is the least charge. What is charged more stays in the customer's balance.
 */
export function chargeable(minor: bigint, currency: Currency): bigint {
  const step = CURRENCY_EXPONENTS[currency] === 3 ? 10n : 1n;
  const stepped = ((minor + step - 1n) / step) * step;
  return stepped < LEAST[currency] ? LEAST[currency] : stepped;
}

/** An amount as a number of the API. Throws RangeError beyond what the API takes. */
export function toApiAmount(minor: bigint): number {
  if (minor <= 0n || minor > 99_999_999n) throw new RangeError(`an amount of ${minor} cannot be charged at once`);
  return Number(minor);
}
