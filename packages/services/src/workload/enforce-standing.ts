import type { Db } from '@suanxiang/db/client';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import type { WorkloadState } from '@suanxiang/domain/workload-state';
import type { Accrued } from '@suanxiang/metering/accrual/accrue';
import { type EndTarget, endWorkload } from './end-workload';

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
} as const satisfies Record<string, StatusReason>;

/** Ends every workload of an organisation that is in one of some states. */
async function endAll(
  db: Db,
  scope: { orgId: string; states: readonly WorkloadState[] },
  order: { action: 'stop' | 'terminate'; reason: StatusReason; nowMs: number },
): Promise<string[]> {
  const targets = await singleSql(db)<EndTarget>`
    SELECT id, kind, region_id, zone_id, on_capacity FROM workload
    WHERE org_id = ${scope.orgId} AND state = ANY (${[...scope.states]}::text[]) ORDER BY id`;
  const ended: string[] = [];
  for (const target of targets) {
    if (await withSql(db, (sql) => endWorkload(sql, scope.orgId, target, order))) ended.push(target.id);
  }
  return ended;
}

/** Not running yet, and nothing in them: there is no use in keeping them. */
const UNBEGUN: readonly WorkloadState[] = ['queued', 'provisioning'];

/**
 * Makes true what an account's standing says (role app_worker): a frozen account's workloads are stopped and kept, a
 * released one's are deleted. Repeating it changes nothing. Returns the ids of the workloads that it ended.
 */
export async function enforceStanding(db: Db, accrued: Accrued, nowMs: number): Promise<string[]> {
  const { orgId, stage } = accrued;
  const ended: string[] = [];
  if (stage !== 'frozen' && stage !== 'released') return ended;
  const stop = { action: 'stop' as const, reason: REASONS.frozen, nowMs };
  ended.push(...(await endAll(db, { orgId, states: ['running'] }, stop)));
  const cancel = { ...stop, action: 'terminate' as const };
  ended.push(...(await endAll(db, { orgId, states: UNBEGUN }, cancel)));
  if (stage === 'released') {
    const order = { action: 'terminate' as const, reason: REASONS.released, nowMs };
    ended.push(...(await endAll(db, { orgId, states: ['stopped', 'interrupted'] }, order)));
  }
  return ended;
}
