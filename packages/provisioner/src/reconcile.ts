import { singleSql, withSql } from '@suanxiang/db/tenant';
import { reasonOf } from '@suanxiang/domain/fault-reasons';
import { mintedAtMs } from '@suanxiang/domain/ids';
import { type AllocationView, DriverError } from '@suanxiang/hal/driver';
import type { Provisioner } from './context';
import { type Fault, recordFault } from './interrupt';
import { mendHolders } from './placement-commit';
import { type IngestBlocks, pullTelemetry } from './pull-telemetry';
import { faultReason } from './reasons';

/** An allocation that nobody knows is left alone this long: its row may be in a transaction that is still open. */
export const UNKNOWN_GRACE_MS = 15 * 60_000;

export interface ReconcileReport {
  /** Allocations the engine showed. */
  seen: number;
  /** Running leases that the engine no longer delivers. */
  interrupted: number;
  /** Machines of ours without an open row, ended. */
  ended: number;
  /** Machines without a row that are too young to judge. */
  young: number;
  /** Machines with ids that are not ours: reported, never touched. */
  foreign: number;
  mendedHolders: number;
}

interface OpenRow {
  id: string;
  watched: boolean;
}

/**
 * Compares what the engine of a zone sees with what is open in the database, all of it every time, and mends both
 * sides. Takes no input and may run at any time, in several processes. Usage is taken in first where leases have to end,
 * as it proves what was delivered until then.
 */
export async function reconcileZone(ctx: Provisioner, zoneId: string, ingest: IngestBlocks): Promise<ReconcileReport> {
  const sql = singleSql(ctx.db);
  const before = await sql<OpenRow>`
    SELECT a.id, a.state = 'running' AND w.state = 'running' AS watched
    FROM allocation a JOIN workload w ON w.org_id = a.org_id AND w.id = a.workload_id
    WHERE a.zone_id = ${zoneId} AND a.released_at IS NULL`;
  const seen = new Map<string, AllocationView>();
  for await (const view of ctx.fleet.driverOf(zoneId).observed(zoneId)) seen.set(view.allocationId, view);
  const report: ReconcileReport = { seen: seen.size, interrupted: 0, ended: 0, young: 0, foreign: 0, mendedHolders: 0 };
  const missing = before.filter((row) => row.watched && !isDelivered(seen.get(row.id)));
  if (missing.length > 0) await pullTelemetry(ctx, zoneId, ingest);
  for (const { id } of missing) if (await checkLease(ctx, zoneId, id)) report.interrupted += 1;
  const open = new Set(before.map((row) => row.id));
  const strangers = [...seen.values()].filter((view) => !open.has(view.allocationId));
  if (strangers.length > 0) await judgeStrangers(ctx, zoneId, strangers, report);
  report.mendedHolders = await withSql(ctx.db, mendHolders);
  return report;
}

function isDelivered(view: AllocationView | null | undefined): boolean {
  return view?.state === 'running' && view.fault === null;
}

/** Asks once more about a running lease that the list did not show as delivered. True when it was ended. */
async function checkLease(ctx: Provisioner, zoneId: string, allocationId: string): Promise<boolean> {
  const view = await ctx.fleet.driverOf(zoneId).observe(allocationId);
  if (isDelivered(view)) return false;
  const fault: Fault = {
    allocationId,
    atMs: view?.stoppedAtMs ?? null,
    reason: view?.fault
      ? faultReason(view.fault)
      : reasonOf(view?.state === 'stopped' ? 'workload_exited' : 'allocation_lost'),
  };
  const done = await withSql(ctx.db, (sql) => recordFault(ctx, sql, fault));
  if (done !== 'nothing')
    ctx.logger.warn({ allocationId, zoneId, done, reason: fault.reason.code }, 'lease ended by fault');
  return done !== 'nothing';
}

async function judgeStrangers(
  ctx: Provisioner,
  zoneId: string,
  strangers: readonly AllocationView[],
  report: ReconcileReport,
): Promise<void> {
  // Read after the engine's list: whatever was created meanwhile is known by now.
  const known = await singleSql(ctx.db)<{ id: string; released: boolean }>`
    SELECT id, released_at IS NOT NULL AS released FROM allocation
    WHERE id = ANY (${strangers.map((view) => view.allocationId)}::text[])`;
  const released = new Map(known.map((row) => [row.id, row.released]));
  const nowMs = ctx.clock.nowMs();
  for (const view of strangers) {
    if (view.state === 'terminated' || released.get(view.allocationId) === false) continue;
    const mintedMs = mintedAtMs('allocation', view.allocationId);
    if (mintedMs === null) {
      report.foreign += 1;
      ctx.logger.warn({ zoneId, allocationId: view.allocationId }, 'the engine runs something that is not ours');
    } else if (!released.has(view.allocationId) && nowMs - mintedMs < UNKNOWN_GRACE_MS) report.young += 1;
    else if (await endStranger(ctx, zoneId, view)) report.ended += 1;
  }
}

async function endStranger(ctx: Provisioner, zoneId: string, view: AllocationView): Promise<boolean> {
  const epoch = view.epoch + 1;
  const call = {
    operationKey: `reconcile:${view.allocationId}:${epoch}`,
    epoch,
    signal: AbortSignal.timeout(ctx.timing.callTimeoutMs),
  };
  try {
    await ctx.fleet.driverOf(zoneId).terminate(call, view.allocationId);
    ctx.logger.warn({ zoneId, allocationId: view.allocationId }, 'ended a machine without an open lease');
    return true;
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    ctx.logger.warn(
      { zoneId, allocationId: view.allocationId, err: error },
      'a machine without a lease did not end yet',
    );
    return false;
  }
}
