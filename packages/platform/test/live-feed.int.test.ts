import { claimRedis } from '@suanxiang/testing/redis-db';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LiveSample, newestLiveS, readLive, watchedAllocations, watchLive, writeLive } from '../src/live-feed';

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
  expect((await watchedAllocations(redis)).sort()).toEqual(['alloc_a', 'alloc_b']);
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
