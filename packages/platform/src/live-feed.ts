import type { Redis } from './redis';

/**
 * The live tail: what charts show while somebody looks. It lives in Redis alone, is never evidence of
 * anything, and may vanish at any moment. The API marks interest, the worker fetches what is watched from the fleet.
 * Expiry uses the clock of the Redis server, so that readers and writers need not agree on the time.
 */

/** One second of one allocation. Null = not measurable. */
export interface LiveSample {
  allocationId: string;
  /** Unix seconds in billing time. */
  atS: number;
  utilizationPpm: number | null;
  memoryUsedBytes: number | null;
  powerMilliwatt: number | null;
  temperatureMilliCelsius: number | null;
  /** Utilization of each device in allocation order, ppm. */
  devicesPpm: (number | null)[];
}

/** Interest lasts this long after the last request for it. */
export const WATCH_MS = 15_000;
const KEPT_SECONDS = 900;

const WATCHED = 'suan:live:watched';
const samplesKey = (allocationId: string) => `suan:live:samples:${allocationId}`;

const MARK = `
local t = redis.call('TIME')
local untilMs = t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], untilMs, ARGV[i]) end
return #ARGV - 1`;
const MARKED = `
local t = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', t[1] * 1000 + math.floor(t[2] / 1000))
return redis.call('ZRANGE', KEYS[1], 0, -1)`;

/** Marks interest in the charts of these allocations for WATCH_MS. */
export async function watchLive(redis: Redis, allocationIds: readonly string[]): Promise<void> {
  if (allocationIds.length > 0) await redis.eval(MARK, 1, WATCHED, WATCH_MS, ...allocationIds);
}

/** Allocations whose charts somebody looks at now. */
export async function watchedAllocations(redis: Redis): Promise<string[]> {
  return (await redis.eval(MARKED, 1, WATCHED)) as string[];
}

/** Stores seconds (any allocations, any order); a second written again replaces the former. Kept for 15 minutes. */
export async function writeLive(redis: Redis, samples: readonly LiveSample[]): Promise<void> {
  if (samples.length === 0) return;
  const pipeline = redis.pipeline();
  const newest = new Map<string, number>();
  for (const sample of samples) {
    const { allocationId, atS, ...values } = sample;
    const key = samplesKey(allocationId);
    pipeline.zremrangebyscore(key, atS, atS);
    pipeline.zadd(key, atS, JSON.stringify({ atS, ...values }));
    newest.set(allocationId, Math.max(atS, newest.get(allocationId) ?? 0));
  }
  for (const [allocationId, atS] of newest) {
    pipeline.zremrangebyscore(samplesKey(allocationId), '-inf', atS - KEPT_SECONDS);
    pipeline.expire(samplesKey(allocationId), KEPT_SECONDS);
  }
  await pipeline.exec();
}

/** The stored seconds of an allocation at billing time > sinceS, oldest first. */
export async function readLive(redis: Redis, allocationId: string, sinceS: number): Promise<LiveSample[]> {
  const rows = await redis.zrangebyscore(samplesKey(allocationId), `(${sinceS}`, '+inf');
  return rows.map((row) => ({ allocationId, ...(JSON.parse(row) as Omit<LiveSample, 'allocationId'>) }));
}

/** Newest stored second of an allocation (billing time), or 0 when there is none: where the next fetch goes on. */
export async function newestLiveS(redis: Redis, allocationId: string): Promise<number> {
  const [, score] = await redis.zrange(samplesKey(allocationId), '-1', '-1', 'WITHSCORES');
  return score === undefined ? 0 : Number(score);
}
