import { Redis } from 'ioredis';
import { inject } from 'vitest';

export interface TestRedis {
  /** URL of a logical database that no other test of this run uses. */
  readonly url: string;
  /** Empties it, as a lost Redis would be. */
  flush(): Promise<void>;
}

/** A logical Redis database of its own for one test file: 511 per run, handed out in order by the server itself. */
export async function claimRedis(): Promise<TestRedis> {
  const { redisUrl } = inject('services');
  const counter = new Redis(redisUrl);
  const index = await counter.incr('testing:databases');
  await counter.quit();
  if (index > 511) throw new Error('This run has used all 511 logical Redis databases.');
  const own = new URL(redisUrl);
  own.pathname = `/${index}`;
  const url = own.toString();
  const flush = async () => {
    const client = new Redis(url);
    await client.flushdb();
    await client.quit();
  };
  return { url, flush };
}
