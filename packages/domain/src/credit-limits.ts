import { CURRENCY_EXPONENTS, type Currency } from './money';

/** Credit above this, in the major unit, takes two operators: granted to one account, or promised by a code in all. */
const ONE_OPERATOR_CREDIT: Record<Currency, bigint> = {
  CNY: 50_000n,
  USD: 7_000n,
  EUR: 7_000n,
  JPY: 1_000_000n,
  KWD: 2_000n,
};

/** The most that one operator may give by himself, in minor units. */
export function oneOperatorCreditMinor(currency: Currency): bigint {
  return ONE_OPERATOR_CREDIT[currency] * 10n ** BigInt(CURRENCY_EXPONENTS[currency]);
}
