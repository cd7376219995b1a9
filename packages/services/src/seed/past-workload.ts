import type { Sql } from '@suanxiang/db/sql';
import { reasonOf } from '@suanxiang/domain/fault-reasons';
import { mintId } from '@suanxiang/domain/ids';
import { OPERATION_STEPS, type OperationKind } from '@suanxiang/domain/workload-state';
import { skuOf } from '@suanxiang/metering/prices/default-price-book';
import { currentPrice } from '@suanxiang/metering/prices/price-lookup';
import { instantS, monthStartS } from './months';
import type { HeldSpan, PastNode } from './past-nodes';
import type { RunSpec, WorkloadSpec } from './tenant-spec';
import { type MeasuredRun, mix } from './usage-profile';

/** Who ran it and where it may be placed. */
export interface PastContext {
  orgId: string;
  currency: string;
  timeZone: string;
  nowS: number;
  projectIds: readonly string[];
  sshKeyIds: readonly string[];
  actor: string;
  /** Takes a node that no other past run has in this span, with its devices in order. */
  takeNode(zoneId: string, modelId: string, span: HeldSpan): PastNode;
}

/** When a run was asked for, began and ended to bill, and what of its end was not delivered. */
interface Timeline {
  askedS: number;
  startS: number;
  endS: number;
  lostFromS: number | null;
}

/** From the end of a run to its devices being free again. */
const RELEASE_S = 9;

const BOOT_FAILED = reasonOf('image_pull_failed');
const HOST_LOST = reasonOf('host_loss');

function regionOf(zoneId: string): string {
  return zoneId.slice(0, zoneId.lastIndexOf('-'));
}

/** Runs that ended long enough ago; nobody starts or stops on the full minute. */
function timelinesOf(spec: WorkloadSpec, context: PastContext): Timeline[] {
  const monthFromS = monthStartS(context.nowS, spec.monthsAgo, context.timeZone);
  const lines = spec.runs.map(({ day, hour, hours }: RunSpec, index): Timeline => {
    const odd = mix(monthFromS + day, spec.name.length * 31 + index);
    const askedS = instantS(monthFromS, day, hour) + (odd % 540);
    const startS = askedS + 38 + (odd % 29);
    const endS = startS + Math.round(hours * 3_600) + ((odd >>> 10) % 173);
    const isLost = spec.lostS !== undefined && index === 0;
    return { askedS, startS, endS, lostFromS: isLost ? endS - spec.lostS! : null };
  });
  return lines.filter(({ endS }) => endS < context.nowS - 600);
}

interface Change {
  to: string;
  event: string;
  atS: number;
  actor: string;
  reason?: object;
  operationId: string;
}

async function insertChanges(sql: Sql, orgId: string, workloadId: string, changes: readonly Change[]): Promise<void> {
  let from: string | null = null;
  for (const { to, event, atS, actor, reason, operationId } of changes) {
    await sql`
      INSERT INTO state_change (id, org_id, workload_id, from_state, to_state, event, actor, reason, operation_id, at)
      VALUES (${mintId('stateChange', atS * 1000)}, ${orgId}, ${workloadId}, ${from}, ${to}, ${event}, ${actor},
        ${reason ?? null}::jsonb, ${operationId}, to_timestamp(${atS}::bigint))`;
    from = to;
  }
}

async function insertOperation(
  sql: Sql,
  context: PastContext,
  operation: {
    workloadId: string;
    kind: OperationKind;
    fromS: number;
    toS: number;
    failedStep?: string;
    zoneId: string;
  },
): Promise<string> {
  const { workloadId, kind, fromS, toS, failedStep, zoneId } = operation;
  const id = mintId('operation', fromS * 1000);
  const steps = OPERATION_STEPS[kind];
  const failedAt = failedStep ? steps.indexOf(failedStep) : steps.length;
  await sql`
    INSERT INTO operation (id, org_id, workload_id, kind, status, step, zone_id, epoch, deadline_at, requested_by, error,
      created_at, finished_at, next_attempt_at)
    VALUES (${id}, ${context.orgId}, ${workloadId}, ${kind}, ${failedStep ? 'failed' : 'succeeded'},
      ${steps[Math.min(failedAt, steps.length - 1)]!}, ${zoneId}, 1, to_timestamp(${fromS + 900}::bigint), ${context.actor},
      ${failedStep ? BOOT_FAILED : null}::jsonb, to_timestamp(${fromS}::bigint), to_timestamp(${toS}::bigint),
      to_timestamp(${fromS}::bigint))`;
  const statuses = steps.map((_, i) => (i < failedAt ? 'done' : i === failedAt ? 'failed' : 'skipped'));
  await sql`
    INSERT INTO operation_step (operation_id, org_id, name, position, status, started_at, finished_at)
    SELECT ${id}, ${context.orgId}, name, position - 1, status,
      to_timestamp(${fromS}::bigint + (${toS - fromS}::bigint * (position - 1) / ${steps.length}::bigint)),
      to_timestamp(${fromS}::bigint + (${toS - fromS}::bigint * position / ${steps.length}::bigint))
    FROM unnest(${[...steps]}::text[], ${statuses}::text[]) WITH ORDINALITY AS s(name, status, position)`;
  return id;
}

interface LeaseInput {
  spec: WorkloadSpec;
  workloadId: string;
  operationId: string;
  rank: number;
  line: Timeline;
  failed: boolean;
}

async function insertLease(sql: Sql, context: PastContext, input: LeaseInput): Promise<string> {
  const { spec, line, rank } = input;
  const id = mintId('allocation', line.askedS * 1000 + rank);
  const held = { fromS: line.askedS, toS: line.endS + RELEASE_S };
  const { nodeId, deviceIds } = context.takeNode(spec.zone, spec.model, held);
  const [startS, endS] = input.failed ? [null, null] : [line.startS, line.endS];
  await sql`
    INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus,
      state, start_s, end_s, end_reason, created_at, released_at)
    VALUES (${id}, ${context.orgId}, ${input.workloadId}, ${context.projectIds[spec.project]!}, ${input.operationId},
      ${rank}::int, ${spec.zone}, ${nodeId}, ${skuOf(spec.model, regionOf(spec.zone))}, ${context.currency},
      ${spec.gpus}::int, ${input.failed ? 'failed' : 'ended'}, ${startS}::bigint, ${endS}::bigint,
      ${line.lostFromS === null ? 'stopped' : 'host_loss'}, to_timestamp(${line.askedS}::bigint),
      to_timestamp(${held.toS}::bigint))`;
  await sql`
    INSERT INTO allocation_device (allocation_id, device_id, org_id, position, span)
    SELECT ${id}, device_id, ${context.orgId}, position - 1,
      tstzrange(to_timestamp(${held.fromS}::bigint), to_timestamp(${held.toS}::bigint))
    FROM unnest(${deviceIds.slice(0, spec.gpus)}::text[]) WITH ORDINALITY AS d(device_id, position)`;
  if (line.lostFromS !== null) {
    await sql`
      INSERT INTO undelivered (id, org_id, allocation_id, from_s, to_s, reason)
      VALUES (${mintId('undelivered', line.endS * 1000)}, ${context.orgId}, ${id}, ${line.lostFromS}::bigint,
        ${line.endS}::bigint, 'host_loss')`;
  }
  return id;
}

async function insertWorkload(
  sql: Sql,
  context: PastContext,
  spec: WorkloadSpec,
  lines: readonly Timeline[],
): Promise<string> {
  const first = lines[0]!;
  const last = lines.at(-1)!;
  const id = mintId(spec.kind === 'instance' ? 'workloadInstance' : 'workloadCluster', first.askedS * 1000);
  const sku = skuOf(spec.model, regionOf(spec.zone));
  const price = await currentPrice(sql, sku, context.currency, first.askedS);
  const state = spec.end === 'boot_failed' ? 'failed' : spec.end;
  const reason = spec.end === 'boot_failed' ? BOOT_FAILED : spec.end === 'interrupted' ? HOST_LOST : null;
  const isOver = state === 'terminated' || state === 'failed';
  const desired = state === 'stopped' ? 'stopped' : state === 'terminated' ? 'terminated' : 'running';
  await sql`
    INSERT INTO workload (id, org_id, project_id, kind, name, region_id, zone_id, model_id, sku, node_count, gpus_per_node,
      image, ssh_key_ids, state, desired, status_reason, price_micro_per_gpu_hour, price_currency, created_by, created_at,
      updated_at, terminated_at)
    VALUES (${id}, ${context.orgId}, ${context.projectIds[spec.project]!}, ${spec.kind}, ${spec.name},
      ${regionOf(spec.zone)}, ${spec.zone}, ${spec.model}, ${sku}, ${spec.nodes}::int, ${spec.gpus}::int, ${spec.image},
      ${context.sshKeyIds}::text[], ${state}, ${desired}, ${reason}::jsonb, ${price?.microPerGpuHour ?? 0n}::bigint,
      ${context.currency}, ${context.actor}, to_timestamp(${first.askedS}::bigint), to_timestamp(${last.endS + RELEASE_S}::bigint),
      CASE WHEN ${isOver}::boolean THEN to_timestamp(${last.endS + RELEASE_S}::bigint) END)`;
  return id;
}

/** A launch that never came up: nothing is billed. */
async function writeFailedLaunch(sql: Sql, context: PastContext, spec: WorkloadSpec, line: Timeline): Promise<void> {
  const ended = { ...line, endS: line.askedS + 71, lostFromS: null };
  const workloadId = await insertWorkload(sql, context, spec, [ended]);
  const { askedS: fromS, endS: toS } = ended;
  const base = { workloadId, zoneId: spec.zone, fromS, toS };
  const operationId = await insertOperation(sql, context, { ...base, kind: 'launch', failedStep: 'boot' });
  await insertLease(sql, context, { spec, workloadId, operationId, rank: 0, line: ended, failed: true });
  const { actor } = context;
  await insertChanges(sql, context.orgId, workloadId, [
    { to: 'queued', event: 'created', atS: fromS, actor, operationId },
    { to: 'provisioning', event: 'placed', atS: fromS + 1, actor: 'system:provisioner', operationId },
    { to: 'failed', event: 'boot_failed', atS: toS, actor: 'system:provisioner', reason: BOOT_FAILED, operationId },
  ]);
}

/** What happened at the end of a run. */
async function endOfRun(
  sql: Sql,
  context: PastContext,
  spec: WorkloadSpec,
  run: { workloadId: string; line: Timeline; isLast: boolean; operationId: string },
): Promise<Change[]> {
  const { workloadId, line, isLast } = run;
  const provisioner = 'system:provisioner';
  const interrupted: Change = {
    to: 'interrupted',
    event: 'interrupted',
    atS: line.endS,
    actor: provisioner,
    reason: HOST_LOST,
    operationId: run.operationId,
  };
  const isLost = line.lostFromS !== null;
  if (isLost && !(isLast && spec.end === 'terminated')) return [interrupted];
  const kind = isLast && spec.end === 'terminated' ? 'terminate' : 'stop';
  const base = { workloadId, zoneId: spec.zone, fromS: line.endS, toS: line.endS + RELEASE_S };
  const operationId = await insertOperation(sql, context, { ...base, kind });
  const [going, gone] =
    kind === 'terminate' ? (['terminating', 'terminated'] as const) : (['stopping', 'stopped'] as const);
  return [
    ...(isLost ? [interrupted] : []),
    { to: going, event: `${kind}_requested`, atS: line.endS, actor: context.actor, operationId },
    { to: gone, event: gone, atS: line.endS + RELEASE_S, actor: provisioner, operationId },
  ];
}

/**
 * Writes a workload of the past with its operations, leases and history, as the product would have left it. Returns what
 * was measured on its nodes. A workload none of whose runs would be over by now is left out.
 */
export async function writePastWorkload(sql: Sql, context: PastContext, spec: WorkloadSpec): Promise<MeasuredRun[]> {
  const lines = timelinesOf(spec, context);
  if (lines.length === 0) return [];
  if (spec.end === 'boot_failed') {
    await writeFailedLaunch(sql, context, spec, lines[0]!);
    return [];
  }
  const workloadId = await insertWorkload(sql, context, spec, lines);
  const measured: MeasuredRun[] = [];
  const changes: Change[] = [];
  for (const [index, line] of lines.entries()) {
    const kind = index === 0 ? 'launch' : 'start';
    const base = { workloadId, zoneId: spec.zone, fromS: line.askedS, toS: line.startS };
    const operationId = await insertOperation(sql, context, { ...base, kind });
    const asked: Change = { to: 'queued', event: 'created', atS: line.askedS, actor: context.actor, operationId };
    changes.push(
      ...(index === 0
        ? [asked, { ...asked, to: 'provisioning', event: 'placed', atS: line.askedS + 1, actor: 'system:provisioner' }]
        : [{ ...asked, to: 'starting', event: 'start_requested' }]),
      { to: 'running', event: 'ready', atS: line.startS, actor: 'system:provisioner', operationId },
    );
    for (let rank = 0; rank < spec.nodes; rank += 1) {
      const allocationId = await insertLease(sql, context, {
        spec,
        workloadId,
        operationId,
        rank,
        line,
        failed: false,
      });
      const seed = mix(line.startS, rank + 1);
      const toS = line.lostFromS ?? line.endS;
      measured.push({ allocationId, zoneId: spec.zone, fromS: line.startS, toS, profile: spec.profile, seed });
    }
    const isLast = index === lines.length - 1;
    changes.push(...(await endOfRun(sql, context, spec, { workloadId, line, isLast, operationId })));
  }
  await insertChanges(sql, context.orgId, workloadId, changes);
  return measured;
}
