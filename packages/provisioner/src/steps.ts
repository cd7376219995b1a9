import type { Sql } from '@suanxiang/db/sql';
import type { StatusReason } from '@suanxiang/db/transition';
import { type ClaimedOperation, Fenced } from './lease';

/** Marks the present step as under way. One statement, guarded by the lease; may be repeated. */
export async function enterStep(sql: Sql, operation: ClaimedOperation): Promise<void> {
  await sql`
    UPDATE operation_step SET status = 'running', started_at = coalesce(started_at, clock_timestamp())
    WHERE operation_id = ${operation.id} AND name = ${operation.step} AND status IN ('pending', 'running')`;
}

/** Shows finer progress inside the present step to tenants. Does nothing when the lease is not ours any more. */
export async function showPhase(sql: Sql, operation: ClaimedOperation, phase: string): Promise<void> {
  await sql`
    UPDATE operation_step s SET detail = coalesce(s.detail, '{}') || jsonb_build_object('phase', ${phase}::text)
    FROM operation o WHERE o.id = ${operation.id} AND o.epoch = ${operation.epoch} AND o.status = 'running'
      AND s.operation_id = o.id AND s.name = o.step`;
}

/**
 * Ends the present step and enters the next, in one guarded statement. `lazily`, for a statement of its own: its commit
 * need not reach the disk at once, as a step that the server forgets in a crash is only done again. Throws Fenced.
 */
export async function advance(
  sql: Sql,
  operation: ClaimedOperation,
  next: { name: string; leaseMs: number; lazily: boolean },
): Promise<void> {
  const rows = await sql`
    WITH mine AS (
      UPDATE operation SET step = ${next.name}, attempt = 0,
        lease_until = clock_timestamp() + ${next.leaseMs} * interval '1 millisecond'
      WHERE id = ${operation.id} AND epoch = ${operation.epoch} AND status = 'running' AND step = ${operation.step}
      RETURNING id
    ), left_behind AS (
      UPDATE operation_step s SET status = 'done', finished_at = clock_timestamp()
      FROM mine WHERE s.operation_id = mine.id AND s.name = ${operation.step}
    ), entered AS (
      UPDATE operation_step s SET status = 'running', started_at = clock_timestamp()
      FROM mine WHERE s.operation_id = mine.id AND s.name = ${next.name}
    )
    SELECT id, CASE WHEN ${next.lazily}::boolean THEN set_config('synchronous_commit', 'off', true) END FROM mine`;
  if (rows.length === 0) throw new Fenced(operation.id);
}

/** Ends the operation after its last step. The caller holds the guard. */
export async function succeed(sql: Sql, operation: ClaimedOperation): Promise<void> {
  await sql`
    WITH ended AS (
      UPDATE operation SET status = 'succeeded', finished_at = clock_timestamp(), lease_owner = NULL, lease_until = NULL
      WHERE id = ${operation.id} RETURNING id)
    UPDATE operation_step s SET status = 'done', started_at = coalesce(s.started_at, clock_timestamp()),
      finished_at = clock_timestamp()
    FROM ended WHERE s.operation_id = ended.id AND s.status IN ('pending', 'running')`;
}

/** Records that the saga has failed and is to be undone: from now on every activation unwinds. Throws Fenced. */
export async function beginUnwind(sql: Sql, operation: ClaimedOperation, reason: StatusReason): Promise<void> {
  const rows = await sql`
    WITH mine AS (
      UPDATE operation SET error = ${reason}::jsonb, attempt = 0
      WHERE id = ${operation.id} AND epoch = ${operation.epoch} AND status = 'running' RETURNING id, step
    ), shown AS (
      UPDATE operation_step s SET status = 'failed', finished_at = clock_timestamp()
      FROM mine WHERE s.operation_id = mine.id AND s.name = mine.step
    )
    SELECT id FROM mine`;
  if (rows.length === 0) throw new Fenced(operation.id);
}

/** Ends an operation that is undone. The caller holds the guard. */
export async function fail(sql: Sql, operationId: string, reason: StatusReason): Promise<void> {
  await sql`
    UPDATE operation SET status = 'failed', error = ${reason}::jsonb, finished_at = clock_timestamp(),
      lease_owner = NULL, lease_until = NULL
    WHERE id = ${operationId}`;
  await sql`
    UPDATE operation_step SET status = CASE WHEN name = (SELECT step FROM operation WHERE id = ${operationId})
      THEN 'failed' ELSE 'skipped' END, finished_at = clock_timestamp()
    WHERE operation_id = ${operationId} AND status IN ('pending', 'running')`;
}

/** What the present step remembers of a decision to go back to the placement. */
export interface GoingBack {
  excludedNodeIds: string[];
  reason: StatusReason;
}

/** Records the decision to go back before anything is undone. Throws Fenced. */
export async function beginGoingBack(sql: Sql, operation: ClaimedOperation, back: GoingBack): Promise<void> {
  const rows = await sql`
    UPDATE operation_step s SET detail = coalesce(s.detail, '{}') || jsonb_build_object('back', ${back}::jsonb)
    FROM operation o WHERE o.id = ${operation.id} AND o.epoch = ${operation.epoch} AND o.status = 'running'
      AND s.operation_id = o.id AND s.name = o.step RETURNING 1 AS one`;
  if (rows.length === 0) throw new Fenced(operation.id);
}

/**
 * Puts the operation back to its placement step, which remembers the nodes to avoid and how often it was placed; the
 * workload says why. The caller holds the guard.
 */
export async function backToPlacement(sql: Sql, operation: ClaimedOperation, back: GoingBack): Promise<void> {
  await sql`
    UPDATE operation SET status = 'pending', step = 'place', attempt = 0, lease_owner = NULL, lease_until = NULL,
      next_attempt_at = clock_timestamp()
    WHERE id = ${operation.id}`;
  await sql`
    UPDATE workload SET status_reason = ${back.reason}::jsonb, updated_at = clock_timestamp()
    WHERE org_id = ${operation.orgId} AND id = ${operation.workloadId}`;
  await sql`
    UPDATE operation_step SET status = 'pending', started_at = NULL, finished_at = NULL,
      detail = CASE WHEN name <> 'place' THEN NULL ELSE jsonb_build_object(
        'placements', coalesce((detail->>'placements')::int, 0),
        'excluded', coalesce(detail->'excluded', '[]') || ((${back}::jsonb)->'excludedNodeIds'),
        'reason', (${back}::jsonb)->'reason') END
    WHERE operation_id = ${operation.id}`;
}
