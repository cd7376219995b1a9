import type { money } from '@suanxiang/contract/schemas/common';
import {
  CURRENCY_EXPONENTS,
  type Currency,
  formatDecimal,
  formatMicro,
  microPerMinor,
  microToMinor,
} from '@suanxiang/domain/money';
import type { z } from 'zod';

export type Money = z.infer<typeof money>;

/** Minor units as the API shows money. */
export function minorMoney(minor: bigint, currency: string): Money {
  return { amount: formatDecimal(minor, currency as Currency), currency: currency as Currency };
}

/** Micro-units as the API shows money: all of up to six decimals. */
export function microMoney(micro: bigint, currency: string): Money {
  return { amount: formatMicro(micro, currency as Currency), currency: currency as Currency };
}

/** Micro-units as money in whole minor units, rounded half away from zero. */
export function roundedMoney(micro: bigint, currency: string): Money {
  return minorMoney(microToMinor(micro, currency as Currency), currency);
}

/** Micro-units as money in whole minor units, rounded towards positive infinity: what somebody must at least have. */
export function atLeastMoney(micro: bigint, currency: string): Money {
  const per = microPerMinor(CURRENCY_EXPONENTS[currency as Currency]);
  const whole = micro / per + (micro > 0n && micro % per !== 0n ? 1n : 0n);
  return minorMoney(whole, currency);
}

/** An hourly price in micro-units as a decimal per second with exactly eight places, rounded half away from zero. */
export function perSecondText(microPerHour: bigint): string {
  const scaled = (microPerHour * 200n + 3600n) / 7200n;
  const text = scaled.toString().padStart(9, '0');
  return `${text.slice(0, -8)}.${text.slice(-8)}`;
}
