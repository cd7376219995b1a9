import { audit } from '@suanxiang/db/audit';
import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { type StatusReason, transition } from '@suanxiang/db/transition';
import { nextWorkloadState, WORKLOAD_ACTIONS, type WorkloadState } from '@suanxiang/domain/workload-state';
import type { Accrued } from '@suanxiang/metering/accrual/accrue';
import { openOperation, supersedeOperation } from './open-operation';

const ACTOR = 'system:billing';

const REASONS = {
  frozen: {
    code: 'arrears_frozen',
    en: 'Stopped because the balance was used up and the grace period is over. Top up and start it again.',
    zh: '余额用尽且宽限期已过，已停止。充值后可重新启动。',
  },
  released: {
    code: 'arrears_released',
    en: 'Deleted because the balance stayed used up until the end of the time for which stopped workloads are kept.',
    zh: '余额持续不足，保留期已过，已删除。',
  },
  budget: {
    code: 'budget_used_up',
    en: 'Stopped because the budget of its project or organisation for this period is used up.',
    zh: '本期项目或组织预算已用尽，已停止。',
  },
} as const satisfies Record<string, StatusReason>;

interface Target {
  id: string;
  kind: 'instance' | 'cluster';
  region_id: string;
  zone_id: string | null;
  on_capacity: 'fail' | 'queue';
}

/** Stops or deletes one workload as billing's decision; does nothing where its state does not allow it (any more). */
async function end(
  sql: Sql,
  orgId: string,
  target: Target,
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

/** Ends every workload of an organisation (or of one project) that is in one of some states. */
async function endAll(
  db: Db,
  scope: { orgId: string; projectId: string | null; states: readonly WorkloadState[] },
  order: { action: 'stop' | 'terminate'; reason: StatusReason; nowMs: number },
): Promise<string[]> {
  const targets = await singleSql(db)<Target>`
    SELECT id, kind, region_id, zone_id, on_capacity FROM workload
    WHERE org_id = ${scope.orgId} AND state = ANY (${[...scope.states]}::text[])
      AND (${scope.projectId}::text IS NULL OR project_id = ${scope.projectId}::text) ORDER BY id`;
  const ended: string[] = [];
  for (const target of targets) {
    if (await withSql(db, (sql) => end(sql, scope.orgId, target, order))) ended.push(target.id);
  }
  return ended;
}

/** Not running yet, and nothing in them: there is no use in keeping them. */
const UNBEGUN: readonly WorkloadState[] = ['queued', 'provisioning'];

/**
 * Makes true what an account's standing says (role app_worker): a frozen account's workloads are stopped and kept, a
 * released one's are deleted, and what runs in the scope of a used-up hard budget is stopped. Repeating it changes
 * nothing. Returns the ids of the workloads that it ended.
 */
export async function enforceStanding(db: Db, accrued: Accrued, nowMs: number): Promise<string[]> {
  const { orgId, stage, usedBudgets } = accrued;
  const ended: string[] = [];
  for (const { projectId } of usedBudgets) {
    const order = { action: 'stop' as const, reason: REASONS.budget, nowMs };
    ended.push(...(await endAll(db, { orgId, projectId, states: ['running'] }, order)));
  }
  if (stage !== 'frozen' && stage !== 'released') return ended;
  const whole = { orgId, projectId: null };
  const stop = { action: 'stop' as const, reason: REASONS.frozen, nowMs };
  ended.push(...(await endAll(db, { ...whole, states: ['running'] }, stop)));
  const cancel = { ...stop, action: 'terminate' as const };
  ended.push(...(await endAll(db, { ...whole, states: UNBEGUN }, cancel)));
  if (stage === 'released') {
    const order = { action: 'terminate' as const, reason: REASONS.released, nowMs };
    ended.push(...(await endAll(db, { ...whole, states: ['stopped', 'interrupted'] }, order)));
  }
  return ended;
}
