import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSecrets } from '@suanxiang/platform/secrets';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import { freePort } from '@suanxiang/testing/free-port';
import { claimRedis } from '@suanxiang/testing/redis-db';
import { type SpawnedProcess, spawnProcess } from '@suanxiang/testing/spawn';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-api-'));
let database: TestDatabase;
let api: SpawnedProcess;
let [publicPort, privatePort] = [0, 0];

beforeAll(async () => {
  database = await cloneDatabase();
  const secretsFile = path.join(folder, 'secrets.json');
  const secrets = { ...createSecrets(), dbPasswords: inject('services').rolePasswords };
  writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 });
  [publicPort, privatePort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    DATABASE_URL: database.adminUrl,
    REDIS_URL: (await claimRedis()).url,
    SECRETS_FILE: secretsFile,
    API_PORT: String(publicPort),
    API_PRIVATE_PORT: String(privatePort),
    LOG_LEVEL: 'debug',
  };
  api = spawnProcess(process.execPath, ['--import', 'tsx', main], { env });
  await api.waitFor(/api is ready/, 60_000);
});
afterAll(async () => {
  await api?.end('SIGKILL');
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const open = (where: string, init?: RequestInit) => fetch(`http://127.0.0.1:${publicPort}${where}`, init);
const own = (where: string) => fetch(`http://127.0.0.1:${privatePort}${where}`);

test('the process answers, is ready, and tells its figures on the private port only', async () => {
  expect((await open('/v1/regions')).status).toBe(200);
  expect(await (await own('/livez')).json()).toEqual({ alive: true });
  expect(await (await own('/readyz')).json()).toMatchObject({ ready: true, checks: { database: 'ok' } });
  const metrics = await (await own('/metrics')).text();
  expect(metrics).toMatch(
    /http_request_duration_seconds_count\{[^}]*operation="listRegions"[^}]*status="200"[^}]*\} \d/,
  );
  for (const where of ['/livez', '/readyz', '/metrics']) expect((await open(where)).status).toBe(404);
});

test('no credential that was sent reaches the log', async () => {
  const password = 'canary-password-8d1c';
  const key = `sx_sk_test_${'Canary8d1c'.repeat(5)}`;
  const body = JSON.stringify({ email: 'canary@example.com', password, name: 'Canary' });
  const up = await open('/v1/auth/sign-up', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { token } = (await up.json()) as { token: string };
  await open(`/v1/me?api_key=${key}`, { headers: { authorization: `Bearer ${token}` } });
  await open('/v1/me', { headers: { authorization: `Bearer ${key}` } });
  await api.waitFor(/"operation":"getMe"/);
  for (const secret of [password, token, key, 'Canary8d1c']) expect(api.output()).not.toContain(secret);
});

test('a request under way is answered before the process ends, and the end is clean', async () => {
  const body = JSON.stringify({ email: 'last@example.com', password: 'the last password', name: 'Last' });
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length), expect: '100-continue' };
  const last = request({ host: '127.0.0.1', port: publicPort, path: '/v1/auth/sign-up', method: 'POST', headers });
  last.flushHeaders();
  // The process has read the head of the request when it says "go on": from then on it is under way.
  await once(last, 'continue');
  const ended = api.end('SIGTERM');
  await api.waitFor(/stopping/i);
  last.end(body);
  const [answer] = (await once(last, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(201);
  expect(await ended).toBe(0);
  await expect(open('/v1/regions')).rejects.toThrow();
});
