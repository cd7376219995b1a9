import type { Sql } from '@suanxiang/db/sql';
import type { StatusReason } from '@suanxiang/db/transition';
import type { WaitingEntry } from '@suanxiang/scheduler/queue/types';
import type { Waiting } from '../placement-commit';
import type { Plan } from './look';

/** Writes what those that wait on are told, and the memory of the queue. */
export async function writeQueue(
  sql: Sql,
  regionId: string,
  plan: Pick<Plan, 'waiting' | 'memory'>,
  still: ReadonlySet<string>,
): Promise<void> {
  const kept = plan.waiting.filter(({ one }) => still.has(one.operationId));
  if (kept.length > 0) await writeEntries(sql, kept);
  await showReasons(sql, kept);
  if (!plan.memory) return;
  const { plans, carriedOver } = plan.memory;
  await sql`
    INSERT INTO queue_state (region_id, plans, carried_over, round)
    VALUES (${regionId}, (${{ plans }}::jsonb)->'plans', ${carriedOver}::text[], 1)
    ON CONFLICT (region_id) DO UPDATE SET plans = excluded.plans, carried_over = excluded.carried_over,
      round = queue_state.round + 1, updated_at = clock_timestamp()`;
}

function reasonOf(entry: WaitingEntry): StatusReason {
  return entry.reason ?? { code: `waiting.${entry.binding}`, en: entry.binding, zh: entry.binding };
}

async function writeEntries(sql: Sql, waiting: Plan['waiting']): Promise<void> {
  const entries = waiting.map(({ one, entry }) => ({
    operation_id: one.operationId,
    org_id: one.orgId,
    project_id: one.projectId,
    workload_id: one.workloadId,
    region_id: one.request.regionId,
    model_id: one.request.modelId,
    place: entry.place,
    binding: entry.binding,
    reason: reasonOf(entry),
    facts: entry.facts,
    quota_node_id: entry.quotaNodeId,
    likely_s: entry.estimate?.likelyS ?? null,
    from_s: entry.estimate?.fromS ?? null,
    to_s: entry.estimate?.toS ?? null,
    basis: entry.estimate?.basis ?? null,
    would_start: entry.wouldStart,
    since_s: one.submittedAtS,
  }));
  await sql`
    INSERT INTO queue_entry (operation_id, org_id, project_id, workload_id, region_id, model_id, place, binding, reason,
      facts, quota_node_id, estimate_likely_at, estimate_from_at, estimate_to_at, estimate_basis, would_start,
      waiting_since, refreshed_at, given_at, given_likely_at, given_basis)
    SELECT operation_id, org_id, project_id, workload_id, region_id, model_id, place, binding, reason, facts,
      quota_node_id, to_timestamp(likely_s), to_timestamp(from_s), to_timestamp(to_s), basis, would_start,
      to_timestamp(since_s), clock_timestamp(), clock_timestamp(), to_timestamp(likely_s), basis
    FROM jsonb_to_recordset((${{ entries }}::jsonb)->'entries') AS e(operation_id text, org_id text, project_id text,
      workload_id text, region_id text, model_id text, place int, binding text, reason jsonb, facts jsonb,
      quota_node_id text, likely_s float8, from_s float8, to_s float8, basis text, would_start jsonb, since_s float8)
    ON CONFLICT (operation_id) DO UPDATE SET place = excluded.place, binding = excluded.binding, reason = excluded.reason,
      facts = excluded.facts, quota_node_id = excluded.quota_node_id, estimate_likely_at = excluded.estimate_likely_at,
      estimate_from_at = excluded.estimate_from_at, estimate_to_at = excluded.estimate_to_at,
      estimate_basis = excluded.estimate_basis, would_start = excluded.would_start,
      refreshed_at = excluded.refreshed_at`;
}

/** The workload itself shows why it waits; it changes when the cause does, not with every new estimate. */
async function showReasons(sql: Sql, waiting: readonly { one: Waiting; entry: WaitingEntry }[]): Promise<void> {
  for (const { one, entry } of waiting) {
    const reason = reasonOf(entry);
    if (one.reasonCode === reason.code) continue;
    await sql`
      UPDATE workload SET status_reason = ${reason}::jsonb, updated_at = now(), version = version + 1
      WHERE org_id = ${one.orgId} AND id = ${one.workloadId}`;
  }
}
