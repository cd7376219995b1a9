import { ring } from '@suanxiang/db/outbox';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { Provisioner } from './context';
import { scrubDevices } from './scrub';

const MOST = 64;

/**
 * Wipes devices that nobody holds and that are not proved clean (after a repair, or when the wipe at release failed), and
 * offers them again when the engine verifies it. Takes no input. Returns how many came back.
 */
export async function scrubReturned(ctx: Provisioner): Promise<number> {
  const waiting = await singleSql(ctx.db)<{ id: string; zone_id: string; region_id: string }>`
    SELECT d.id, d.zone_id, z.region_id FROM device d JOIN node n ON n.id = d.node_id JOIN zone z ON z.id = d.zone_id
    WHERE d.health = 'unknown' AND d.held_by IS NULL AND n.health = 'ok' ORDER BY d.id LIMIT ${MOST}`;
  let returned = 0;
  for (const { id, zone_id: zoneId, region_id: regionId } of waiting) {
    const { unscrubbed } = await scrubDevices(ctx.fleet.driverOf(zoneId), [id], () => ({
      operationKey: `return:${id}:${ctx.clock.nowMs()}`,
      epoch: 1,
      signal: AbortSignal.timeout(ctx.timing.callTimeoutMs),
    }));
    if (unscrubbed.length > 0) continue;
    await withSql(ctx.db, async (sql) => {
      await sql`UPDATE device SET health = 'ok' WHERE id = ${id} AND health = 'unknown' AND held_by IS NULL`;
      await ring(sql, 'placement', regionId);
    });
    returned += 1;
  }
  return returned;
}
