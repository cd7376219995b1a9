import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { type BilledOrg, billedOrg, ensurePeriods } from '../periods';
import type { BillingPolicy } from '../policy';
import { legalEntityIdOf } from '../prices/legal-entities';

/** An organisation at a second of the wall clock. */
export async function orgAt(sql: Sql, orgId: string, wallS: number): Promise<BilledOrg> {
  const org = await billedOrg(sql, orgId);
  return { ...org, nowS: wallS + org.clockOffsetS };
}

/** Organisations looked up at a time, so that a month end holds no list of everybody. */
const ORGS_AT_ONCE = 500;

/** Opens the periods of organisations that have none for now. */
export async function openMissingPeriods(db: Db, nowS: number, orgId: string | null): Promise<void> {
  const behind = await singleSql(db)<{ id: string; time_zone: string; first_s: string; now_s: string }>`
    SELECT o.id, o.time_zone, (${nowS}::bigint + o.clock_offset_s)::text AS now_s,
      least(floor(extract(epoch FROM o.created_at))::bigint, ${nowS}::bigint)::text AS first_s
    FROM organization o
    WHERE (${orgId}::text IS NULL OR o.id = ${orgId}::text) AND NOT EXISTS (SELECT 1 FROM billing_period p
      WHERE p.org_id = o.id AND p.to_s > ${nowS}::bigint + o.clock_offset_s)`;
  const orgs = behind.map((org) => {
    return { orgId: org.id, timeZone: org.time_zone, firstS: Number(org.first_s), nowS: Number(org.now_s) };
  });
  for (let first = 0; first < orgs.length; first += ORGS_AT_ONCE) {
    await withSql(db, (sql) => ensurePeriods(sql, orgs.slice(first, first + ORGS_AT_ONCE)));
  }
}

/** The periods of an organisation that are due, in the order of time. */
export interface DuePeriods {
  orgId: string;
  fromS: number[];
  /** Whether any spend cap may end its leases. */
  capped: boolean;
  /** Who invoices it. */
  legalEntityId: string;
  /** Whether it has had so many leases that it is closed by itself. */
  large: boolean;
}

/** Leases from which on an organisation is large. */
const MANY_LEASES = 200;

type Flags = Record<'capped' | 'large', boolean>;

/** The next organisations after one, by id, with periods that are due. */
export async function duePeriods(
  db: Db,
  nowS: number,
  after: string,
  orgId: string | null,
  policy: BillingPolicy,
): Promise<DuePeriods[]> {
  const rows = await singleSql(db)<Record<'org_id' | 'mode' | 'currency', string> & { from_s: string[] } & Flags>`
    SELECT p.org_id, o.mode, o.currency, array_agg(p.from_s::text ORDER BY p.from_s) AS from_s,
      EXISTS (SELECT 1 FROM budget b WHERE b.org_id = p.org_id AND b.hard) AS capped,
      EXISTS (SELECT 1 FROM allocation a WHERE a.org_id = p.org_id OFFSET ${MANY_LEASES}::int) AS large
    FROM billing_period p JOIN organization o ON o.id = p.org_id
    WHERE p.status = 'open' AND p.to_s + ${policy.graceS}::bigint <= ${nowS}::bigint + o.clock_applied_s
      AND p.org_id > ${after} AND (${orgId}::text IS NULL OR o.id = ${orgId}::text)
    GROUP BY p.org_id, o.mode, o.currency ORDER BY p.org_id LIMIT ${ORGS_AT_ONCE}`;
  return rows.map(({ org_id: dueId, from_s: fromS, capped, large, mode, currency }) => {
    const legalEntityId = legalEntityIdOf(mode as 'live' | 'sandbox', currency);
    return { orgId: dueId, fromS: fromS.map(Number), capped, large, legalEntityId };
  });
}
