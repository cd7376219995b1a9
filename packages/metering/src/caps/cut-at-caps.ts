import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { CURRENCY_EXPONENTS, type Currency } from '@suanxiang/domain/money';
import { tell } from '../accrual/billing-events';
import { type Budget, listBudgets, scopeOf } from '../accrual/budgets';
import { type BilledOrg, type BillingPeriod, openPeriods } from '../periods';
import type { PriceRow } from '../rating/types';
import { type Lease, loadTerms } from '../usage/load-terms';
import { type CappedUsage, costIfEndedAt, lastSecondWithin } from './cap-second';

/** Why a lease ended, or why seconds of it are not billed. */
export const SPEND_CAP = 'spend_cap';

export interface SpendCap extends Budget {
  cappedFromS: number;
}

/** The spend caps of an organisation: its hard budgets. */
export async function listCaps(sql: Sql, orgId: string): Promise<SpendCap[]> {
  const budgets = await listBudgets(sql, orgId);
  return budgets.filter((budget): budget is SpendCap => budget.hard && budget.cappedFromS !== null);
}

interface Scoped extends CappedUsage {
  leases: Lease[];
}

async function usageOf(sql: Sql, org: BilledOrg, cap: SpendCap, period: BillingPeriod): Promise<Scoped> {
  const { leases, prices } = await loadTerms(sql, org, period, scopeOf(cap));
  const exponent = CURRENCY_EXPONENTS[org.currency as Currency];
  // By volume the whole gets cheaper when a band is passed. Counted band by band it never does, and never costs less.
  const rising = prices.map((row): PriceRow => {
    const { pricing } = row;
    return pricing.model === 'volume' ? { ...row, pricing: { ...pricing, model: 'graduated' } } : row;
  });
  return { period, exponent, prices: rising, leases, terms: leases.map((lease) => lease.term) };
}

/** What a cap's scope has spent up to a second of a running period, as it counts against the cap. */
export async function spentOfCap(sql: Sql, org: BilledOrg, cap: SpendCap, atS: number): Promise<bigint> {
  const period = (await openPeriods(sql, org)).at(-1)!;
  return costIfEndedAt(await usageOf(sql, org, cap, period), atS);
}

interface Cut {
  cap: SpendCap;
  cutS: number;
  leases: Lease[];
}

/** The cap that is passed first in a period, of those that are not done yet. */
async function firstPassed(
  sql: Sql,
  org: BilledOrg,
  period: BillingPeriod,
  caps: readonly SpendCap[],
): Promise<Cut | null> {
  const limitS = Math.min(period.toS, org.nowS);
  let first: Cut | null = null;
  for (const cap of caps) {
    const usage = await usageOf(sql, org, cap, period);
    const withinS = lastSecondWithin(usage, cap.amountMinor, limitS);
    if (withinS === null) continue;
    const cutS = Math.max(withinS, cap.cappedFromS);
    if (cutS < limitS && (first === null || cutS < first.cutS)) first = { cap, cutS, leases: usage.leases };
  }
  return first;
}

/** Ends the meter of running leases at a second; seconds of those that have ended since are marked as not billed. */
async function endLeases(sql: Sql, org: BilledOrg, { cutS, leases }: Cut, nowMs: number): Promise<void> {
  const late = leases.filter(({ term }) => (term.endS ?? Infinity) > cutS);
  const ids = late.map(({ term }) => term.id);
  // Workloads before their leases, in the order of their ids, as everywhere.
  await sql`
    SELECT 1 AS one FROM workload WHERE org_id = ${org.orgId} AND id = ANY (${late.map((one) => one.workloadId)}::text[])
    ORDER BY id FOR UPDATE`;
  await sql`
    UPDATE allocation SET state = 'ended', end_s = greatest(start_s, ${cutS}::bigint), end_reason = ${SPEND_CAP}
    WHERE org_id = ${org.orgId} AND id = ANY (${ids}::text[]) AND state = 'running'`;
  const ended = await sql<{ id: string; from_s: string; to_s: string }>`
    SELECT id, greatest(start_s, ${cutS}::bigint)::text AS from_s, end_s::text AS to_s FROM allocation a
    WHERE org_id = ${org.orgId} AND id = ANY (${ids}::text[]) AND end_s > greatest(start_s, ${cutS}::bigint)
      AND NOT EXISTS (SELECT 1 FROM undelivered u WHERE u.org_id = a.org_id AND u.allocation_id = a.id
        AND u.reason = ${SPEND_CAP} AND u.from_s <= greatest(a.start_s, ${cutS}::bigint) AND u.to_s >= a.end_s)`;
  for (const lease of ended) {
    await sql`
      INSERT INTO undelivered (id, org_id, allocation_id, from_s, to_s, reason) VALUES (${mintId('undelivered', nowMs)},
        ${org.orgId}, ${lease.id}, ${lease.from_s}::bigint, ${lease.to_s}::bigint, ${SPEND_CAP})`;
  }
}

/**
 * Ends every lease in the scope of a spend cap at the very second in which the cap is reached, however late this is noticed:
 * seconds after it are not billed, so that what is billed never passes the cap. Caps that are passed are dealt with in the
 * order of time, since one that ends leases leaves more for another. Role app_worker, in the caller's transaction; repeating
 * it changes nothing. `nowS` is the second of billing time up to which it looks.
 */
export async function cutAtCaps(sql: Sql, org: BilledOrg, nowMs: number): Promise<void> {
  const caps = await listCaps(sql, org.orgId);
  if (caps.length === 0) return;
  for (const period of await openPeriods(sql, org)) {
    const left = new Set(caps);
    for (;;) {
      const cut = await firstPassed(sql, org, period, [...left]);
      if (!cut) break;
      left.delete(cut.cap);
      await endLeases(sql, org, cut, nowMs);
      const { id, name, amountMinor } = cut.cap;
      const amounts = { amount_minor: amountMinor.toString(), currency: org.currency };
      const detail = { budget_id: id, name, ...amounts, at_s: cut.cutS };
      const key = `cap:${id}:${period.fromS}:${amountMinor}`;
      await tell(sql, { orgId: org.orgId, key, kind: 'cap_reached', detail }, nowMs);
    }
  }
}
