import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import type { Cutoff } from '../ingest/cutoff';
import { takeCutoff } from '../ingest/cutoff';
import { cutoffBounds, minuteOf } from './load-samples';

/** Advisory lock of the one who adds hours up. */
const HOURS_LOCK = 7_238_201;

/**
 * Brings the hours up to date: every hour that a batch since the last time touched is added up again from its blocks, up to a
 * cutoff of now. Any worker, any time; one at a time. Role app_worker. Returns how many hours were written, or null when
 * another worker is at it.
 */
export async function rollUpHours(db: Db): Promise<number | null> {
  const upTo = await takeCutoff(db);
  return withSql(db, async (sql) => {
    const [lock] = await sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(${HOURS_LOCK}::bigint) AS mine`;
    if (!lock!.mine) return null;
    const [mark] = await sql<{ seq: string }>`SELECT batch_seq::text AS seq FROM usage_hour_mark`;
    const from = BigInt(mark?.seq ?? '-1');
    if (from >= upTo) return 0;
    const [row] = await sql<{ hours: number }>`
      WITH touched AS MATERIALIZED (
        SELECT DISTINCT allocation_id, win_start_s - win_start_s % 3600 AS hour_s FROM usage_block
        WHERE batch_seq > ${from.toString()}::bigint AND batch_seq <= ${upTo.toString()}::bigint
      ), written AS (
        INSERT INTO usage_hour AS h (org_id, allocation_id, hour_s, blocks, windows, measured, sum_ppm, last_batch_seq,
          last_arrived_s)
        SELECT min(b.org_id), t.allocation_id, t.hour_s, count(*), count(DISTINCT b.win_start_s), sum(b.measured), sum(b.sum_ppm),
          max(b.batch_seq), max(b.arrived_s)
        FROM touched t JOIN usage_block b ON b.allocation_id = t.allocation_id AND b.win_start_s >= t.hour_s
          AND b.win_start_s < t.hour_s + 3600
        WHERE b.batch_seq <= ${upTo.toString()}::bigint
        GROUP BY t.allocation_id, t.hour_s
        ON CONFLICT (allocation_id, hour_s) DO UPDATE SET blocks = excluded.blocks, windows = excluded.windows,
          measured = excluded.measured, sum_ppm = excluded.sum_ppm, last_batch_seq = excluded.last_batch_seq,
          last_arrived_s = excluded.last_arrived_s
        RETURNING 1)
      SELECT count(*)::int AS hours FROM written`;
    await sql`
      INSERT INTO usage_hour_mark (one, batch_seq) VALUES (true, ${upTo.toString()}::bigint)
      ON CONFLICT (one) DO UPDATE SET batch_seq = excluded.batch_seq`;
    return row!.hours;
  });
}

/** Forgets every hour; the next roll-up makes them again from the blocks. Role app_worker. */
export async function dropHours(sql: Sql): Promise<void> {
  await sql`DELETE FROM usage_hour_mark`;
  await sql`DELETE FROM usage_hour`;
}

export interface HourTotal {
  id: string;
  blocks: string;
  windows: string;
  measured: string;
  sum_ppm: string;
}

/**
 * Adds up whole blocks of stretches, by hours where these hold exactly the blocks of the cutoff, else by the blocks themselves.
 * The sums are those of the blocks, whatever hours there are.
 */
export async function hourTotals(
  sql: Sql,
  orgId: string,
  stretches: readonly { allocationId: string; fromS: number; toS: number }[],
  cutoff: Cutoff | null,
): Promise<HourTotal[]> {
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  return sql<HourTotal>`
    WITH s AS MATERIALIZED (
      SELECT * FROM unnest(${stretches.map((s) => s.allocationId)}::text[], ${stretches.map((s) => String(minuteOf(s.fromS)))}::bigint[],
        ${stretches.map((s) => String(s.toS))}::bigint[]) AS s(allocation_id, from_s, to_s)
    ), mark AS MATERIALIZED (SELECT coalesce(max(batch_seq), 9223372036854775807) AS batch_seq FROM usage_hour_mark
    ), stale AS MATERIALIZED (
      SELECT DISTINCT allocation_id, win_start_s - win_start_s % 3600 AS hour_s FROM usage_block
      WHERE batch_seq > (SELECT batch_seq FROM mark) AND org_id = ${orgId}
    ), hour AS MATERIALIZED (
      SELECT h.* FROM s JOIN usage_hour h ON h.allocation_id = s.allocation_id AND h.org_id = ${orgId}
        AND h.hour_s >= s.from_s AND h.hour_s + 3600 <= s.to_s
      WHERE h.last_batch_seq <= ${batchSeq}::bigint AND h.last_arrived_s <= ${arrivedS}::bigint
        AND NOT EXISTS (SELECT 1 FROM stale t WHERE t.allocation_id = h.allocation_id AND t.hour_s = h.hour_s)
    ), open AS MATERIALIZED (
      SELECT s.allocation_id, greatest(s.from_s, x) AS from_s, least(s.to_s, x + 3600) AS to_s
      FROM s, generate_series(s.from_s - s.from_s % 3600, s.to_s - 1, 3600) AS x
      WHERE NOT EXISTS (SELECT 1 FROM hour h WHERE h.allocation_id = s.allocation_id AND h.hour_s = x)
    ), part AS (
      SELECT allocation_id, blocks, windows, measured, sum_ppm FROM hour
      UNION ALL
      SELECT o.allocation_id, count(*), count(DISTINCT b.win_start_s), sum(b.measured), sum(b.sum_ppm)
      FROM open o JOIN usage_block b ON b.org_id = ${orgId} AND b.allocation_id = o.allocation_id
        AND b.win_start_s >= o.from_s AND b.win_start_s < o.to_s
      WHERE b.batch_seq <= ${batchSeq}::bigint AND b.arrived_s <= ${arrivedS}::bigint
      GROUP BY o.allocation_id, o.from_s
    )
    SELECT allocation_id AS id, sum(blocks)::text AS blocks, sum(windows)::text AS windows, sum(measured)::text AS measured,
      sum(sum_ppm)::text AS sum_ppm FROM part GROUP BY allocation_id`;
}
