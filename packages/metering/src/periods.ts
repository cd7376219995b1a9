import type { Sql } from '@suanxiang/db/sql';
import { monthAt, monthBounds, type Span } from '@suanxiang/domain/calendar';

/** A billing period: local midnight to local midnight in the zone that was the account's when it opened (S16). */
export interface BillingPeriod extends Span {
  status: 'open' | 'final';
  timeZone: string;
}

/** Shorter first periods are joined to the month after: they arise only when an account changes its time zone. */
const SHORTEST_S = 86_400;

/** The calendar month of a zone that holds an instant. */
export function monthPeriodAt(atS: number, timeZone: string): Span {
  return monthBounds(monthAt(atS, timeZone), timeZone);
}

/** The period that begins where the one before ended, up to the end of that month in the account's present zone. */
export function periodAfter(previousToS: number, timeZone: string): Span {
  const { toS } = monthPeriodAt(previousToS, timeZone);
  const isShort = toS - previousToS < SHORTEST_S;
  return { fromS: previousToS, toS: isShort ? monthPeriodAt(toS, timeZone).toS : toS };
}

/** The periods that are missing to reach nowS: after the last one, or from the month of firstS on. */
export function missingPeriods(lastToS: number | null, firstS: number, timeZone: string, nowS: number): Span[] {
  const missing: Span[] = [];
  let next = lastToS === null ? monthPeriodAt(firstS, timeZone) : periodAfter(lastToS, timeZone);
  while (next.fromS <= nowS) {
    missing.push(next);
    next = periodAfter(next.toS, timeZone);
  }
  return missing;
}

/**
 * Opens every period of organisations up to their nowS (billing time) that is not stored yet. The bounds and the version of
 * the time zone data are written here once and never move. Safe to run concurrently and again.
 */
export async function ensurePeriods(
  sql: Sql,
  orgs: readonly { orgId: string; timeZone: string; firstS: number; nowS: number }[],
): Promise<void> {
  const last = await sql<{ org_id: string; to_s: string }>`
    SELECT org_id, max(to_s)::text AS to_s FROM billing_period
    WHERE org_id = ANY (${orgs.map((org) => org.orgId)}::text[]) GROUP BY org_id`;
  const lastToS = new Map(last.map((row) => [row.org_id, Number(row.to_s)]));
  const missing = orgs.flatMap((org) =>
    missingPeriods(lastToS.get(org.orgId) ?? null, org.firstS, org.timeZone, org.nowS).map((span) => ({
      ...org,
      ...span,
    })),
  );
  if (missing.length === 0) return;
  await sql`
    INSERT INTO billing_period (org_id, from_s, to_s, time_zone, tzdb)
    SELECT org_id, from_s, to_s, time_zone, ${process.versions.tz ?? 'unknown'}
    FROM unnest(${missing.map((one) => one.orgId)}::text[], ${missing.map((one) => String(one.fromS))}::bigint[],
      ${missing.map((one) => String(one.toS))}::bigint[], ${missing.map((one) => one.timeZone)}::text[])
      AS p(org_id, from_s, to_s, time_zone)
    ON CONFLICT DO NOTHING`;
}

/** The billing periods of an organisation that a span touches, in order: those stored, and those that would follow or come before them. */
export async function periodsIn(sql: Sql, orgId: string, span: Span): Promise<Span[]> {
  const rows = await sql<Record<'from_s' | 'to_s', string>>`
    SELECT from_s::text, to_s::text FROM billing_period
    WHERE org_id = ${orgId} AND billing_period.from_s < ${span.toS}::bigint AND to_s > ${span.fromS}::bigint
    ORDER BY billing_period.from_s`;
  const [zone] = await sql<{ time_zone: string }>`SELECT time_zone FROM organization WHERE id = ${orgId}`;
  const stored = rows.map((row) => ({ fromS: Number(row.from_s), toS: Number(row.to_s) }));
  const found: Span[] = [];
  for (let atS = span.fromS; atS < span.toS; atS = found.at(-1)!.toS) {
    const month = monthPeriodAt(atS, zone?.time_zone ?? 'UTC');
    const known = stored.find(({ fromS, toS }) => fromS <= atS && atS < toS);
    const next = stored.find(({ fromS }) => fromS > atS)?.fromS ?? Infinity;
    found.push(known ?? { fromS: Math.max(month.fromS, found.at(-1)?.toS ?? 0), toS: Math.min(month.toS, next) });
  }
  return found;
}

/** An organisation as billing sees it. */
export interface BilledOrg {
  orgId: string;
  mode: 'live' | 'sandbox';
  currency: string;
  timeZone: string;
  /** Billing time now (database clock plus the sandbox offset), Unix seconds. */
  nowS: number;
  /** Seconds by which its billing time runs ahead of the wall clock. */
  clockOffsetS: number;
  /** When it was founded, Unix seconds of the wall clock. */
  createdS: number;
}

/** Reads organisations' billing facts, in their order. Throws RangeError when there is none (or it is not visible). */
export async function billedOrgs(sql: Sql, orgIds: readonly string[]): Promise<BilledOrg[]> {
  const rows = await sql<Record<'id' | 'mode' | 'currency' | 'time_zone' | 'now_s' | 'offset_s' | 'created_s', string>>`
    SELECT id, mode, currency, time_zone, suan_billing_now_s(clock_offset_s)::text AS now_s, clock_offset_s::text AS offset_s,
      floor(extract(epoch FROM created_at))::bigint::text AS created_s
    FROM organization WHERE id = ANY (${orgIds}::text[])`;
  const byId = new Map(rows.map((row) => [row.id, toBilledOrg(row)]));
  return orgIds.map((orgId) => {
    const org = byId.get(orgId);
    if (!org) throw new RangeError(`no organization ${orgId}`);
    return org;
  });
}

/** The same of one organisation. */
export async function billedOrg(sql: Sql, orgId: string): Promise<BilledOrg> {
  const [org] = await billedOrgs(sql, [orgId]);
  return org!;
}

function toBilledOrg(
  row: Record<'id' | 'mode' | 'currency' | 'time_zone' | 'now_s' | 'offset_s' | 'created_s', string>,
): BilledOrg {
  return {
    orgId: row.id,
    mode: row.mode as BilledOrg['mode'],
    currency: row.currency,
    timeZone: row.time_zone,
    nowS: Number(row.now_s),
    clockOffsetS: Number(row.offset_s),
    createdS: Number(row.created_s),
  };
}

/**
 * The periods of an organisation that are not final, oldest first; the last one holds nowS. Periods that nobody has
 * stored yet are computed, so that a reader needs no right to write.
 */
export async function openPeriods(sql: Sql, org: BilledOrg): Promise<BillingPeriod[]> {
  const rows = await sql<{ from_s: string; to_s: string; time_zone: string; status: string }>`
    SELECT from_s::text, to_s::text, time_zone, status FROM billing_period WHERE org_id = ${org.orgId}
      AND (status = 'open' OR to_s = (SELECT max(to_s) FROM billing_period WHERE org_id = ${org.orgId}))
    ORDER BY billing_period.from_s`;
  const stored = rows.map(
    (row): BillingPeriod => ({
      fromS: Number(row.from_s),
      toS: Number(row.to_s),
      timeZone: row.time_zone,
      status: row.status as BillingPeriod['status'],
    }),
  );
  const missing = missingPeriods(stored.at(-1)?.toS ?? null, Math.min(org.createdS, org.nowS), org.timeZone, org.nowS);
  const computed = missing.map((span): BillingPeriod => ({ ...span, timeZone: org.timeZone, status: 'open' }));
  return [...stored, ...computed].filter((period) => period.status === 'open');
}
