import { placementKey, ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { OPERATION_STEPS, type OperationKind } from '@suanxiang/domain/workload-state';

export interface NewOperation {
  orgId: string;
  workloadId: string;
  regionId: string;
  zoneId: string | null;
  /** The only zone it may be placed in; null: any. */
  wantedZoneId?: string | null;
  kind: OperationKind;
  onCapacity: 'fail' | 'queue';
  requestedBy: string;
  requestId: string;
  nowMs: number;
}

const DEADLINE_MINUTES = 15;
/** What waits in the queue is given up after this long, unless its owner says sooner. */
const LONGEST_WAIT_S = 30 * 24 * 3_600;

/**
 * Ends what is under way on a workload in favour of something new: the worker's next guarded write finds the operation
 * superseded and stops. Steps that were not done are shown as skipped.
 */
export async function supersedeOperation(sql: Sql, orgId: string, workloadId: string): Promise<void> {
  await sql`
    WITH ended AS (
      UPDATE operation SET status = 'superseded', finished_at = now(), lease_owner = NULL, lease_until = NULL
      WHERE org_id = ${orgId} AND workload_id = ${workloadId} AND status IN ('pending', 'running') RETURNING id)
    UPDATE operation_step s SET status = 'skipped', finished_at = now() FROM ended
    WHERE s.operation_id = ended.id AND s.org_id = ${orgId} AND s.status IN ('pending', 'running')`;
}

/** Opens an operation with its steps and rings for whoever does the first one. Returns its id. */
export async function openOperation(sql: Sql, input: NewOperation): Promise<string> {
  const id = mintId('operation', input.nowMs);
  const steps = OPERATION_STEPS[input.kind];
  const waits = steps[0] === 'place' && input.onCapacity === 'queue';
  await sql`
    WITH opened AS (
      INSERT INTO operation (id, org_id, workload_id, kind, status, step, zone_id, deadline_at, requested_by, request_id)
      VALUES (${id}, ${input.orgId}, ${input.workloadId}, ${input.kind}, 'pending', ${steps[0]!}, ${input.zoneId},
        CASE WHEN ${waits}::boolean THEN (
          SELECT greatest(now(), not_before) + make_interval(secs => coalesce(max_wait_s, ${LONGEST_WAIT_S}::int))
          FROM workload WHERE org_id = ${input.orgId} AND id = ${input.workloadId})
        ELSE now() + make_interval(mins => ${DEADLINE_MINUTES}) END, ${input.requestedBy}, ${input.requestId}))
    INSERT INTO operation_step (operation_id, org_id, name, position, status)
    SELECT ${id}, ${input.orgId}, name, position - 1, 'pending'
    FROM unnest(${[...steps]}::text[]) WITH ORDINALITY AS step(name, position)`;
  if (steps[0] === 'place') await ring(sql, 'placement', placementKey(input.regionId, input.wantedZoneId ?? null));
  else await ring(sql, 'operation', id);
  return id;
}
