import type { Db } from '@suanxiang/db/client';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { Span } from '@suanxiang/domain/calendar';
import { type BillingPolicy, defaultPolicy } from '../policy';
import { checkHours } from '../usage/check-hours';
import { rollUpHours } from '../usage/usage-hours';

const DAY_S = 86_400;

export interface EvidenceDays {
  /** Partitions made ahead now. */
  made: number;
  /** Partitions dropped now, by name. */
  dropped: string[];
}

/** The second from which on blocks must be kept, and the first day that would go. */
async function keptFrom(
  db: Db,
  nowS: number,
  policy: BillingPolicy,
): Promise<{ keepS: number; oldestS: number | null }> {
  const reachS = policy.lateLimitS + policy.graceS;
  const [row] = await singleSql(db)<{ keep: string; oldest: string | null }>`
    SELECT least(${nowS}::bigint - ${policy.evidenceDays}::bigint * ${DAY_S}::bigint,
        (SELECT min(p.from_s) - ${reachS}::bigint - 31 * ${DAY_S}::bigint FROM billing_period p WHERE p.status = 'open'))::text
        AS keep,
      (SELECT extract(epoch FROM min(to_date(right(c.relname, 8), 'YYYYMMDD'))::timestamp AT TIME ZONE 'UTC')::bigint
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'usage_block'::regclass AND c.relname ~ '^usage_block_\\d{8}$')::text AS oldest`;
  return { keepS: Number(row!.keep), oldestS: row!.oldest === null ? null : Number(row!.oldest) };
}

/**
 * Makes sure that what the blocks before a second add up to stands in hours, each compared with its blocks a last time: afterwards the
 * hours' digests are what invoices are checked by. False when that cannot be said now.
 */
async function sealedInHours(db: Db, span: Span, nowMs: number): Promise<boolean> {
  if ((await rollUpHours(db, nowMs)) === null) return false;
  if ((await checkHours(db, span)) === null) return false;
  const due = await singleSql(db)`SELECT 1 AS one FROM usage_hour_due WHERE hour_s < ${span.toS}::bigint LIMIT 1`;
  return due.length === 0;
}

/**
 * Keeps the daily partitions of usage: makes the next `daysAhead` ones and drops those older than the retention, but
 * never one that an open period, or the correction of a closed one, may still read, and none whose hours are not all added up. Any
 * worker, any time. Role app_worker.
 */
export async function keepEvidenceDays(
  db: Db,
  nowMs: number,
  policy: BillingPolicy = defaultPolicy,
): Promise<EvidenceDays> {
  const nowS = Math.floor(nowMs / 1000);
  const { keepS, oldestS } = await keptFrom(db, nowS, policy);
  const dayS = keepS - (keepS % DAY_S);
  const drops = oldestS !== null && oldestS < dayS;
  const goS = drops && (await sealedInHours(db, { fromS: oldestS, toS: dayS }, nowMs)) ? dayS : 0;
  return withSql(db, async (sql) => {
    const [row] = await sql<{ made: number; dropped: string[] }>`
      SELECT made, dropped FROM suan_keep_usage_days(${nowS}::bigint, ${policy.daysAhead}::int, ${goS}::bigint)`;
    if (row!.dropped.length > 0) {
      await sql`UPDATE usage_hour_mark SET evidence_from_s = greatest(evidence_from_s, ${goS}::bigint)`;
    }
    return row!;
  });
}

/** Forgets batches that no agent may send again: their blocks would be too late, so that a repetition stores nothing. */
export async function pruneAgentBatches(db: Db, nowMs: number, policy: BillingPolicy = defaultPolicy): Promise<number> {
  const beforeS = Math.floor(nowMs / 1000) - policy.lateLimitS - DAY_S;
  const rows = await singleSql(db)`
    DELETE FROM agent_batch WHERE received_at < to_timestamp(${beforeS}::bigint) RETURNING 1 AS one`;
  return rows.length;
}
