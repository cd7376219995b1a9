import { placementKey, ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { transition } from '@suanxiang/db/transition';
import { mintId } from '@suanxiang/domain/ids';
import { OPERATION_STEPS } from '@suanxiang/domain/workload-state';
import type { Provisioner } from '../context';

interface Row {
  org_id: string;
  id: string;
  region_id: string;
  wanted_zone_id: string | null;
}

const MOST = 200;
const WAIT_DAYS = 30;
const ACTOR = 'system:scheduler';

/**
 * Puts interrupted work that had to make room back into the queue as soon as its devices are given back: what is
 * preemptible or movable starts again by itself wherever the queue finds room, unless its account is frozen. Takes no input and may be repeated. Returns
 * how many came back.
 */
export async function comeBack(ctx: Provisioner): Promise<number> {
  const out = await singleSql(ctx.db)<Row>`
    SELECT w.org_id, w.id, w.region_id, w.wanted_zone_id FROM workload w
    WHERE w.state = 'interrupted' AND w.desired = 'running' AND (w.preemptible OR w.movable)
      AND w.status_reason->>'code' LIKE 'preempted.%'
      AND NOT EXISTS (SELECT 1 FROM allocation a
        WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.released_at IS NULL)
      AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.workload_id = w.id AND o.status IN ('pending', 'running'))
      AND NOT EXISTS (SELECT 1 FROM accrual m WHERE m.org_id = w.org_id AND m.stage IN ('frozen', 'released'))
    ORDER BY w.updated_at LIMIT ${MOST}`;
  let back = 0;
  for (const row of out) if (await withSql(ctx.db, (sql) => startAgain(ctx, sql, row))) back += 1;
  return back;
}

async function startAgain(ctx: Provisioner, sql: Sql, row: Row): Promise<boolean> {
  const nowMs = ctx.clock.nowMs();
  const [still] = await sql`
    SELECT 1 AS one FROM workload w WHERE w.org_id = ${row.org_id} AND w.id = ${row.id} AND w.state = 'interrupted'
      AND w.desired = 'running' AND w.status_reason->>'code' LIKE 'preempted.%'
      AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.workload_id = w.id AND o.status IN ('pending', 'running'))
    FOR UPDATE OF w`;
  if (!still) return false;
  const operationId = mintId('operation', nowMs);
  const steps = [...OPERATION_STEPS.start];
  await sql`
    WITH opened AS (
      INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
      VALUES (${operationId}, ${row.org_id}, ${row.id}, 'start', 'pending', ${steps[0]!},
        now() + make_interval(days => ${WAIT_DAYS}), ${ACTOR}))
    INSERT INTO operation_step (operation_id, org_id, name, position, status)
    SELECT ${operationId}, ${row.org_id}, name, position - 1, 'pending'
    FROM unnest(${steps}::text[]) WITH ORDINALITY AS step(name, position)`;
  const base = { orgId: row.org_id, workloadId: row.id, actor: ACTOR, operationId, nowMs };
  await transition(sql, { ...base, event: 'start_requested' });
  await ring(sql, 'placement', placementKey(row.region_id, row.wanted_zone_id));
  return true;
}
