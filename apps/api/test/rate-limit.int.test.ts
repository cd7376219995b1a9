import { once } from 'node:events';
import { createLogger } from '@suanxiang/platform/logger';
import { createCommandRedis, type Redis } from '@suanxiang/platform/redis';
import { freePort } from '@suanxiang/testing/free-port';
import { ManualClock } from '@suanxiang/testing/manual-clock';
import { claimRedis, type TestRedis } from '@suanxiang/testing/redis-db';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRateLimiter, type RateLimiter } from '../src/rate-limit';

/** Hardly refilled, so that how fast this machine is does not matter. */
const WIDE = { policy: { name: 'wide', capacity: 1_000, perSecond: 0.001 }, key: 'k' };
const WIDER = { policy: { name: 'wider', capacity: 2_000, perSecond: 0.001 }, key: 'o' };
const NARROW = { policy: { name: 'narrow', capacity: 10, perSecond: 0.001 }, key: 'k' };
const logger = createLogger({ name: 'test', level: 'silent' });

let own: TestRedis;
let redis: Redis;
beforeAll(async () => {
  own = await claimRedis();
  redis = createCommandRedis(own.url, logger, 60_000);
  if (redis.status !== 'ready') await once(redis, 'ready');
});
afterAll(() => redis?.disconnect());
beforeEach(() => own.flush());

const limiter = (over = redis, clock = new ManualClock(1_000_000)) => createRateLimiter(over, clock);
const inRedis = async (name: string) => Number(await redis.hget(`suan:rate:${name}`, 'n'));

/** How many of `tries` requests are let through, sent to the processes by turns. */
async function letThrough(processes: readonly RateLimiter[], tries: number, buckets = [WIDE, WIDER]): Promise<number> {
  let allowed = 0;
  for (let i = 0; i < tries; i += 1) {
    if ((await processes[i % processes.length]!.take(buckets, 1)).allowed) allowed += 1;
  }
  return allowed;
}

describe('rate limits', () => {
  test('of several processes let through the capacity, and at most a fiftieth a process more', async () => {
    const allowed = await letThrough([limiter(), limiter(), limiter()], 1_300);
    expect(allowed).toBeGreaterThanOrEqual(1_000);
    expect(allowed).toBeLessThanOrEqual(1_000 + 3 * 20);
  });

  test('are not asked for each time while far from empty, and what was given out is told afterwards', async () => {
    const one = limiter();
    const asked = vi.spyOn(redis, 'eval');
    expect(await letThrough([one], 15)).toBe(15);
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
    await vi.waitFor(async () => expect(await inRedis('wide:k')).toBeCloseTo(985, 0), { timeout: 20_000 });
    expect(await inRedis('wider:o')).toBeCloseTo(1_985, 0);
  });

  test('of a bucket in slow use are not waited for, and what others took is learnt beside it', async () => {
    const clock = new ManualClock(1_000_000);
    const [slow, busy] = [limiter(redis, clock), limiter()];
    await slow.take([WIDE], 1);
    await letThrough([busy], 700, [WIDE]);
    clock.advance(5_000);
    expect(slow.take([WIDE], 1)).toMatchObject({ allowed: true, remaining: [998] });
    // Below the half now: asked for each time, to the last token.
    await vi.waitFor(async () => expect((await slow.take([WIDE], 0)).remaining[0]).toBeLessThan(320), {
      timeout: 20_000,
    });
    expect(slow.take([WIDE], 1)).toBeInstanceOf(Promise);
    clock.advance(60_000);
    expect(slow.take([WIDE], 1)).toBeInstanceOf(Promise);
  });

  test('say what is left as exactly as if each request asked', async () => {
    const one = limiter();
    for (let i = 1; i <= 60; i += 1) expect((await one.take([WIDE], 1)).remaining).toEqual([1_000 - i]);
    one.giveBack([WIDE], 1);
    expect((await one.take([WIDE], 1)).remaining).toEqual([940]);
  });

  test('of narrow buckets are asked for each time and exact', async () => {
    expect(await letThrough([limiter(), limiter()], 30, [NARROW])).toBe(10);
  });

  test('hold in each process while Redis is away', async () => {
    const away = createCommandRedis(`redis://127.0.0.1:${await freePort()}`, logger, 100);
    try {
      expect(await letThrough([limiter(away)], 1_200)).toBe(1_000);
    } finally {
      away.disconnect();
    }
  });
});
