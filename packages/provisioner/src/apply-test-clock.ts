import { singleSql } from '@suanxiang/db/tenant';
import { DriverError } from '@suanxiang/hal/driver';
import type { Provisioner } from './context';
import { forEach } from './driver-call';
import { type IngestBlocks, pullTelemetry } from './pull-telemetry';

interface ClockedAllocation {
  id: string;
  zone_id: string;
  fence: number;
}

/**
 * Applies an advance of a sandbox organisation's test clock: tells the engine of every machine of it that still runs,
 * takes in the usage of the skipped span, and marks the advance as applied, after which its periods may close. May be
 * repeated; returns false when there was nothing to apply. Throws DriverError when an engine cannot be told now.
 */
export async function applyTestClock(ctx: Provisioner, orgId: string, ingest: IngestBlocks): Promise<boolean> {
  const sql = singleSql(ctx.db);
  const [org] = await sql<{ offset_s: number }>`
    SELECT clock_offset_s::float8 AS offset_s FROM organization WHERE id = ${orgId} AND clock_applied_s < clock_offset_s`;
  if (!org) return false;
  const allocations = await sql<ClockedAllocation>`
    SELECT a.id, a.zone_id, w.fence FROM allocation a JOIN workload w ON w.org_id = a.org_id AND w.id = a.workload_id
    WHERE a.org_id = ${orgId} AND a.released_at IS NULL AND a.state IN ('running', 'ended')
      AND a.clock_offset_s = ${org.offset_s}::bigint`;
  await forEach(allocations, ctx.limits.parallelCalls, (allocation) => advance(ctx, allocation, org.offset_s));
  for (const zoneId of new Set(allocations.map((one) => one.zone_id))) await pullTelemetry(ctx, zoneId, ingest);
  await sql`
    UPDATE organization SET clock_applied_s = ${org.offset_s}::bigint
    WHERE id = ${orgId} AND clock_offset_s = ${org.offset_s}::bigint AND clock_applied_s < ${org.offset_s}::bigint`;
  return true;
}

/** Tells an engine; one that does not know the machine any more has no usage left to tell of. */
async function advance(ctx: Provisioner, allocation: ClockedAllocation, offsetS: number): Promise<void> {
  const { id, zone_id: zoneId, fence: epoch } = allocation;
  const signal = AbortSignal.timeout(ctx.timing.callTimeoutMs);
  try {
    await ctx.fleet
      .driverOf(zoneId)
      .advanceClock({ operationKey: `clock:${offsetS}:${id}`, epoch, signal }, id, offsetS);
  } catch (error) {
    if (!(error instanceof DriverError) || error.code !== 'invalid') throw error;
    ctx.logger.warn({ allocationId: id, zoneId, err: error }, 'the engine does not know a machine whose clock moves');
  }
}
