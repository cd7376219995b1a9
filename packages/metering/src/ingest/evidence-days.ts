import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { type BillingPolicy, defaultPolicy } from '../policy';

const DAY_S = 86_400;

export interface EvidenceDays {
  /** Partitions made ahead now. */
  made: number;
  /** Partitions dropped now, by name. */
  dropped: string[];
}

/**
 * Keeps the daily partitions of usage: makes the next `daysAhead` ones and drops those older than the retention, but
 * never one that an open period, or the correction of a closed one, may still read. Any worker, any time. Role app_worker.
 */
export async function keepEvidenceDays(
  db: Db,
  nowMs: number,
  policy: BillingPolicy = defaultPolicy,
): Promise<EvidenceDays> {
  const nowS = Math.floor(nowMs / 1000);
  const reachS = policy.lateLimitS + policy.graceS;
  const [row] = await singleSql(db)<{ made: number; dropped: string[] }>`
    SELECT made, dropped FROM suan_keep_usage_days(${nowS}::bigint, ${policy.daysAhead}::int, (
      SELECT least(${nowS}::bigint - ${policy.evidenceDays}::bigint * ${DAY_S}::bigint,
        (SELECT min(p.from_s) - ${reachS}::bigint - 31 * ${DAY_S}::bigint FROM billing_period p WHERE p.status = 'open'))))`;
  return row!;
}

/** Forgets batches that no agent may send again: their blocks would be too late, so that a repetition stores nothing. */
export async function pruneAgentBatches(db: Db, nowMs: number, policy: BillingPolicy = defaultPolicy): Promise<number> {
  const beforeS = Math.floor(nowMs / 1000) - policy.lateLimitS - DAY_S;
  const rows = await singleSql(db)`
    DELETE FROM agent_batch WHERE received_at < to_timestamp(${beforeS}::bigint) RETURNING 1 AS one`;
  return rows.length;
}
