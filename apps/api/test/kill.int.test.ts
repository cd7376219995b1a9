import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { singleSql } from '@suanxiang/db/tenant';
import { createSecrets } from '@suanxiang/platform/secrets';
import { freePort } from '@suanxiang/testing/free-port';
import { claimRedis } from '@suanxiang/testing/redis-db';
import { type SpawnedProcess, spawnProcess } from '@suanxiang/testing/spawn';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { type BillingDb, openBillingDb } from '../../../packages/metering/test/support/billing-db';
import { addNode } from '../../../packages/services/test/support/fleet';
import { startWithholdingProxy } from './support/withholding-proxy';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-api-kill-'));
const secretsFile = path.join(folder, 'secrets.json');
let db: BillingDb;
let admin: pg.Client;
let redisUrl: string;
const running: SpawnedProcess[] = [];

beforeAll(async () => {
  db = await openBillingDb();
  admin = new pg.Client({ connectionString: db.database.adminUrl });
  await admin.connect();
  redisUrl = (await claimRedis()).url;
  const secrets = { ...createSecrets(), dbPasswords: inject('services').rolePasswords };
  writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 });
  for (const id of ['n1', 'n2']) await addNode(singleSql(db.worker), id);
});
afterAll(async () => {
  await Promise.all(running.map((api) => api.end('SIGKILL')));
  await admin?.end();
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Api {
  process: SpawnedProcess;
  send(route: string, body: object, headers?: Record<string, string>): Promise<Response>;
}

/** The real process, on the database itself or through a proxy on another port. */
async function startApi(databasePort?: number): Promise<Api> {
  const databaseUrl = new URL(db.database.adminUrl);
  if (databasePort) databaseUrl.port = String(databasePort);
  const port = await freePort();
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl.toString(),
    REDIS_URL: redisUrl,
    SECRETS_FILE: secretsFile,
    API_PORT: String(port),
    API_PRIVATE_PORT: String(await freePort()),
  };
  const child = spawnProcess(process.execPath, ['--import', 'tsx', main], { env });
  running.push(child);
  await child.waitFor(/api is ready/, 60_000);
  const send: Api['send'] = (route, body, headers = {}) =>
    fetch(`http://127.0.0.1:${port}${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { process: child, send };
}

/** Somebody with money, and the create that will be interrupted and repeated. */
async function arrange(api: Api) {
  const email = `${randomUUID()}@example.com`;
  const up = await api.send('/v1/auth/sign-up', { email, password: 'correct horse battery', name: 'Li Lei' });
  const { token } = (await up.json()) as { token: string };
  const made = await api.send(
    '/v1/organizations',
    { name: 'Acme', mode: 'sandbox', currency: 'USD' },
    { authorization: `Bearer ${token}` },
  );
  const { organization } = (await made.json()) as { organization: { id: string } };
  const headers = {
    authorization: `Bearer ${token}`,
    'organization-id': organization.id,
    'idempotency-key': randomUUID(),
  };
  const body = { name: 'once', region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g', gpus: 2 };
  return { orgId: organization.id, create: (over: Api) => over.send('/v1/instances', body, headers) };
}

/** What a create leaves in every table that it writes. */
async function traces(orgId: string) {
  const { rows } = await admin.query(
    `SELECT (SELECT count(*)::int FROM workload WHERE org_id = $1) AS workloads,
      (SELECT count(*)::int FROM operation WHERE org_id = $1) AS operations,
      (SELECT count(*)::int FROM capacity_claim c JOIN operation o ON o.id = c.operation_id WHERE o.org_id = $1) AS claims,
      (SELECT count(*)::int FROM idempotency_key WHERE org_id = $1) AS keys,
      (SELECT count(*)::int FROM audit_event WHERE org_id = $1 AND action = 'instance.create' AND result = 'success') AS audited`,
    [orgId],
  );
  return rows[0];
}
const NOTHING = { workloads: 0, operations: 0, claims: 0, keys: 0, audited: 0 };
const ONCE = { workloads: 1, operations: 1, claims: 1, keys: 1, audited: 1 };

test('F1: killed between commit and answer, the same key later answers with the instance that exists', async () => {
  const { hostname, port } = new URL(db.database.adminUrl);
  const proxy = await startWithholdingProxy({ host: hostname, port: Number(port) });
  const first = await startApi(proxy.port);
  const { orgId, create } = await arrange(first);
  proxy.withhold();
  const lost = create(first).catch((error: unknown) => error);
  await proxy.committed;
  await vi.waitFor(async () => expect(await traces(orgId)).toEqual(ONCE), { timeout: 20_000 });
  await first.process.end('SIGKILL');
  expect(await lost).toBeInstanceOf(Error);
  await proxy.close();

  const second = await startApi();
  const answer = await create(second);
  expect(answer.status).toBe(201);
  expect(answer.headers.get('idempotent-replayed')).toBe('true');
  const { rows } = await admin.query('SELECT id FROM workload WHERE org_id = $1', [orgId]);
  expect(((await answer.json()) as { id: string }).id).toBe(rows[0].id);
  expect(await traces(orgId)).toEqual(ONCE);
  await second.process.end('SIGKILL');
}, 150_000);

test('F2: killed before commit, nothing is left, and the same key later creates one', async () => {
  const first = await startApi();
  const { orgId, create } = await arrange(first);
  // The audit row is the last thing that a create writes: it waits here with everything else already written.
  const lock = `hashtextextended('audit:' || $1::text, 0)`;
  await admin.query(`SELECT pg_advisory_lock(${lock})`, [orgId]);
  const lost = create(first).catch((error: unknown) => error);
  await vi.waitFor(
    async () => {
      const { rows } = await admin.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event = 'advisory' AND query LIKE '%audit_event%'`,
      );
      expect(rows[0].n).toBe(1);
    },
    { timeout: 20_000 },
  );
  await first.process.end('SIGKILL');
  expect(await lost).toBeInstanceOf(Error);
  await admin.query(`SELECT pg_advisory_unlock(${lock})`, [orgId]);
  // The server notices the lost connection when it wants to answer, and rolls back.
  await vi.waitFor(
    async () => {
      const { rows } = await admin.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'suanxiang-api-%'`,
      );
      expect(rows[0].n).toBe(0);
    },
    { timeout: 20_000 },
  );
  expect(await traces(orgId)).toEqual(NOTHING);

  const second = await startApi();
  const answer = await create(second);
  expect([answer.status, answer.headers.get('idempotent-replayed')]).toEqual([201, null]);
  expect(await traces(orgId)).toEqual(ONCE);
}, 150_000);
