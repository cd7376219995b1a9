import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';
import { createQueueRedis, type Redis } from '@suanxiang/platform/redis';
import type { Doorbell, Ringer } from '@suanxiang/provisioner/relay-outbox';
import { DelayedError, type Job, Queue, Worker } from 'bullmq';

const QUEUE = 'doorbell';
const LOCK_MS = 60_000;
/** Longest wait for the doorbells in hand when the process stops; what is not done then is done by another worker. */
const CLOSE_MS = 15_000;

/** What is to be done after a doorbell was answered: nothing, or look again after a while. */
export type Answer = { kind: 'over' } | { kind: 'again'; afterMs: number };
export type Answerer = (bell: Doorbell) => Promise<Answer>;

export interface DoorbellOptions {
  redisUrl: string;
  prefix: string;
  concurrency: number;
  clock: Clock;
  logger: Logger;
}

/** The sending end: adds jobs that carry an id and nothing else. */
export function openRinger(options: DoorbellOptions): { ring: Ringer; redis: Redis; close(): Promise<void> } {
  const redis = createQueueRedis(options.redisUrl, options.logger);
  const queue = new Queue(QUEUE, {
    connection: redis,
    prefix: options.prefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', (error) => options.logger.debug({ err: error.message }, 'doorbell queue'));
  return {
    redis,
    async ring(bells) {
      await queue.addBulk(bells.map(({ topic, key }) => ({ name: topic, data: { key } })));
    },
    async close() {
      await queue.close();
      redis.disconnect();
    },
  };
}

/**
 * The answering end. A doorbell may ring twice, late, or never: the database says what is due. A failed job is not a
 * failed operation, so jobs are not retried by the queue; the sweep rings again for whatever is still due.
 */
export function answerDoorbells(options: DoorbellOptions, answer: Answerer): { close(): Promise<void> } {
  const redis = createQueueRedis(options.redisUrl, options.logger);
  const worker = new Worker(
    QUEUE,
    async (job: Job<{ key: string }>, token?: string) => {
      const result = await answer({ topic: job.name as Doorbell['topic'], key: job.data.key });
      if (result.kind === 'over') return;
      await job.moveToDelayed(options.clock.nowMs() + result.afterMs, token);
      throw new DelayedError();
    },
    {
      connection: redis,
      prefix: options.prefix,
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      maxStalledCount: 1_000_000,
    },
  );
  worker.on('error', (error) => options.logger.debug({ err: error.message }, 'doorbell worker'));
  worker.on('failed', (job, error) => {
    options.logger.warn(
      { topic: job?.name, key: job?.data.key, err: error },
      'doorbell failed; the sweep will ring again',
    );
  });
  return {
    async close() {
      const inOrder = worker.close();
      const late = new Promise<'late'>((resolve) => setTimeout(resolve, CLOSE_MS, 'late').unref());
      if ((await Promise.race([inOrder, late])) === 'late') await worker.close(true);
      redis.disconnect();
    },
  };
}
