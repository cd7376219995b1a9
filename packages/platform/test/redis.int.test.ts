import { createLogger } from '@suanxiang/platform/logger';
import { assertNoEviction, createCommandRedis, createQueueRedis } from '@suanxiang/platform/redis';
import { freePort } from '@suanxiang/testing/free-port';
import { claimRedis } from '@suanxiang/testing/redis-db';
import { expect, test } from 'vitest';

const logger = createLogger({ name: 'test', level: 'silent' });

test('a command fails fast while the server is away', async () => {
  const redis = createCommandRedis(`redis://127.0.0.1:${await freePort()}`, logger, 200);
  try {
    const from = performance.now();
    await expect(redis.get('key')).rejects.toThrow();
    expect(performance.now() - from).toBeLessThan(1_000);
  } finally {
    redis.disconnect();
  }
});

test('the queue connection waits for the server instead', async () => {
  const redis = createQueueRedis(`redis://127.0.0.1:${await freePort()}`, logger);
  try {
    const outcome = redis.get('key').then(
      () => 'answered',
      () => 'failed',
    );
    const waiting = new Promise((resolve) => setTimeout(() => resolve('waiting'), 500));
    expect(await Promise.race([outcome, waiting])).toBe('waiting');
  } finally {
    redis.disconnect();
  }
});

test('a server that may evict keys is refused', async () => {
  const { url } = await claimRedis();
  const redis = createCommandRedis(url, logger);
  try {
    await new Promise((resolve) => redis.once('ready', resolve));
    await expect(assertNoEviction(redis)).resolves.toBeUndefined();
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(assertNoEviction(redis)).rejects.toThrow(/noeviction, not "allkeys-lru"/);
  } finally {
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    redis.disconnect();
  }
});
