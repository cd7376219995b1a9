import type { Sql } from '@suanxiang/db/sql';
import { type StatusReason, transition } from '@suanxiang/db/transition';
import { mintId } from '@suanxiang/domain/ids';
import type { WorkloadEvent, WorkloadState } from '@suanxiang/domain/workload-state';
import type { Decision, PlacementRequest } from '@suanxiang/scheduler/types';
import type { Provisioner } from './context';
import { fail } from './steps';

/** An operation that waits for devices. */
export interface Waiting {
  operationId: string;
  orgId: string;
  projectId: string;
  workloadId: string;
  sku: string;
  currency: string;
  /** Of the organisation's test clock, now; the saga follows if it moves before the meter starts. */
  clockOffsetS: number;
  kind: 'launch' | 'start';
  state: WorkloadState;
  /** Past its deadline: it fails unless it fits now. */
  overdue: boolean;
  onCapacity: 'fail' | 'queue';
  /** Code of the reason that the workload shows. */
  reasonCode: string | null;
  createdBy: string;
  /** Rank of its class: the higher, the sooner. */
  priority: number;
  preemptible: boolean;
  expectedDurationS: number | null;
  /** The platform ends it after this long; null: it runs until somebody ends it. */
  limitDurationS: number | null;
  notBeforeS: number | null;
  /** It asked not to start yet. */
  tooEarly: boolean;
  /** Set where its owner has said how long it may wait: it must not start later. */
  deadlineS: number | null;
  submittedAtS: number;
  /** When it was told to go before, and went. */
  preemptedAtS: number[];
  request: PlacementRequest;
}

/** A request that will not be tried again, and why. */
export interface Refused {
  one: Waiting;
  reason: StatusReason;
}

/** The cache of who holds a device disagreed with the spans that decide; the round is rolled back and the cache mended. */
export class StaleHolders extends Error {
  override readonly name = 'StaleHolders';
}

/**
 * Writes decisions: allocations with their devices (the exclusion constraint has the last word), the holders' cache,
 * the workloads' states, and the operations' next step with a ring for each.
 */
export async function commitDecisions(
  ctx: Provisioner,
  sql: Sql,
  decided: readonly { one: Waiting; answer: Decision }[],
): Promise<void> {
  if (decided.length === 0) return;
  const nowMs = ctx.clock.nowMs();
  const parts = decided.flatMap(({ one, answer }) =>
    answer.nodes.map((node) => ({
      id: mintId('allocation', nowMs),
      org: one.orgId,
      workload: one.workloadId,
      project: one.projectId,
      operation: one.operationId,
      zone: answer.zoneId,
      node: node.nodeId,
      rank: node.rank,
      sku: one.sku,
      currency: one.currency,
      gpus: node.deviceIds.length,
      offset_s: one.clockOffsetS,
      devices: node.deviceIds,
    })),
  );
  await sql`
    INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus,
      clock_offset_s)
    SELECT id, org, workload, project, operation, rank, zone, node, sku, currency, gpus, offset_s
    FROM jsonb_to_recordset((${{ parts }}::jsonb)->'parts') AS p(id text, org text, workload text, project text,
      operation text, rank int, zone text, node text, sku text, currency text, gpus int, offset_s bigint)`;
  await sql`
    INSERT INTO allocation_device (allocation_id, device_id, org_id, position, span)
    SELECT p.id, d.device_id, p.org, d.position - 1, tstzrange(clock_timestamp(), NULL)
    FROM jsonb_to_recordset((${{ parts }}::jsonb)->'parts') AS p(id text, org text, devices jsonb)
      CROSS JOIN LATERAL jsonb_array_elements_text(p.devices) WITH ORDINALITY AS d(device_id, position)`;
  const held = await sql`
    UPDATE device SET held_by = given.allocation_id
    FROM (SELECT p.id AS allocation_id, d.device_id
      FROM jsonb_to_recordset((${{ parts }}::jsonb)->'parts') AS p(id text, devices jsonb)
        CROSS JOIN LATERAL jsonb_array_elements_text(p.devices) AS d(device_id)) given
    WHERE device.id = given.device_id AND device.held_by IS NULL
      AND device.id = ANY (${parts.flatMap((part) => part.devices)}::text[]) RETURNING 1 AS one`;
  if (held.length !== parts.reduce((sum, part) => sum + part.gpus, 0)) throw new StaleHolders();
  await moveOperations(sql, decided);
  for (const { one } of decided) {
    if (one.state === 'queued') await move(ctx, sql, one, 'placed', null, nowMs);
  }
}

async function moveOperations(sql: Sql, decided: readonly { one: Waiting; answer: Decision }[]): Promise<void> {
  const moved = decided.map(({ one, answer }) => ({
    id: one.operationId,
    workload: one.workloadId,
    zone: answer.zoneId,
    detail: { why: answer.why, spans: answer.spans },
  }));
  // Named again as arrays, from which the planner knows that they are few: history must not be scanned.
  const operationIds = moved.map((one) => one.id);
  const workloadIds = moved.map((one) => one.workload);
  await sql`
    WITH m AS (
      SELECT * FROM jsonb_to_recordset((${{ moved }}::jsonb)->'moved')
        AS m(id text, workload text, zone text, detail jsonb)
    ), zoned AS (
      UPDATE workload SET zone_id = m.zone, status_reason = NULL FROM m
      WHERE workload.id = m.workload AND workload.id = ANY (${workloadIds}::text[])
    ), stepped AS (
      UPDATE operation SET step = 'prepare', zone_id = m.zone, attempt = 0, next_attempt_at = clock_timestamp()
      FROM m WHERE operation.id = m.id AND operation.id = ANY (${operationIds}::text[])
    ), told AS (
      UPDATE operation_step s SET status = 'done', started_at = coalesce(s.started_at, clock_timestamp()),
        finished_at = clock_timestamp(), detail = coalesce(s.detail, '{}') || m.detail
          || jsonb_build_object('placements', coalesce((s.detail->>'placements')::int, 0) + 1)
      FROM m WHERE s.operation_id = m.id AND s.name = 'place' AND s.operation_id = ANY (${operationIds}::text[])
    )
    INSERT INTO outbox (topic, key) SELECT 'operation', id FROM m`;
}

/** Ends requests that do not wait, or have waited too long, with nothing left behind. */
export async function commitRefusals(ctx: Provisioner, sql: Sql, refused: readonly Refused[]): Promise<void> {
  for (const { one, reason } of refused) {
    await move(ctx, sql, one, failureOf(one), reason, ctx.clock.nowMs());
    await fail(sql, one.operationId, reason);
  }
}

/** The event of a placement that will not be tried again. */
function failureOf(one: Waiting): WorkloadEvent {
  if (one.state === 'queued') return 'no_capacity';
  return one.kind === 'launch' ? 'boot_failed' : 'start_failed';
}

async function move(
  ctx: Provisioner,
  sql: Sql,
  one: Waiting,
  event: WorkloadEvent,
  reason: StatusReason | null,
  nowMs: number,
): Promise<void> {
  const { orgId, workloadId, operationId } = one;
  const actor = 'system:scheduler';
  const result = await transition(sql, { orgId, workloadId, operationId, event, actor, reason, nowMs });
  if (!result) ctx.logger.error({ workloadId, event, state: one.state }, 'transition refused');
}

/**
 * Mends the holders' cache from the spans that decide. Both are written in one transaction everywhere, so one statement's
 * snapshot shows them together; a device that changes meanwhile is left alone. Returns the number that were wrong.
 */
export async function mendHolders(sql: Sql): Promise<number> {
  const mended = await sql`
    WITH wrong AS MATERIALIZED (
      SELECT d.id, d.held_by AS seen, open.allocation_id AS truth
      FROM device d LEFT JOIN allocation_device open ON open.device_id = d.id AND upper_inf(open.span)
      WHERE d.held_by IS DISTINCT FROM open.allocation_id)
    UPDATE device SET held_by = wrong.truth FROM wrong
    WHERE device.id = wrong.id AND device.held_by IS NOT DISTINCT FROM wrong.seen RETURNING 1 AS one`;
  return mended.length;
}
