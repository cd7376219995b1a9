import type { Sql } from '@suanxiang/db/sql';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { floor, mul, type Rational, rational, sub, sum } from '@suanxiang/domain/rational';
import { billedOrg, openPeriods } from '../periods';
import { rateSpan } from '../usage/rate-span';
import { burnPerHour } from '../usage/workload-cost';
import { walletMicro } from './post-journal';

export interface AccountBalance {
  currency: string;
  /** Prepaid money in micro-units; negative when overdrawn. */
  balanceMicro: bigint;
  /** Usage of all periods that are not invoiced yet, in minor units, before any rounding. */
  unbilledExact: Rational;
  /** balance minus unbilled, in micro-units, rounded down. */
  availableMicro: bigint;
  /** What the running workloads cost per hour, in micro-units. */
  burnPerHourMicro: bigint;
  /** Seconds until available is used up at this rate, 0 when it is; null when nothing runs. */
  runwayS: number | null;
}

/** An organisation's money: what it has, what it has used since the last invoice, and how long the rest lasts. */
export async function accountBalance(sql: Sql, orgId: string): Promise<AccountBalance> {
  const org = await billedOrg(sql, orgId);
  const periods = await openPeriods(sql, org);
  const fromS = periods[0]!.fromS;
  const toS = Math.max(org.nowS, fromS + 1);
  // Open periods follow one another, so that one rating with a cut at each bound covers them all.
  const { rated, leases } = await rateSpan(sql, org, { fromS, toS }, { cutsS: periods.map((p) => p.fromS) });
  const unbilledExact = sum(rated.lines.map((line) => line.exact));
  const balanceMicro = await walletMicro(sql, orgId, org.currency);
  const burnPerHourMicro = await burnPerHour(sql, leases, org.currency, org.nowS);
  const perMinor = rational(microPerMinor(CURRENCY_EXPONENTS[org.currency as Currency]));
  const availableMicro = floor(sub(rational(balanceMicro), mul(unbilledExact, perMinor)));
  const left = availableMicro > 0n ? availableMicro : 0n;
  const runwayS = burnPerHourMicro === 0n ? null : Number((left * 3600n) / burnPerHourMicro);
  return { currency: org.currency, balanceMicro, unbilledExact, availableMicro, burnPerHourMicro, runwayS };
}
