import type { Sql } from '@suanxiang/db/sql';
import { type ClosedPeriod, columnsOf, type Difference, type DifferenceRow, toDifference } from './difference';

/** A lease that delivered less than two whole minutes may end before its first block is complete. */
const SHORT_LEASE_S = 120;

/** Agents measure from the start of a container to its end, leases from edge to edge; the minutes between are clipped (S4). */
const EDGE_S = 300;

/** Leases that delivered and of which nothing was measured. */
export async function leasesWithoutEvidence(sql: Sql, periods: readonly ClosedPeriod[]): Promise<Difference[]> {
  const { orgs, froms, tos } = columnsOf(periods);
  const rows = await sql<DifferenceRow>`
    WITH l AS (
      SELECT a.org_id, a.id, p.from_s AS period_s, greatest(a.start_s, p.from_s) AS from_s,
        least(coalesce(a.end_s, p.to_s), p.to_s) AS to_s
      FROM unnest(${orgs}::text[], ${froms}::bigint[], ${tos}::bigint[]) AS p(org_id, from_s, to_s)
      JOIN allocation a ON a.org_id = p.org_id AND a.start_s < p.to_s AND coalesce(a.end_s, p.to_s) > p.from_s),
    d AS (
      SELECT l.*, l.to_s - l.from_s - coalesce((SELECT sum(upper(r) - lower(r)) FROM (
        SELECT unnest(range_agg(int8range(greatest(u.from_s, l.from_s), least(u.to_s, l.to_s)))) AS r FROM undelivered u
        WHERE u.org_id = l.org_id AND u.allocation_id = l.id AND u.from_s < l.to_s AND u.to_s > l.from_s) AS gaps), 0)
        AS delivered
      FROM l)
    SELECT org_id, period_s::text AS from_s, id AS subject, NULL::text AS related, delivered::text AS expected,
      '0' AS found
    FROM d WHERE delivered >= ${SHORT_LEASE_S}::bigint AND NOT EXISTS (SELECT 1 FROM usage_block b
      WHERE b.org_id = d.org_id AND b.allocation_id = d.id AND b.win_start_s > d.from_s - 60 AND b.win_start_s < d.to_s)
    ORDER BY 1, 2, 3`;
  return rows.map(toDifference('lease_without_evidence'));
}

/** Evidence of leases that do not exist, never began, or lie elsewhere in time; `found` counts the blocks. */
export async function evidenceWithoutLease(sql: Sql, periods: readonly ClosedPeriod[]): Promise<Difference[]> {
  const { orgs, froms, tos } = columnsOf(periods);
  const rows = await sql<DifferenceRow>`
    SELECT b.org_id, p.from_s::text AS from_s, b.allocation_id AS subject, NULL::text AS related, '0' AS expected,
      count(*)::text AS found
    FROM unnest(${orgs}::text[], ${froms}::bigint[], ${tos}::bigint[]) AS p(org_id, from_s, to_s)
    JOIN usage_block b ON b.org_id = p.org_id AND b.win_start_s >= p.from_s AND b.win_start_s < p.to_s
    LEFT JOIN allocation a ON a.org_id = b.org_id AND a.id = b.allocation_id
    WHERE a.start_s IS NULL OR b.win_start_s + 60 + ${EDGE_S}::bigint <= a.start_s
      OR b.win_start_s >= a.end_s + ${EDGE_S}::bigint
    GROUP BY b.org_id, p.from_s, b.allocation_id ORDER BY 1, 2, 3`;
  return rows.map(toDifference('evidence_without_lease'));
}

/** Refused evidence of leases that nobody knows, by lease; it belongs to no organisation. `month` is one of UTC. */
export async function refusedEvidence(sql: Sql, month: string | null): Promise<Difference[]> {
  const rows = await sql<DifferenceRow>`
    SELECT NULL::text AS org_id, NULL::text AS from_s, raw->>'allocation_id' AS subject, 'quarantine' AS related,
      '0' AS expected, count(*)::text AS found
    FROM usage_quarantine WHERE reason = 'unknown_lease'
      AND (${month}::text IS NULL OR to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM') = ${month}::text)
    GROUP BY raw->>'allocation_id' ORDER BY 3`;
  return rows.map(toDifference('evidence_without_lease'));
}
