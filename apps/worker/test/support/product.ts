import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Db, openDb } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { createSecrets } from '@suanxiang/platform/secrets';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import { freePort } from '@suanxiang/testing/free-port';
import { claimRedis, type TestRedis } from '@suanxiang/testing/redis-db';
import { type SpawnedProcess, spawnProcess } from '@suanxiang/testing/spawn';
import { inject } from 'vitest';
import type { Observed } from '../../../../packages/provisioner/test/support/invariants';
import { makeTenant, type Tenant } from '../../../../packages/provisioner/test/support/tenants';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The parts of the product that act by themselves, as processes of their own: a fleet and any number of workers. */
export interface Product extends Observed {
  sql: Sql;
  db: Db;
  tx<T>(act: (sql: Sql) => Promise<T>): Promise<T>;
  tenant: Tenant;
  redis: TestRedis;
  driver: SimulatedDriver;
  database: TestDatabase;
  /** Starts a worker and waits until it is ready. */
  startWorker(env?: Record<string, string>): Promise<SpawnedProcess & { privatePort: number }>;
  /** Posts to the fleet's control endpoint. */
  control(pathname: string, body: object): Promise<void>;
  close(): Promise<void>;
}

const MODEL = 'nvidia-h100-80g';

const fleetSpec = {
  seed: 3,
  nodesPerRack: 2,
  racksPerLeaf: 2,
  leavesPerSpine: 2,
  regions: [
    {
      id: 'near',
      name: { en: 'Near', zh: '近' },
      zones: [
        { id: 'near-a', pools: [{ model: MODEL, nodes: 8 }] },
        { id: 'near-b', pools: [{ model: MODEL, nodes: 2 }] },
      ],
    },
  ],
};

/** Bundles fleet and worker once per test file, below node_modules so that their packages are found. */
function buildApps(): { folder: string; fleet: string; worker: string } {
  const cache = path.join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'suanxiang-test-'));
  for (const app of ['fleet', 'worker']) {
    execFileSync(process.execPath, [path.join(root, 'tools/build-app.mjs'), app, path.join(folder, app)], {
      cwd: root,
    });
  }
  return { folder, fleet: path.join(folder, 'fleet/main.js'), worker: path.join(folder, 'worker/main.js') };
}

export async function openProduct(options: { settings?: object } = {}): Promise<Product> {
  const apps = buildApps();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'suanxiang-product-'));
  const [database, redis, fleetPort] = [await cloneDatabase(), await claimRedis(), await freePort()];
  const { rolePasswords } = inject('services');
  const secrets = { ...createSecrets(), dbPasswords: rolePasswords };
  const secretsFile = path.join(dataDir, 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify(secrets));
  const specFile = path.join(dataDir, 'fleet.json');
  writeFileSync(specFile, JSON.stringify(fleetSpec));
  const databaseUrl = new URL(database.adminUrl);
  databaseUrl.username = '';
  databaseUrl.password = '';
  const fleetUrl = `http://127.0.0.1:${fleetPort}`;
  const common = {
    ...process.env,
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    DATA_DIR: dataDir,
    SECRETS_FILE: secretsFile,
    DATABASE_URL: databaseUrl.toString(),
    REDIS_URL: redis.url,
    FLEET_URL: fleetUrl,
    FLEET_PORT: String(fleetPort),
    WORKER_LEASE_MS: '500',
  };
  const settings = JSON.stringify({ bootScale: 0, ...options.settings });
  const fleet = spawnProcess(process.execPath, [apps.fleet, '--spec', specFile, '--settings', settings], {
    env: common,
  });
  await fleet.waitFor(/fleet is ready/);
  const driver = new SimulatedDriver({ url: fleetUrl, token: secrets.fleetToken });
  const db = openDb({ url: database.urlFor('app_worker'), applicationName: 'test' });
  const sql = singleSql(db);
  const workers: SpawnedProcess[] = [];
  return {
    sql,
    db,
    tx: (act) => withSql(db, act),
    tenant: await makeTenant(sql),
    redis,
    driver,
    database,
    machine: (id) => driver.observe(id),
    async startWorker(env = {}) {
      const privatePort = await freePort();
      const worker = spawnProcess(process.execPath, ['--enable-source-maps', apps.worker], {
        env: { ...common, WORKER_PRIVATE_PORT: String(privatePort), ...env },
      });
      workers.push(worker);
      // A worker with a fault point may be gone before it says that it is ready.
      await Promise.race([worker.waitFor(/worker is ready/), worker.exited]);
      return { ...worker, privatePort };
    },
    async control(pathname, body) {
      const response = await fetch(`${fleetUrl}/control/${pathname}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secrets.fleetToken}` },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`control/${pathname}: ${response.status} ${await response.text()}`);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
      await driver.close();
      await fleet.end('SIGKILL');
      await db.close();
      await database.drop();
      rmSync(apps.folder, { recursive: true, force: true });
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits until no operation is active. Throws with what is left after `limitMs`. */
export async function untilQuiet(product: Product, limitMs = 30_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const active = await product.sql<{ id: string; kind: string; step: string; attempt: number }>`
      SELECT id, kind, step, attempt FROM operation WHERE status IN ('pending', 'running')`;
    if (active.length === 0) return;
    if (performance.now() > endMs) throw new Error(`still active: ${JSON.stringify(active)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Every allocation that the engine holds, of all zones. */
export async function machinesOf(product: Product): Promise<{ id: string; state: string }[]> {
  const machines: { id: string; state: string }[] = [];
  for (const zone of ['near-a', 'near-b']) {
    for await (const view of product.driver.observed(zone)) machines.push({ id: view.allocationId, state: view.state });
  }
  return machines;
}
