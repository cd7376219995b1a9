import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { floor, mul, type Rational, rational, sub, sum } from '@suanxiang/domain/rational';
import { burntTotal, type Grant, grantsOf, usableMinor } from '../credit/grants';
import { billedOrg, openPeriods } from '../periods';
import { burnPromo, promoCuts } from '../rating/credits';
import type { RatedPeriod } from '../rating/types';
import { rateSpan } from '../usage/rate-span';
import { burnPerHour } from '../usage/workload-cost';
import { walletMicro } from './post-journal';

export interface AccountBalance {
  currency: string;
  /** Prepaid money in micro-units; negative when overdrawn. */
  balanceMicro: bigint;
  /** Usage of all periods that are not invoiced yet, in minor units, before any rounding. */
  unbilledExact: Rational;
  /** What promotional credit has covered of it. */
  coveredMinor: bigint;
  /** Due on issued invoices. */
  owedMinor: bigint;
  /** Promotional credit that covers usage from now on, after what it has covered already. */
  promoMinor: bigint;
  /** balance and promotional credit minus unbilled and owed, in micro-units, rounded down. */
  availableMicro: bigint;
  /** How far available may fall below 0 (postpaid), in minor units. */
  creditLimitMinor: bigint;
  /** What the running workloads cost per hour, in micro-units. */
  burnPerHourMicro: bigint;
  /** Seconds until available and the credit limit are used up at this rate, 0 when they are; null when nothing runs. */
  runwayS: number | null;
}

/** Promotional credit on unbilled usage: what it has covered, and what is left of it for later usage. */
function promoCover(nowS: number, span: Span, grants: readonly Grant[], rated: RatedPeriod) {
  const burnt = burnPromo(rated.lines, span, grants);
  const left = grants.map((grant) => ({
    ...grant,
    remainingMinor: grant.remainingMinor - (burnt.get(grant.id) ?? 0n),
  }));
  return { coveredMinor: burntTotal(burnt), leftMinor: usableMinor(left, nowS) };
}

async function creditLimit(sql: Sql, orgId: string): Promise<bigint> {
  const [row] = await sql<{ limit: string }>`
    SELECT credit_limit_minor::text AS limit FROM billing_settings WHERE org_id = ${orgId} AND mode = 'postpaid'`;
  return BigInt(row?.limit ?? '0');
}

async function owed(sql: Sql, orgId: string, currency: string): Promise<bigint> {
  const [row] = await sql<{ owed: string }>`
    SELECT coalesce(sum(due_minor), 0)::text AS owed FROM invoice
    WHERE org_id = ${orgId} AND currency = ${currency} AND status = 'final'`;
  return BigInt(row!.owed);
}

/** An organisation's money: what it has, what it has used since the last invoice, and how long the rest lasts. */
export async function accountBalance(sql: Sql, orgId: string): Promise<AccountBalance> {
  const org = await billedOrg(sql, orgId);
  const periods = await openPeriods(sql, org);
  const fromS = periods[0]!.fromS;
  const span = { fromS, toS: Math.max(org.nowS, fromS + 1) };
  const grants = await grantsOf(sql, orgId, org.currency);
  // Open periods follow one another, so that one rating with a cut at each bound covers them all.
  const cutsS = [...periods.map((period) => period.fromS), ...promoCuts(grants, span)];
  const found = await rateSpan(sql, org, span, { cutsS });
  const { rated } = found;
  const unbilledExact = sum(rated.lines.map((line) => line.exact));
  const balanceMicro = await walletMicro(sql, orgId, org.currency);
  const burnPerHourMicro = await burnPerHour(sql, found, org.currency, org.nowS);
  const { coveredMinor, leftMinor } = promoCover(org.nowS, span, grants, rated);
  const perMinor = microPerMinor(CURRENCY_EXPONENTS[org.currency as Currency]);
  const owedMinor = await owed(sql, orgId, org.currency);
  const ownMicro = balanceMicro + (coveredMinor + leftMinor - owedMinor) * perMinor;
  const availableMicro = floor(sub(rational(ownMicro), mul(unbilledExact, rational(perMinor))));
  const creditLimitMinor = await creditLimit(sql, orgId);
  const spendableMicro = availableMicro + creditLimitMinor * perMinor;
  const left = spendableMicro > 0n ? spendableMicro : 0n;
  const runwayS = burnPerHourMicro === 0n ? null : Number((left * 3600n) / burnPerHourMicro);
  return {
    currency: org.currency,
    balanceMicro,
    unbilledExact,
    coveredMinor,
    owedMinor,
    promoMinor: leftMinor,
    availableMicro,
    creditLimitMinor,
    burnPerHourMicro,
    runwayS,
  };
}
