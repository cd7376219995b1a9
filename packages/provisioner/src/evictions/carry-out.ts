import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { type StatusReason, transition } from '@suanxiang/db/transition';
import { closeMeters } from '../allocations';
import type { Provisioner } from '../context';

interface DueRow {
  id: string;
  org_id: string;
  workload_id: string;
}

interface Case {
  due: boolean;
  cause: string;
  reason: StatusReason;
  state: string;
  busy: boolean;
  now_s: number;
}

const MOST = 200;

/**
 * Interrupts running workloads whose time to go has come, by the same way as a fault does: their leases end with this second
 * of the database's clock, and their devices are given back afterwards (release-ended.ts, under the next epoch of the
 * workload). What its owner ended before is noted as ended. Takes no input, may run anywhere and at any time. Returns how
 * many were interrupted.
 */
export async function carryOutEvictions(ctx: Provisioner): Promise<number> {
  const due = await singleSql(ctx.db)<DueRow>`
    SELECT e.id, e.org_id, e.workload_id FROM eviction e JOIN workload w ON w.org_id = e.org_id AND w.id = e.workload_id
    WHERE e.state = 'told' AND (e.leave_at <= clock_timestamp() OR w.state <> 'running')
    ORDER BY e.leave_at LIMIT ${MOST}`;
  let gone = 0;
  for (const one of due) if (await withSql(ctx.db, (sql) => carryOut(ctx, sql, one))) gone += 1;
  return gone;
}

async function carryOut(ctx: Provisioner, sql: Sql, { id, org_id: orgId, workload_id: workloadId }: DueRow) {
  await sql`SELECT 1 FROM workload WHERE org_id = ${orgId} AND id = ${workloadId} FOR UPDATE`;
  const [one] = await sql<Case>`
    SELECT e.leave_at <= clock_timestamp() AS due, e.cause, e.reason, w.state,
      floor(extract(epoch FROM clock_timestamp()))::float8 AS now_s,
      EXISTS (SELECT 1 FROM operation o WHERE o.workload_id = w.id AND o.status IN ('pending', 'running')) AS busy
    FROM eviction e JOIN workload w ON w.org_id = e.org_id AND w.id = e.workload_id
    WHERE e.id = ${id} AND e.state = 'told' FOR UPDATE OF e`;
  if (!one) return false;
  if (one.state !== 'running') await settle(sql, id, 'ended');
  if (one.state !== 'running' || one.busy || !one.due) return false;
  const end = { wallS: one.now_s, reason: one.cause === 'maintenance' ? 'maintenance' : 'preempted' };
  await closeMeters(sql, { orgId, workloadId }, end);
  const nowMs = ctx.clock.nowMs();
  const actor = 'system:scheduler';
  await transition(sql, { orgId, workloadId, event: 'interrupted', actor, reason: one.reason, nowMs });
  await settle(sql, id, 'gone');
  ctx.failpoint('eviction:acted');
  return true;
}

async function settle(sql: Sql, id: string, state: 'gone' | 'ended'): Promise<void> {
  await sql`UPDATE eviction SET state = ${state}, settled_at = clock_timestamp() WHERE id = ${id}`;
}
