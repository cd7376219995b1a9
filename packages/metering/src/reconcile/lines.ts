import type { Sql } from '@suanxiang/db/sql';
import { type ClosedPeriod, columnsOf, type Difference, type DifferenceRow, toDifference } from './difference';

/** Leases in a closed period that neither its invoice nor a later adjustment bills. A voided period bills nothing. */
export async function leasesNotBilled(sql: Sql, periods: readonly ClosedPeriod[]): Promise<Difference[]> {
  const { orgs, froms, tos } = columnsOf(periods);
  const rows = await sql<DifferenceRow>`
    SELECT a.org_id, p.from_s::text AS from_s, a.id AS subject, i.number AS related,
      (least(coalesce(a.end_s, p.to_s), p.to_s) - greatest(a.start_s, p.from_s))::text AS expected, '0' AS found
    FROM unnest(${orgs}::text[], ${froms}::bigint[], ${tos}::bigint[]) AS p(org_id, from_s, to_s)
    JOIN allocation a ON a.org_id = p.org_id AND a.start_s < p.to_s AND coalesce(a.end_s, p.to_s) > p.from_s
      AND a.end_s IS DISTINCT FROM a.start_s
    LEFT JOIN invoice i ON i.org_id = p.org_id AND i.from_s = p.from_s AND i.status = 'final'
    WHERE NOT EXISTS (SELECT 1 FROM invoice_line x WHERE x.org_id = a.org_id
        AND (x.allocation_id = a.id OR x.kind = 'tiered' AND x.sku = a.sku)
        AND (x.invoice_id = i.id AND x.kind IN ('usage', 'tiered') OR x.corrects_invoice_id = i.id))
      AND (i.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM invoice v
        WHERE v.org_id = p.org_id AND v.from_s = p.from_s AND v.status = 'void'))
    ORDER BY 1, 2, 3`;
  return rows.map(toDifference('lease_not_billed'));
}

/**
 * Lines whose seconds are not those of their lease in the period: billed and undelivered ones together are all of it for
 * an allocated lease, and never more for any. A later adjustment states the seconds anew; a credit note states none, so
 * that a line it corrected is left to the money's checks.
 */
export async function secondsThatDiffer(sql: Sql, periods: readonly ClosedPeriod[]): Promise<Difference[]> {
  const { orgs, froms, tos } = columnsOf(periods);
  const rows = await sql<DifferenceRow>`
    WITH s AS (
      SELECT i.org_id, i.from_s, i.id AS invoice_id, x.key, x.allocation_id, a.mode,
        coalesce(greatest(least(coalesce(a.end_s, p.to_s), p.to_s) - greatest(a.start_s, p.from_s), 0), 0) AS leased,
        coalesce(y.seconds, x.billed_seconds + x.undelivered_seconds) AS rated
      FROM unnest(${orgs}::text[], ${froms}::bigint[], ${tos}::bigint[]) AS p(org_id, from_s, to_s)
      JOIN invoice i ON i.org_id = p.org_id AND i.from_s = p.from_s AND i.status = 'final'
      JOIN invoice_line x ON x.org_id = i.org_id AND x.invoice_id = i.id AND x.kind = 'usage'
      LEFT JOIN allocation a ON a.org_id = x.org_id AND a.id = x.allocation_id
      LEFT JOIN LATERAL (SELECT l.billed_seconds + l.undelivered_seconds AS seconds FROM invoice_line l
        JOIN invoice j ON j.org_id = l.org_id AND j.id = l.invoice_id AND j.status = 'final'
        WHERE l.org_id = x.org_id AND l.corrects_invoice_id = i.id AND l.allocation_id = x.allocation_id
        ORDER BY j.from_s DESC LIMIT 1) y ON true
      WHERE NOT EXISTS (SELECT 1 FROM credit_note n, jsonb_to_recordset(n.lines) AS k(key text)
        WHERE n.org_id = i.org_id AND n.invoice_id = i.id AND k.key = x.key))
    SELECT org_id, from_s::text, allocation_id AS subject, invoice_id AS related, leased::text AS expected,
      rated::text AS found
    FROM s WHERE rated > leased OR (rated < leased AND mode = 'allocated') ORDER BY 1, 2, 3`;
  return rows.map(toDifference('seconds_differ'));
}
