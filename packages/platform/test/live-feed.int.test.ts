import { claimRedis } from '@suanxiang/testing/redis-db';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type LiveSample,
  logFetchCursor,
  newestLiveS,
  readLive,
  readLogs,
  watchedAllocations,
  watchedLogs,
  watchLive,
  watchLogs,
  writeLive,
  writeLogs,
} from '../src/live-feed';

let redis: Redis;
beforeAll(async () => {
  redis = new Redis((await claimRedis()).url);
});
afterAll(() => redis.disconnect());
beforeEach(() => redis.flushdb());

const sample = (allocationId: string, atS: number, utilizationPpm: number | null): LiveSample => ({
  allocationId,
  atS,
  utilizationPpm,
  memoryUsedBytes: 5,
  powerMilliwatt: null,
  temperatureMilliCelsius: 40_000,
  devicesPpm: [utilizationPpm, null],
});

test('interest is a set that forgets', async () => {
  await watchLive(redis, []);
  expect(await watchedAllocations(redis)).toEqual([]);
  await watchLive(redis, ['alloc_a', 'alloc_b']);
  await watchLive(redis, ['alloc_a']);
  await watchLogs(redis, 'alloc_c');
  expect((await watchedAllocations(redis)).sort()).toEqual(['alloc_a', 'alloc_b']);
  expect(await watchedLogs(redis)).toEqual(['alloc_c']);
  await redis.zadd('suan:live:watched', 1, 'alloc_a');
  expect(await watchedAllocations(redis)).toEqual(['alloc_b']);
});

test('samples come back in order, once per second, after the given second', async () => {
  await writeLive(redis, [sample('a', 12, 300), sample('a', 11, 200), sample('b', 12, 1)]);
  await writeLive(redis, [sample('a', 12, 400)]);
  expect(await readLive(redis, 'a', 0)).toEqual([sample('a', 11, 200), sample('a', 12, 400)]);
  expect(await readLive(redis, 'a', 11)).toEqual([sample('a', 12, 400)]);
  expect(await newestLiveS(redis, 'a')).toBe(12);
  expect(await newestLiveS(redis, 'unknown')).toBe(0);
  await writeLive(redis, [sample('a', 2_000, 1)]);
  expect((await readLive(redis, 'a', 0)).map((one) => one.atS)).toEqual([2_000]);
});

test('two fetchers of one log do not double its lines, and the end is told', async () => {
  expect(await readLogs(redis, 'a', null)).toBeNull();
  expect(await logFetchCursor(redis, 'a')).toEqual({ cursor: null, ended: false });
  const lines = [
    { atMs: 1, text: 'one' },
    { atMs: 2, text: '第二行' },
  ];
  expect(await writeLogs(redis, 'a', null, lines, '2')).toBe(true);
  expect(await writeLogs(redis, 'a', null, lines, '2')).toBe(false);
  const first = await readLogs(redis, 'a', null);
  expect(first?.lines).toEqual(lines);
  expect(await logFetchCursor(redis, 'a')).toEqual({ cursor: '2', ended: false });
  const idle = await readLogs(redis, 'a', first?.nextCursor ?? null);
  expect(idle).toEqual({ lines: [], nextCursor: first?.nextCursor });
  expect(await writeLogs(redis, 'a', '2', [{ atMs: 3, text: 'last' }], null)).toBe(true);
  expect(await logFetchCursor(redis, 'a')).toEqual({ cursor: null, ended: true });
  expect(await readLogs(redis, 'a', first?.nextCursor ?? null)).toEqual({
    lines: [{ atMs: 3, text: 'last' }],
    nextCursor: null,
  });
});
