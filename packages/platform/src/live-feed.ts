import type { Redis } from './redis';

/**
 * The live tail: what charts and log panes show while somebody looks. It lives in Redis alone, is never evidence of
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

export interface LogLine {
  /** Wall-clock Unix milliseconds. */
  atMs: number;
  text: string;
}

export interface LogPage {
  lines: LogLine[];
  /** Pass to the next readLogs; null when nothing more will ever come. */
  nextCursor: string | null;
}

/** Interest lasts this long after the last request for it. */
export const WATCH_MS = 15_000;
const KEPT_SECONDS = 900;
const KEPT_LOG_LINES = 5_000;
const LOG_PAGE = 500;
const END = '';

const samplesKey = (allocationId: string) => `suan:live:samples:${allocationId}`;
const logKey = (allocationId: string) => `suan:live:log:${allocationId}`;
const logCursorKey = (allocationId: string) => `suan:live:log-cursor:${allocationId}`;

const MARK = `
local t = redis.call('TIME')
local untilMs = t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], untilMs, ARGV[i]) end
return #ARGV - 1`;
const MARKED = `
local t = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', t[1] * 1000 + math.floor(t[2] / 1000))
return redis.call('ZRANGE', KEYS[1], 0, -1)`;
// KEYS: log stream, cursor. ARGV: cursor fetched from, next cursor, lines kept, ttl s, then atMs and text of each line.
const APPEND = `
if (redis.call('GET', KEYS[2]) or '-') ~= ARGV[1] then return 0 end
for i = 5, #ARGV, 2 do redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'at', ARGV[i], 'text', ARGV[i + 1]) end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1`;

async function mark(redis: Redis, key: string, allocationIds: readonly string[]): Promise<void> {
  if (allocationIds.length > 0) await redis.eval(MARK, 1, key, WATCH_MS, ...allocationIds);
}

async function marked(redis: Redis, key: string): Promise<string[]> {
  return (await redis.eval(MARKED, 1, key)) as string[];
}

/** Marks interest in the charts of these allocations for WATCH_MS. */
export function watchLive(redis: Redis, allocationIds: readonly string[]): Promise<void> {
  return mark(redis, 'suan:live:watched', allocationIds);
}

/** Allocations whose charts somebody looks at now. */
export function watchedAllocations(redis: Redis): Promise<string[]> {
  return marked(redis, 'suan:live:watched');
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

/** Marks interest in the log of an allocation for WATCH_MS. */
export function watchLogs(redis: Redis, allocationId: string): Promise<void> {
  return mark(redis, 'suan:live:watched-logs', [allocationId]);
}

/** Allocations whose log somebody reads now. */
export function watchedLogs(redis: Redis): Promise<string[]> {
  return marked(redis, 'suan:live:watched-logs');
}

/** Where fetching an allocation's log from the fleet goes on: the fleet's cursor (null = from the start), or ended. */
export async function logFetchCursor(
  redis: Redis,
  allocationId: string,
): Promise<{ cursor: string | null; ended: boolean }> {
  const stored = await redis.get(logCursorKey(allocationId));
  return { cursor: stored === null || stored === END ? null : stored.slice(1), ended: stored === END };
}

/**
 * Appends what was fetched from `fromCursor`, unless somebody else has gone on from there meanwhile (then nothing is
 * written and false returned). `nextCursor` null: the log has ended.
 */
export async function writeLogs(
  redis: Redis,
  allocationId: string,
  fromCursor: string | null,
  lines: readonly LogLine[],
  nextCursor: string | null,
): Promise<boolean> {
  const stored = (cursor: string | null, none: string) => (cursor === null ? none : `=${cursor}`);
  const written = await redis.eval(
    APPEND,
    2,
    logKey(allocationId),
    logCursorKey(allocationId),
    stored(fromCursor, '-'),
    stored(nextCursor, END),
    KEPT_LOG_LINES,
    KEPT_SECONDS,
    ...lines.flatMap((line) => [line.atMs, line.text]),
  );
  return written === 1;
}

/**
 * Log lines after `cursor` (null = from the oldest kept), at most 500. Returns null while the worker has not fetched
 * anything yet: mark interest with watchLogs and ask again.
 */
export async function readLogs(redis: Redis, allocationId: string, cursor: string | null): Promise<LogPage | null> {
  const stored = await redis.get(logCursorKey(allocationId));
  if (stored === null) return null;
  const from = cursor === null ? '-' : `(${cursor}`;
  const entries = await redis.xrange(logKey(allocationId), from, '+', 'COUNT', LOG_PAGE);
  const last = entries.at(-1)?.[0] ?? cursor ?? '0-0';
  const ended = stored === END && entries.length < LOG_PAGE;
  return {
    lines: entries.map(([, fields]) => ({ atMs: Number(fields[1]), text: fields[3] ?? '' })),
    nextCursor: ended ? null : last,
  };
}

/** True when text may be passed to readLogs as a cursor. */
export function isLogCursor(text: string): boolean {
  return /^\d{1,16}-\d{1,10}$/.test(text);
}
