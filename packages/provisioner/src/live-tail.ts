import { singleSql } from '@suanxiang/db/tenant';
import { newestLiveS, watchedAllocations, writeLive } from '@suanxiang/platform/live-feed';
import type { Redis } from '@suanxiang/platform/redis';
import type { Provisioner } from './context';

interface Place {
  id: string;
  zone_id: string;
  offset_s: number;
}

function placesOf(ctx: Provisioner, allocationIds: readonly string[]): Promise<Place[]> {
  if (allocationIds.length === 0) return Promise.resolve([]);
  return singleSql(ctx.db)<Place>`
    SELECT id, zone_id, clock_offset_s::float8 AS offset_s FROM allocation WHERE id = ANY (${allocationIds}::text[])`;
}

/** Fetches the newest live seconds of the allocations that somebody looks at. Returns the number of seconds. */
export async function pullLive(ctx: Provisioner, redis: Redis): Promise<number> {
  const places = await placesOf(ctx, await watchedAllocations(redis));
  // One call per zone and billing clock, from the oldest second still missing.
  const groups = new Map<string, { zoneId: string; sinceS: number; ids: string[] }>();
  for (const place of places) {
    const newestS = await newestLiveS(redis, place.id);
    const key = `${place.zone_id} ${place.offset_s} ${newestS === 0}`;
    const group = groups.get(key) ?? { zoneId: place.zone_id, sinceS: newestS, ids: [] };
    group.sinceS = Math.min(group.sinceS, newestS);
    group.ids.push(place.id);
    groups.set(key, group);
  }
  let count = 0;
  for (const { zoneId, sinceS, ids } of groups.values()) {
    const samples = await ctx.fleet.driverOf(zoneId).live(ids, sinceS);
    await writeLive(redis, samples);
    count += samples.length;
  }
  return count;
}
