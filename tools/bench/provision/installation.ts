import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '@suanxiang/contract/client';
import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import { type FleetProcess, startFleetProcess } from '@suanxiang/testing/fleet-process';
import { freePort } from '@suanxiang/testing/free-port';
import { start, stop } from '../api/processes';
import { openServices } from '../services';

export const MODEL = 'nvidia-h100-80g';
export const REGION = 'ap-southeast';

/** A database and a simulated fleet of one region, with all that runs on them removed by `close`. */
export interface Installation {
  db: Db;
  workerUrl: string;
  fleet: FleetProcess;
  close(): Promise<void>;
  /** Starts API and worker as processes of their own and answers the API's address. */
  serve(): Promise<string>;
}

/** `zones` zones with `nodes` nodes of MODEL each. */
function spec(zones: number, nodes: number) {
  const ids = Array.from({ length: zones }, (_, i) => `${REGION}-${String.fromCharCode(97 + i)}`);
  return {
    seed: 1,
    regions: [
      {
        id: REGION,
        name: { en: 'Bench', zh: '测试' },
        zones: ids.map((id) => ({ id, pools: [{ model: MODEL, nodes }] })),
      },
    ],
  };
}

/** Everything on free ports and below the temporary folder; boots of the fleet take no time. */
export async function openInstallation(zones: number, nodes: number): Promise<Installation> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  try {
    return { ...(await open(closing, zones, nodes)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(closing: (() => Promise<unknown>)[], zones: number, nodes: number) {
  const folder = await mkdtemp(path.join(tmpdir(), 'suanxiang-bench-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  // PostgreSQL may run as another user and must be able to enter.
  await chmod(folder, 0o755);
  const fleet = await startFleetProcess({ spec: spec(zones, nodes) });
  closing.push(() => fleet.stop());
  const { redisUrl, url, workerUrl, db } = await openServices(folder, closing, { fleetToken: fleet.token });
  closing.push(() => db.close());
  const env = async () => ({
    NODE_ENV: 'production',
    DATABASE_URL: url,
    REDIS_URL: redisUrl,
    FLEET_URL: fleet.url,
    SECRETS_FILE: path.join(folder, 'secrets.json'),
    API_PORT: String(await freePort()),
    API_PRIVATE_PORT: String(await freePort()),
    WORKER_PRIVATE_PORT: String(await freePort()),
    LOG_LEVEL: 'info',
  });
  const serve = async () => {
    const settings = await env();
    const api = await start(['--import', 'tsx', 'apps/api/src/main.ts'], settings, /api is ready/);
    closing.push(() => stop(api));
    const worker = await start(['--import', 'tsx', 'apps/worker/src/main.ts'], settings, /worker is ready/);
    closing.push(() => stop(worker));
    return `http://127.0.0.1:${settings.API_PORT}`;
  };
  return { db, workerUrl, fleet, serve };
}

export interface Tenant {
  client: ReturnType<typeof createClient>;
  projectId: string;
}

/** A new person with a sandbox organisation that has money and may have many machines. */
export async function newTenant(db: Db, baseUrl: string, number: number): Promise<Tenant> {
  const tag = `${number}-${randomBytes(4).toString('hex')}`;
  const session = await createClient({ baseUrl }).call('signUp', {
    body: { email: `bench-${tag}@example.com`, password: randomBytes(12).toString('hex'), name: 'Bench' },
  });
  const signedIn = createClient({ baseUrl, token: () => session.token });
  const { organization, project } = await signedIn.call('createOrganization', {
    body: { name: `Bench ${tag}`, mode: 'sandbox', currency: 'USD' },
  });
  const client = createClient({ baseUrl, token: () => session.token, organizationId: () => organization.id });
  await client.call('createTopUp', { body: { amount: '1000000' } });
  await singleSql(db)`UPDATE quota SET "limit" = 100000 WHERE org_id = ${organization.id}`;
  return { client, projectId: project.id };
}
