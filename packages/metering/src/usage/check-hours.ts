import type { Db } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import type { Span } from '@suanxiang/domain/calendar';
import { type AddedHour, addUpHours, lockHours, storeHours } from './usage-hours';

/** Hours compared in one transaction: at most 6,000 blocks. */
const HOURS_AT_ONCE = 100;

export interface CheckedHours {
  checked: number;
  /** Hours that did not hold what their blocks add up to, and do now. */
  repaired: { allocationId: string; hourS: number }[];
}

interface Key {
  allocationId: string;
  hourS: number;
}

const textOf = (hour: AddedHour) => JSON.stringify(hour, Object.keys(hour).sort());

/**
 * Compares the hours of a span with the blocks they were made of and makes those again that differ, also where somebody has changed
 * one together with its seal, or taken one away. Hours that are due are left to the roll-up. Role app_worker; null when another worker
 * is at the hours.
 */
export async function checkHours(db: Db, span: Span): Promise<CheckedHours | null> {
  const found: CheckedHours = { checked: 0, repaired: [] };
  let after: Key = { allocationId: '', hourS: 0 };
  for (;;) {
    const page = await withSql(db, async (sql) => {
      if (!(await lockHours(sql))) return null;
      const rows = await sql<{ id: string; hour: string; seq: string; kept: string | null }>`
        SELECT k.id, k.hour_s::text AS hour, m.batch_seq::text AS seq, CASE WHEN h.allocation_id IS NOT NULL THEN
          jsonb_build_object('orgId', h.org_id, 'allocationId', h.allocation_id, 'hourS', h.hour_s, 'clipFrom', h.clip_from,
            'clipTo', h.clip_to, 'blocks', h.blocks, 'measured', h.measured, 'sumPpm', h.sum_ppm, 'floorPpm', h.floor_ppm,
            'flooredPpm', h.floored_ppm, 'weighed', h.weighed, 'digest', encode(h.digest, 'hex'), 'lastBatchSeq',
            h.last_batch_seq, 'lastArrivedS', h.last_arrived_s)::text END AS kept
        FROM usage_hour_mark m CROSS JOIN LATERAL (
          SELECT allocation_id AS id, hour_s FROM usage_hour WHERE hour_s >= ${span.fromS}::bigint AND hour_s < ${span.toS}::bigint
          UNION
          SELECT allocation_id, win_start_s - win_start_s % 3600 FROM usage_block
          WHERE win_start_s >= ${span.fromS}::bigint AND win_start_s < ${span.toS}::bigint AND batch_seq <= m.batch_seq
        ) AS k LEFT JOIN usage_hour h ON h.allocation_id = k.id AND h.hour_s = k.hour_s
        WHERE (k.id, k.hour_s) > (${after.allocationId}, ${after.hourS}::bigint) AND k.hour_s >= m.evidence_from_s
          AND NOT EXISTS (SELECT 1 FROM usage_hour_due d WHERE d.allocation_id = k.id AND d.hour_s = k.hour_s)
        ORDER BY k.id, k.hour_s LIMIT ${HOURS_AT_ONCE}`;
      if (rows.length === 0) return [];
      const keys = rows.map((row): Key => ({ allocationId: row.id, hourS: Number(row.hour) }));
      const right = await addUpHours(sql, keys, rows[0]!.seq);
      const kept = new Map(rows.map((row) => [`${row.id} ${row.hour}`, row.kept]));
      const wrong = right.filter((hour) => {
        const before = kept.get(`${hour.allocationId} ${hour.hourS}`);
        return !before || textOf(JSON.parse(before)) !== textOf(hour);
      });
      await storeHours(sql, wrong);
      found.repaired.push(...wrong.map(({ allocationId, hourS }) => ({ allocationId, hourS })));
      return keys;
    });
    if (page === null) return null;
    if (page.length === 0) return found;
    found.checked += page.length;
    after = page.at(-1)!;
  }
}
