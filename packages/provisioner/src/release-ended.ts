import { singleSql, withSql } from '@suanxiang/db/tenant';
import { DriverError } from '@suanxiang/hal/driver';
import { releaseAllocations } from './allocations';
import type { Provisioner } from './context';
import { Fenced } from './lease';
import { scrubDevices } from './scrub';

interface Leftover {
  id: string;
  zone_id: string;
  org_id: string;
  workload_id: string;
  region_id: string;
  device_ids: string[];
  fence: number;
}

const MOST = 100;

/**
 * Frees what no operation will free: allocations that have ended (interrupted workloads) or never ran, and whose
 * workload nobody works on. Terminates them on the engine first. Takes no input; whatever fails is tried again with the
 * next sweep. Returns how many were released.
 */
export async function releaseEnded(ctx: Provisioner): Promise<number> {
  const leftovers = await singleSql(ctx.db)<Leftover>`
    WITH left_over AS (
      SELECT a.id, a.zone_id, a.org_id, a.workload_id,
        (SELECT coalesce(jsonb_agg(d.device_id ORDER BY d.position), '[]') FROM allocation_device d
          WHERE d.allocation_id = a.id) AS device_ids
      FROM allocation a WHERE a.released_at IS NULL AND a.state <> 'running' AND NOT EXISTS (
        SELECT 1 FROM operation o WHERE o.workload_id = a.workload_id AND o.status IN ('pending', 'running'))
      LIMIT ${MOST}
    ), bumped AS (
      UPDATE workload w SET fence = fence + 1 FROM (SELECT DISTINCT org_id, workload_id FROM left_over) l
      WHERE w.org_id = l.org_id AND w.id = l.workload_id RETURNING w.id, w.fence, w.region_id
    )
    SELECT left_over.*, bumped.fence, bumped.region_id FROM left_over JOIN bumped ON bumped.id = left_over.workload_id`;
  let released = 0;
  for (const leftover of leftovers) if (await releaseOne(ctx, leftover)) released += 1;
  return released;
}

async function releaseOne(ctx: Provisioner, leftover: Leftover): Promise<boolean> {
  const driver = ctx.fleet.driverOf(leftover.zone_id);
  const call = (verb: string, subject: string) => ({
    operationKey: `release:${verb}:${subject}:${leftover.fence}`,
    epoch: leftover.fence,
    signal: AbortSignal.timeout(ctx.timing.callTimeoutMs),
  });
  try {
    const view = await driver.terminate(call('terminate', leftover.id), leftover.id);
    if (view.state !== 'terminated') return false;
    const scrubbed = await scrubDevices(driver, leftover.device_ids, (id) => call('scrub', id));
    if (scrubbed.pending !== null) return false;
    await withSql(ctx.db, async (sql) => {
      await sql`SELECT 1 FROM workload WHERE org_id = ${leftover.org_id} AND id = ${leftover.workload_id} FOR UPDATE`;
      await releaseAllocations(sql, [leftover.id], leftover.region_id, { unscrubbedDeviceIds: scrubbed.unscrubbed });
    });
    return true;
  } catch (error) {
    if (!(error instanceof DriverError) && !(error instanceof Fenced)) throw error;
    ctx.logger.warn({ allocationId: leftover.id, err: error }, 'ended allocation is not released yet');
    return false;
  }
}
