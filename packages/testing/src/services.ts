import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDatabase } from '@suanxiang/db/embedded';
import { migrate } from '@suanxiang/db/migrate';
import { createSecrets } from '@suanxiang/platform/secrets';
import type { TestProject } from 'vitest/node';
import { startRedis } from '../../../tools/lib/redis-server';
import { freePort } from './free-port';
import { startScratchPostgres } from './scratch-postgres';

/** Name of the migrated database that every test's own database is copied from. */
export const templateDatabase = 'template_suanxiang';

/** What the run hands to the test files; all strings, as it travels between processes. */
export interface TestServices {
  readonly adminUrl: string;
  readonly redisUrl: string;
  /** Passwords of the application roles, by role. */
  readonly rolePasswords: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    services: TestServices;
  }
}

async function startTestRedis() {
  const dir = await mkdtemp(path.join(tmpdir(), 'suanxiang-redis-'));
  const redis = await startRedis({
    dir,
    cacheDir: fileURLToPath(new URL('../../../.cache', import.meta.url)),
    port: await freePort(),
    password: randomBytes(16).toString('hex'),
    logFile: path.join(dir, 'redis.log'),
    profile: 'disposable',
  });
  const stop = async () => {
    await redis.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { url: redis.url, stop };
}

/**
 * Vitest global setup: one PostgreSQL and one Redis for the whole run, on free ports and below the temporary folder.
 * The migrations run once, into a template. Returns the teardown.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: (() => Promise<void>)[] = [];
  const teardown = async () => {
    await Promise.all(started.map((stop) => stop()));
  };
  try {
    const redisStarting = startTestRedis();
    const postgres = await startScratchPostgres();
    started.push(postgres.stop);
    const redis = await redisStarting;
    started.push(redis.stop);
    const rolePasswords = createSecrets().dbPasswords;
    await migrate({ databaseUrl: await ensureDatabase(postgres.adminUrl, templateDatabase), rolePasswords });
    project.provide('services', { adminUrl: postgres.adminUrl, redisUrl: redis.url, rolePasswords });
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}
