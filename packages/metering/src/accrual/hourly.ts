import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { add, mul, type Rational, rational, roundHalfAwayFromZero, ZERO } from '@suanxiang/domain/rational';
import { lockLedger, reversalsOf } from '../ledger/post-journal';
import { postJournals } from '../ledger/post-journals';
import { type BilledOrg, openPeriods } from '../periods';
import type { RatedLine } from '../rating/types';
import { rateSpan } from '../usage/rate-span';

const HOUR_S = 3600;

/** First second of the hour that holds a second. */
export const hourOf = (second: number) => second - (second % HOUR_S);

/** Whole hours of Unix time, at which the segments of a span are cut. */
function hourCuts({ fromS, toS }: Span): number[] {
  const cuts: number[] = [];
  for (let atS = hourOf(fromS) + HOUR_S; atS < toS; atS += HOUR_S) cuts.push(atS);
  return cuts;
}

/**
 * Revenue of each hour in micro-units, from lines whose segments are cut at the hours. Each line is rounded as it adds up,
 * so that its hours sum to the line rounded once, which is what the invoice books.
 */
export function revenueByHour(lines: readonly RatedLine[], perMinor: bigint): Map<number, bigint> {
  const byHour = new Map<number, bigint>();
  for (const line of lines) {
    const own = new Map<number, Rational>();
    for (const { fromS, exact } of line.segments) {
      const hourS = hourOf(fromS);
      own.set(hourS, add(own.get(hourS) ?? ZERO, exact));
    }
    let soFar = ZERO;
    let bookedMicro = 0n;
    for (const hourS of [...own.keys()].sort((a, b) => a - b)) {
      soFar = add(soFar, own.get(hourS)!);
      const micro = roundHalfAwayFromZero(mul(soFar, rational(perMinor)));
      byHour.set(hourS, (byHour.get(hourS) ?? 0n) + micro - bookedMicro);
      bookedMicro = micro;
    }
  }
  return byHour;
}

/** Keys of a period's hours begin with it. */
const familyOf = (orgId: string, fromS: number) => `accrual:${orgId}:${fromS}`;

interface BookedHour {
  micro: bigint;
  journals: number;
}

/** What is booked of each hour of a period, and up to where its hours have been looked at. */
async function bookedHours(
  sql: Sql,
  orgId: string,
  fromS: number,
): Promise<{ hours: Map<number, BookedHour>; untilS: number }> {
  const rows = await sql<{ hour: string; journals: number; micro: string; until: string }>`
    SELECT split_part(j.idem_key, ':', 4) AS hour, count(DISTINCT j.id)::int AS journals, sum(e.micro)::text AS micro,
      max(j.booked_s)::text AS until
    FROM journal j JOIN ledger_entry e ON e.org_id = j.org_id AND e.journal_id = j.id AND e.account = 'unbilled'
    WHERE j.org_id = ${orgId} AND starts_with(j.idem_key, ${`${familyOf(orgId, fromS)}:`}) GROUP BY 1`;
  const hours = new Map(
    rows.map((row) => [Number(row.hour), { micro: BigInt(row.micro), journals: row.journals }] as const),
  );
  return { hours, untilS: Math.max(fromS, ...rows.map((row) => Number(row.until))) };
}

/**
 * Books the revenue of every hour that has ended in a period: unbilled against revenue_unbilled. An hour whose evidence has
 * changed since gets the difference to what its family of keys holds; an hour that has not gets nothing, so that this
 * may run again at any time. The caller holds the ledger.
 */
async function accruePeriod(sql: Sql, org: BilledOrg, period: Span, nowMs: number): Promise<number> {
  const { orgId, currency } = org;
  const untilS = Math.min(period.toS, hourOf(org.nowS));
  const booked = await bookedHours(sql, orgId, period.fromS);
  if (untilS <= booked.untilS) return 0;
  const options = { untilS, cutsS: hourCuts({ fromS: period.fromS, toS: untilS }) };
  const { rated } = await rateSpan(sql, org, { fromS: period.fromS, toS: period.toS }, options);
  const targets = revenueByHour(rated.lines, microPerMinor(CURRENCY_EXPONENTS[currency as Currency]));
  const changed = [...new Set([...targets.keys(), ...booked.hours.keys()])]
    .sort((a, b) => a - b)
    .map((hourS) => {
      const before = booked.hours.get(hourS) ?? { micro: 0n, journals: 0 };
      return { hourS, journals: before.journals, micro: (targets.get(hourS) ?? 0n) - before.micro };
    })
    .filter(({ hourS, micro }) => micro !== 0n && hourS < untilS);
  return postJournals(
    sql,
    changed.map(({ hourS, journals, micro }) => ({
      orgId,
      idemKey: `${familyOf(orgId, period.fromS)}:${hourS}:${journals}`,
      kind: 'accrual',
      memo: '',
      bookedS: Math.min(hourS + HOUR_S, period.toS),
      entries: [
        { account: 'unbilled', currency, micro },
        { account: 'revenue_unbilled', currency, micro: -micro },
      ],
    })),
    nowMs,
  );
}

/** Books the hours that have ended in every open period of an organisation (role app_worker). Returns how many journals it made. */
export async function accrueHours(sql: Sql, org: BilledOrg, nowMs: number): Promise<number> {
  await lockLedger(sql, org.orgId);
  let posted = 0;
  // Read under the lock: a period that was closed meanwhile is not open any more.
  for (const period of await openPeriods(sql, org)) posted += await accruePeriod(sql, org, period, nowMs);
  return posted;
}

/** A period that is closed, and when that is booked. */
export interface SettledPeriod {
  orgId: string;
  fromS: number;
  bookedS: number;
}

/** Takes back, exactly, what was accrued of periods: their invoices book the revenue. The caller holds the ledgers. */
export async function settleAccruals(sql: Sql, periods: readonly SettledPeriod[], nowMs: number): Promise<void> {
  const families = periods.map(({ orgId, fromS }) => ({ orgId, family: familyOf(orgId, fromS) }));
  const reversals = await reversalsOf(sql, families);
  const journals = periods.map(({ orgId, fromS, bookedS }, place) => {
    const idemKey = `accrual-settled:${orgId}:${fromS}`;
    return { orgId, idemKey, kind: 'accrual' as const, memo: '', bookedS, entries: reversals[place]! };
  });
  const wanted = journals.filter(({ entries }) => entries.some(({ micro }) => micro !== 0n));
  await postJournals(sql, wanted, nowMs);
}
