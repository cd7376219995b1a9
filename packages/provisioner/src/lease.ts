import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import type { OperationKind } from '@suanxiang/domain/workload-state';
import type { Provisioner } from './context';

/** Another worker has the operation, or it is over: stop without a trace. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

export interface ClaimedOperation {
  id: string;
  orgId: string;
  workloadId: string;
  kind: OperationKind;
  step: string;
  /** Fencing token: the workload's next counter value. Every write and driver call carries it. */
  epoch: number;
  /** Retries in a row without progress. */
  attempt: number;
  /** Set while the saga is being undone. */
  error: StatusReason | null;
  overdue: boolean;
  /** Unix seconds (wall clock) at which the request was accepted. */
  requestedAtS: number;
}

export type Claim =
  | { kind: 'claimed'; operation: ClaimedOperation }
  /** Not due yet, or its organisation has its share of workers: ring again after this time. */
  | { kind: 'wait'; afterMs: number }
  /** Finished, not placed yet, or in another worker's hands. */
  | { kind: 'none' };

interface ClaimRow {
  wait_ms: number;
  leased: boolean;
  active: number;
  epoch: number | null;
  org_id: string;
  workload_id: string;
  kind: OperationKind;
  step: string;
  attempt: number;
  error: StatusReason | null;
  overdue: boolean;
  requested_at_s: number;
}

/**
 * Takes an operation for `leaseMs` and raises the workload's fencing counter, in one statement on the database's clock.
 * The workload row is locked before the operation row, as everywhere.
 */
export async function claim(ctx: Provisioner, operationId: string): Promise<Claim> {
  const { activePerOrg } = ctx.limits;
  const [row] = await singleSql(ctx.db)<ClaimRow>`
    WITH due AS (
      SELECT o.id, o.org_id, o.workload_id, o.kind, o.step, o.attempt, o.error,
        ceil(extract(epoch FROM greatest(o.next_attempt_at - clock_timestamp(), interval '0')) * 1000)::int AS wait_ms,
        coalesce(o.lease_until > clock_timestamp(), false) AS leased,
        (SELECT count(*)::int FROM operation x
          WHERE x.org_id = o.org_id AND x.status = 'running' AND x.lease_until > clock_timestamp()) AS active,
        o.deadline_at < clock_timestamp() AS overdue, floor(extract(epoch FROM o.created_at))::float8 AS requested_at_s
      FROM operation o WHERE o.id = ${operationId} AND o.status IN ('pending', 'running') AND o.step <> 'place'
    ), bumped AS (
      UPDATE workload w SET fence = w.fence + 1 FROM due
      WHERE w.id = due.workload_id AND w.org_id = due.org_id
        AND due.wait_ms <= 20 AND NOT due.leased AND due.active < ${activePerOrg}
      RETURNING w.fence
    ), mine AS (
      UPDATE operation o SET lease_owner = ${ctx.workerId}, status = 'running', epoch = bumped.fence,
        lease_until = clock_timestamp() + ${ctx.timing.leaseMs} * interval '1 millisecond'
      FROM bumped WHERE o.id = ${operationId} AND o.status IN ('pending', 'running') AND o.step <> 'place'
        AND (o.lease_until IS NULL OR o.lease_until <= clock_timestamp())
      RETURNING o.epoch
    )
    SELECT due.*, mine.epoch FROM due LEFT JOIN mine ON true`;
  if (!row) return { kind: 'none' };
  if (row.epoch !== null) return { kind: 'claimed', operation: fromRow(operationId, row, row.epoch) };
  if (row.leased) return { kind: 'none' };
  if (row.wait_ms > 20) return { kind: 'wait', afterMs: row.wait_ms };
  return row.active >= activePerOrg ? { kind: 'wait', afterMs: 250 } : { kind: 'none' };
}

function fromRow(id: string, row: ClaimRow, epoch: number): ClaimedOperation {
  return {
    id,
    orgId: row.org_id,
    workloadId: row.workload_id,
    kind: row.kind,
    step: row.step,
    epoch,
    attempt: row.attempt,
    error: row.error,
    overdue: row.overdue,
    requestedAtS: row.requested_at_s,
  };
}

/** Makes the lease last from now. Throws Fenced when it is not ours any more. */
export async function renew(ctx: Provisioner, operation: ClaimedOperation): Promise<void> {
  const rows = await singleSql(ctx.db)`
    UPDATE operation SET lease_until = clock_timestamp() + ${ctx.timing.leaseMs} * interval '1 millisecond'
    WHERE id = ${operation.id} AND epoch = ${operation.epoch} AND status = 'running' RETURNING 1 AS one`;
  if (rows.length === 0) throw new Fenced(operation.id);
}

/**
 * Gives the operation back to be continued after `afterMs`. `attempt` counts retries in a row; `phase` is what tenants
 * see of the step. Throws Fenced when it is not ours any more.
 */
export async function handBack(
  ctx: Provisioner,
  operation: ClaimedOperation,
  next: { afterMs: number; attempt: number; phase: string | null },
): Promise<void> {
  const rows = await singleSql(ctx.db)`
    WITH mine AS (
      UPDATE operation SET lease_owner = NULL, lease_until = NULL, attempt = ${next.attempt},
        next_attempt_at = clock_timestamp() + ${next.afterMs} * interval '1 millisecond'
      WHERE id = ${operation.id} AND epoch = ${operation.epoch} AND status = 'running' RETURNING id, step
    ), shown AS (
      UPDATE operation_step s SET detail = coalesce(s.detail, '{}') || jsonb_build_object('phase', ${next.phase}::text)
      FROM mine WHERE s.operation_id = mine.id AND s.name = mine.step AND ${next.phase}::text IS NOT NULL
    )
    SELECT id FROM mine`;
  if (rows.length === 0) throw new Fenced(operation.id);
}

/**
 * Locks the workload, then the operation, and checks that the lease is still ours: first thing in every transaction of
 * a saga. Throws Fenced otherwise.
 */
export async function guard(sql: Sql, operation: ClaimedOperation): Promise<void> {
  const rows = await sql`
    WITH held AS MATERIALIZED (
      SELECT id FROM workload WHERE org_id = ${operation.orgId} AND id = ${operation.workloadId} FOR UPDATE)
    SELECT 1 AS one FROM operation o JOIN held ON o.workload_id = held.id
    WHERE o.id = ${operation.id} AND o.epoch = ${operation.epoch} AND o.status = 'running' FOR UPDATE OF o`;
  if (rows.length === 0) throw new Fenced(operation.id);
}
