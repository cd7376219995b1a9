import { Redis } from 'ioredis';
import type { Logger } from './logger';

export type { Redis } from 'ioredis';

function reconnectDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 6), 2_000);
}

function watch(redis: Redis, logger: Logger): Redis {
  let lost = false;
  redis.on('error', (error: Error) => {
    // One line per outage, not one per retry.
    if (!lost) logger.warn({ err: error.message }, 'redis connection lost');
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) logger.info('redis connection back');
    lost = false;
  });
  return redis;
}

/**
 * Connection for BullMQ: commands wait for the server as long as it takes, which BullMQ demands of its workers.
 * Never use it on a request's path.
 */
export function createQueueRedis(url: string, logger: Logger): Redis {
  return watch(
    new Redis(url, {
      maxRetriesPerRequest: null,
      enableReadyCheck: true,
      connectTimeout: 5_000,
      retryStrategy: reconnectDelayMs,
    }),
    logger,
  );
}

/**
 * Connection for short commands (rate limits, publishing): fails fast while the server is away, so that a caller can go
 * on without it. `timeoutMs` bounds each command.
 */
export function createCommandRedis(url: string, logger: Logger, timeoutMs = 500): Redis {
  return watch(
    new Redis(url, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      commandTimeout: timeoutMs,
      connectTimeout: 2_000,
      retryStrategy: reconnectDelayMs,
    }),
    logger,
  );
}

/** Throws when the server may evict keys: queues would lose jobs without a word. */
export async function assertNoEviction(redis: Redis): Promise<void> {
  const answer = (await redis.config('GET', 'maxmemory-policy')) as string[];
  if (answer[1] !== 'noeviction') {
    throw new Error(`Redis must run with maxmemory-policy noeviction, not "${answer[1] ?? 'unknown'}".`);
  }
}
