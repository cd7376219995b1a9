import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDb } from '@suanxiang/db/client';
import { ensureDatabase, startEmbeddedPostgres } from '@suanxiang/db/embedded';
import { migrate } from '@suanxiang/db/migrate';
import { withSql } from '@suanxiang/db/tenant';
import { seedCatalogue } from '@suanxiang/metering/prices/seed-catalogue';
import { roleUrl } from '@suanxiang/platform/config';
import { createSecrets } from '@suanxiang/platform/secrets';
import { freePort } from '@suanxiang/testing/free-port';
import { startRedis } from '../lib/redis-server';
import { root } from '../lib/root';

/**
 * A durable PostgreSQL with the schema and the catalogue, and a Redis, below `folder` on free ports, with their secrets in
 * secrets.json (`own` replaces some). What has to be ended is added to `closing`; the connections of `db` (role app_worker)
 * are the caller's to close.
 */
export async function openServices(
  folder: string,
  closing: (() => Promise<unknown>)[],
  own: Partial<ReturnType<typeof createSecrets>> = {},
) {
  const password = randomBytes(16).toString('hex');
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'pg'),
    port: await freePort(),
    password,
    logFile: path.join(folder, 'postgres.log'),
    profile: 'durable',
  });
  closing.push(() => postgres.stop());
  await mkdir(path.join(folder, 'redis'));
  const redis = await startRedis({
    dir: path.join(folder, 'redis'),
    cacheDir: path.join(root, '.cache'),
    port: await freePort(),
    password,
    logFile: path.join(folder, 'redis.log'),
    profile: 'disposable',
  });
  closing.push(() => redis.stop());
  const secrets = { ...createSecrets(), ...own };
  await writeFile(path.join(folder, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  const url = await ensureDatabase(postgres.adminUrl, 'bench');
  await migrate({ databaseUrl: url, rolePasswords: secrets.dbPasswords });
  const workerUrl = roleUrl(url, 'app_worker', secrets.dbPasswords.app_worker);
  const db = openDb({ url: workerUrl, applicationName: 'bench', poolSize: 4 });
  await withSql(db, seedCatalogue);
  return { adminUrl: postgres.adminUrl, redisUrl: redis.url, secrets, url, workerUrl, db };
}
