import { mintId } from '@suanxiang/domain/ids';
import {
  nextWorkloadState,
  statesAllowing,
  type WorkloadEvent,
  type WorkloadState,
} from '@suanxiang/domain/workload-state';
import type { Sql } from './sql';

/** Why something is in its state, for people, in both languages. */
export interface StatusReason {
  code: string;
  en: string;
  zh: string;
}

export interface TransitionInput {
  orgId: string;
  workloadId: string;
  event: WorkloadEvent;
  /** `user:<id>`, `key:<id>` or `system:<part>`. */
  actor: string;
  reason?: StatusReason | null;
  operationId?: string | null;
  nowMs: number;
}

export interface TransitionResult {
  from: WorkloadState;
  to: WorkloadState;
}

/**
 * The one function that changes a workload's state: row lock, table look-up, guarded update, history row.
 * Returns null, having changed nothing, when the event is not legal in the present state (or there is no such workload):
 * the caller decides whether that is an error or somebody else having been quicker.
 */
export async function transition(sql: Sql, input: TransitionInput): Promise<TransitionResult | null> {
  const [row] = await sql<{ state: WorkloadState }>`
    SELECT state FROM workload WHERE org_id = ${input.orgId} AND id = ${input.workloadId} FOR UPDATE`;
  if (!row) return null;
  const to = nextWorkloadState(row.state, input.event);
  if (to === null) return null;
  const reason = input.reason ?? null;
  await sql`
    UPDATE workload SET state = ${to}, status_reason = ${reason}::jsonb, updated_at = clock_timestamp(),
      version = version + 1,
      running_since = CASE WHEN ${to} = 'running' THEN clock_timestamp()
        WHEN ${to} IN ('stopping', 'terminating') THEN running_since ELSE NULL END,
      terminated_at = CASE WHEN ${to} IN ('terminated', 'failed') THEN clock_timestamp() ELSE terminated_at END
    WHERE org_id = ${input.orgId} AND id = ${input.workloadId}`;
  // Under the row lock, so that the history's times rise in the order in which the changes came true.
  await sql`
    INSERT INTO state_change (id, org_id, workload_id, from_state, to_state, event, actor, reason, operation_id, at)
    SELECT ${mintId('stateChange', input.nowMs)}, ${input.orgId}, ${input.workloadId}, ${row.state}, ${to},
      ${input.event}, ${input.actor}, ${reason}::jsonb, ${input.operationId ?? null},
      greatest(clock_timestamp(), max(at) + interval '1 millisecond')
    FROM state_change WHERE org_id = ${input.orgId} AND workload_id = ${input.workloadId}`;
  return { from: row.state, to };
}

/** Sentence for people when an event is refused: names the present state and the states that allow it. */
export function refusal(event: WorkloadEvent, state: WorkloadState): string {
  return `It is ${state}; this needs one of: ${statesAllowing(event).join(', ')}.`;
}
