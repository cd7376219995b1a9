import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { type BilledOrg, billedOrg, ensurePeriods } from '../periods';
import type { BillingPolicy } from '../policy';

/** An organisation at a second of the wall clock. */
export async function orgAt(sql: Sql, orgId: string, wallS: number): Promise<BilledOrg> {
  const org = await billedOrg(sql, orgId);
  return { ...org, nowS: wallS + org.clockOffsetS };
}

/** Opens the periods of organisations that have none for now. */
export async function openMissingPeriods(db: Db, nowS: number, orgId: string | null): Promise<void> {
  const behind = await singleSql(db)<{ id: string; time_zone: string; first_s: string; now_s: string }>`
    SELECT o.id, o.time_zone, (${nowS}::bigint + o.clock_offset_s)::text AS now_s,
      least(floor(extract(epoch FROM o.created_at))::bigint, ${nowS}::bigint)::text AS first_s
    FROM organization o
    WHERE (${orgId}::text IS NULL OR o.id = ${orgId}::text) AND NOT EXISTS (SELECT 1 FROM billing_period p
      WHERE p.org_id = o.id AND p.to_s > ${nowS}::bigint + o.clock_offset_s)`;
  for (const org of behind) {
    const firstS = Number(org.first_s);
    await withSql(db, (sql) =>
      ensurePeriods(sql, { orgId: org.id, timeZone: org.time_zone, firstS }, Number(org.now_s)),
    );
  }
}

/** Organisations looked up at a time, so that a month end holds no list of everybody. */
const ORGS_AT_ONCE = 500;

/** The periods of an organisation that are due, in the order of time, and whether any spend cap may end its leases. */
export interface DuePeriods {
  orgId: string;
  fromS: number[];
  capped: boolean;
}

/** The next organisations after one, by id, with periods that are due. */
export async function duePeriods(
  db: Db,
  nowS: number,
  after: string,
  orgId: string | null,
  policy: BillingPolicy,
): Promise<DuePeriods[]> {
  const rows = await singleSql(db)<{ org_id: string; from_s: string[]; capped: boolean }>`
    SELECT p.org_id, array_agg(p.from_s::text ORDER BY p.from_s) AS from_s,
      EXISTS (SELECT 1 FROM budget b WHERE b.org_id = p.org_id AND b.hard) AS capped
    FROM billing_period p JOIN organization o ON o.id = p.org_id
    WHERE p.status = 'open' AND p.to_s + ${policy.graceS}::bigint <= ${nowS}::bigint + o.clock_applied_s
      AND p.org_id > ${after} AND (${orgId}::text IS NULL OR o.id = ${orgId}::text)
    GROUP BY p.org_id ORDER BY p.org_id LIMIT ${ORGS_AT_ONCE}`;
  return rows.map((row) => ({ orgId: row.org_id, fromS: row.from_s.map(Number), capped: row.capped }));
}
