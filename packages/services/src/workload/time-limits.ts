import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import type { FieldError } from '@suanxiang/domain/errors';
import { type EndTarget, endWorkload } from './end-workload';
import type { WorkloadSpec } from './spec';

/** How far ahead a launch may ask to start. */
const FURTHEST_MS = 30 * 86_400_000;
const MOST = 200;

/** Why a lease ended: its workload had run as long as its owner allowed. */
const TIME_LIMIT = 'time_limit';

const REASON: StatusReason = {
  code: TIME_LIMIT,
  en: 'Stopped because it had run for as long as max_duration_s allows. Start it again for another run.',
  zh: '已达到 max_duration_s 规定的最长运行时间，已停止。可再次启动。',
};

/** What is wrong with the times that a launch asks for: they only make sense where it may wait. */
export function wrongTimes(
  { notBefore, maxWaitS, onCapacity }: Pick<WorkloadSpec, 'notBefore' | 'maxWaitS' | 'onCapacity'>,
  nowMs: number,
): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (field: string, code: string, detail: string) =>
    errors.push({ pointer: `/body/${field}`, code, detail });
  const mayWait = 'Send "on_capacity": "queue" with it: this launch may not wait.';
  if (notBefore !== null && onCapacity !== 'queue') wrong('not_before', 'needs_queue', mayWait);
  if (maxWaitS !== null && onCapacity !== 'queue') wrong('max_wait_s', 'needs_queue', mayWait);
  if (notBefore !== null && Date.parse(notBefore) > nowMs + FURTHEST_MS) {
    wrong('not_before', 'too_far', 'Lies more than 30 days ahead.');
  }
  return errors;
}

interface DueRow extends EndTarget {
  org_id: string;
}

/**
 * Stops runs that have lasted as long as they may (role app_worker). Their leases end with the second in which the limit was reached,
 * however late this is noticed; the stop then goes its normal way. May be repeated by any worker. Returns the ids of what it
 * stopped.
 */
export async function enforceTimeLimits(db: Db, nowMs: number): Promise<string[]> {
  const due = await singleSql(db)<DueRow>`
    SELECT w.org_id, w.id, w.kind, w.region_id, w.zone_id, w.on_capacity FROM workload w
    WHERE w.state = 'running' AND w.max_duration_s IS NOT NULL AND EXISTS (SELECT 1 FROM allocation a
      WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.state = 'running'
        AND a.start_s + w.max_duration_s <= suan_billing_now_s(a.clock_offset_s))
    ORDER BY w.id LIMIT ${MOST}`;
  const stopped: string[] = [];
  for (const row of due) if (await withSql(db, (sql) => stopAtLimit(sql, row, nowMs))) stopped.push(row.id);
  return stopped;
}

async function stopAtLimit(sql: Sql, { org_id: orgId, ...target }: DueRow, nowMs: number): Promise<boolean> {
  const [row] = await sql<{ max_duration_s: number | null }>`
    SELECT max_duration_s FROM workload WHERE org_id = ${orgId} AND id = ${target.id} AND state = 'running' FOR UPDATE`;
  // Its owner may have lengthened or lifted the limit since.
  if (row?.max_duration_s == null) return false;
  const ended = await sql`
    UPDATE allocation a SET state = 'ended', end_s = a.start_s + ${row.max_duration_s}::bigint, end_reason = ${TIME_LIMIT}
    WHERE a.org_id = ${orgId} AND a.workload_id = ${target.id} AND a.state = 'running'
      AND a.start_s + ${row.max_duration_s}::bigint <= suan_billing_now_s(a.clock_offset_s) RETURNING 1 AS one`;
  return ended.length > 0 && (await endWorkload(sql, orgId, target, { action: 'stop', reason: REASON, nowMs }));
}
