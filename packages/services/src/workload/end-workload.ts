import { audit } from '@suanxiang/db/audit';
import type { Sql } from '@suanxiang/db/sql';
import { type StatusReason, transition } from '@suanxiang/db/transition';
import { nextWorkloadState, WORKLOAD_ACTIONS, type WorkloadState } from '@suanxiang/domain/workload-state';
import { openOperation, supersedeOperation } from './open-operation';

const ACTOR = 'system:billing';

/** What has to be known of a workload to end it. */
export interface EndTarget {
  id: string;
  kind: 'instance' | 'cluster';
  region_id: string;
  zone_id: string | null;
  on_capacity: 'fail' | 'queue';
}

/** Stops or deletes one workload as billing's decision; does nothing where its state does not allow it (any more). */
export async function endWorkload(
  sql: Sql,
  orgId: string,
  target: EndTarget,
  order: { action: 'stop' | 'terminate'; reason: StatusReason; nowMs: number },
): Promise<boolean> {
  const { action, reason, nowMs } = order;
  const { event, operation } = WORKLOAD_ACTIONS[action];
  const [row] = await sql<{ state: WorkloadState }>`
    SELECT state FROM workload WHERE org_id = ${orgId} AND id = ${target.id} FOR UPDATE`;
  if (!row || nextWorkloadState(row.state, event) === null) return false;
  await supersedeOperation(sql, orgId, target.id);
  const operationId = await openOperation(sql, {
    orgId,
    workloadId: target.id,
    regionId: target.region_id,
    zoneId: target.zone_id,
    kind: operation,
    onCapacity: target.on_capacity,
    requestedBy: ACTOR,
    requestId: '',
    nowMs,
  });
  await sql`
    UPDATE workload SET desired = ${action === 'stop' ? 'stopped' : 'terminated'} WHERE org_id = ${orgId} AND id = ${target.id}`;
  await transition(sql, { orgId, workloadId: target.id, event, actor: ACTOR, reason, operationId, nowMs });
  await audit(sql, {
    orgId,
    actor: ACTOR,
    authMethod: 'system',
    action: `${target.kind}.${action}`,
    resource: target.id,
    result: 'success',
    detail: { reason: reason.code, operation_id: operationId },
    nowMs,
  });
  return true;
}
