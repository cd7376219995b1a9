import { Writable } from 'node:stream';
import type { Route } from '@suanxiang/contract/route';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addNode } from '../../../../packages/services/test/support/fleet';
import { buildServer } from '../../src/build-server';
import { DOCUMENT_PATHS } from '../../src/documents';
import { createRateLimiter } from '../../src/rate-limit';
import { type Api, openApi, type Reply } from '../support/api';
import { fillPath, plausible, routes, shapeOf } from '../support/requests';
import { addTenant, sshPublicKey, type Tenant } from '../support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  await addNode(api.plane.sql, 'n1');
  tenant = await addTenant(api);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

const ofTenant = routes.filter(({ auth }) => auth === 'org');
let sent = 0;
function send(route: Route): Promise<Reply> {
  sent += 1;
  const sender = route.path.startsWith('/v1/organizations/') ? { token: tenant.session } : tenant.owner;
  const url = fillPath(route, { organization_id: tenant.orgId });
  const body = route.body ? plausible(shapeOf(route.body)) : undefined;
  return api.send(route.method, url, { ...sender, headers: { 'idempotency-key': `lk-${sent}` } }, body);
}

describe('attack 49: what a shared cache would keep', () => {
  test.each(ofTenant.map((route) => [route.operationId, route] as const))(
    '%s may be stored by nobody, whatever its status',
    async (_, route) => {
      expect((await send(route)).headers['cache-control']).toBe('private, no-store');
      const refused = await api.send(route.method, fillPath(route));
      expect(refused.headers['cache-control']).toBe('private, no-store');
    },
  );

  test.each([
    '/v1/me/x.css',
    '/v1/me;x.css',
    '/v1/me%2fx.css',
    '/v1/me%00.css',
    '/v1/me/..%2fx.js',
    '/v1/me.css',
    '/V1/me',
  ])('%s is not /v1/me', async (url) => {
    const reply = await api.send('GET', url, { token: tenant.session });
    expect(reply.status).toBe(404);
    expect(reply.text).not.toContain(tenant.email);
  });
});

describe('attack 51: secrets where they do not belong', () => {
  test('are in no log line, audit row, stored answer, doorbell, Redis key or error', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const { ctx } = api.plane;
    const app = buildServer({
      ctx,
      limiter: createRateLimiter(ctx.redis, systemClock),
      logger: createLogger({ name: 'api', level: 'trace' }, sink),
      apiUrl: 'http://127.0.0.1:4000',
      version: 'test',
    });
    const answers: string[] = [];
    const call = async (method: 'GET' | 'POST', url: string, payload: object | undefined, token?: string) => {
      const headers = {
        'idempotency-key': `secret-${answers.length}`,
        ...(token ? { authorization: `Bearer ${token}`, 'organization-id': tenant.orgId } : {}),
      };
      const reply = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
      answers.push(reply.body);
      return reply;
    };
    const password = 'Kanarien-Passwort-7';
    const person = { email: 'canary@example.com', password, name: 'Canary' };
    const session = (await call('POST', '/v1/auth/sign-up', person)).json().token as string;
    const wrong = 'Falsches-Passwort-8';
    await call('POST', '/v1/auth/sign-in', { email: person.email, password: wrong });
    const made = await call('POST', '/v1/api-keys', { name: 'c', scopes: ['all:read'] }, tenant.session);
    const key = made.json().secret as string;
    await call('GET', `/v1/projects?api_key=${key}`, undefined, key);
    await call('GET', `/v1/${key}`, undefined, key);
    await call('POST', '/v1/projects', { name: key }, key);
    const script = '#!/bin/sh\nexport TOKEN=kanarien-skript-9';
    const launch = {
      name: 'c',
      region_id: 'cn-north',
      accelerator_id: 'nvidia-h100-80g',
      startup_script: script,
      environment: { HF_TOKEN: 'kanarien-variable-10' },
    };
    expect((await call('POST', '/v1/instances', launch, tenant.session)).statusCode).toBe(201);
    const original = ctx.api.pool.connect;
    ctx.api.pool.connect = (() =>
      Promise.reject(new Error(`cannot use ${key} at postgres://u:${password}@h/d`))) as never;
    try {
      await call('GET', '/v1/projects', undefined, key);
    } finally {
      ctx.api.pool.connect = original;
    }
    await app.close();
    await ctx.keyUse.flush();

    const stored: string[] = [];
    for (const table of ['audit_event', 'idempotency_key', 'outbox', 'operation', 'operation_step', 'state_change']) {
      const { rows } = await admin.query(`SELECT to_jsonb(t)::text AS text FROM ${pg.escapeIdentifier(table)} t`);
      stored.push(...rows.map((row) => `${table}: ${row.text}`));
    }
    for (const name of await ctx.redis.keys('*')) {
      const type = await ctx.redis.type(name);
      const value =
        type === 'hash'
          ? await ctx.redis.hgetall(name)
          : type === 'zset'
            ? await ctx.redis.zrange(name, '0', '-1')
            : type;
      stored.push(`redis ${name}: ${JSON.stringify(value)}`);
    }
    expect(lines.length).toBeGreaterThan(5);
    expect(stored.length).toBeGreaterThan(10);
    const secrets = [
      password,
      wrong,
      session,
      key.slice(23),
      'kanarien-skript-9',
      'kanarien-variable-10',
      tenant.session,
    ];
    for (const secret of secrets) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
      expect(stored.filter((text) => text.includes(secret))).toEqual([]);
    }
    // Each secret is shown in the one answer that hands it out.
    for (const secret of [session, key]) expect(answers.filter((text) => text.includes(secret)).length).toBe(1);
    for (const secret of [password, wrong, 'kanarien-skript-9']) {
      expect(answers.filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});

describe('attack 52: what failures tell', () => {
  test.each(ofTenant.map((route) => [route.operationId, route] as const))(
    '%s tells nothing of what broke underneath',
    async (_, route) => {
      const { pool } = api.plane.ctx.api;
      const original = pool.connect;
      const inner = 'column "mac" of relation "secret_table" violates check; SELECT * FROM secret_table';
      pool.connect = (() => Promise.reject(Object.assign(new Error(inner), { code: '42703' }))) as never;
      try {
        const reply = await send(route);
        expect([200, 400, 404, 422, 500]).toContain(reply.status);
        if (reply.status === 500) {
          expect(reply.json).toMatchObject({ code: 'internal', retryable: true, errors: [] });
          expect(reply.json.request_id).toBe(reply.headers['x-request-id']);
        }
        // An id is random text and may spell anything.
        const told = reply.text.replaceAll(/req_[0-9a-z]{26}/g, '');
        expect(told).not.toMatch(/secret_table|\bmac\b|42703|SELECT|\.ts|node_modules/);
      } finally {
        pool.connect = original;
      }
    },
  );
});

/** Doors for others than our clients: they open to a signature, and are no part of the public contract. */
const OF_PROVIDERS = ['/webhooks/stripe', '/agent/v1/enrol', '/agent/v1/batches'];

describe('attack 62: doors that nobody described', () => {
  test('the server has the routes of the contract and its own documents, and nothing else', () => {
    const described = new Set([
      ...routes.map(({ path }) => path.replace(/\{(\w+)\}/g, ':$1')),
      ...DOCUMENT_PATHS,
      ...OF_PROVIDERS,
    ]);
    const found = new Set<string>();
    const stack: string[] = [];
    for (const line of api.app.printRoutes({ commonPrefix: false }).split('\n')) {
      const match = /^((?:│ {3}| {4})*)(?:├──|└──) (\S*)(?: \((.*)\))?/.exec(line);
      if (!match) continue;
      stack.length = match[1]!.length / 4;
      stack.push(match[2]!);
      if (match[3]) found.add(stack.join(''));
    }
    expect(found.size).toBeGreaterThan(40);
    expect([...found].filter((path) => !described.has(path))).toEqual([]);
  });

  test.each([
    '/v0/regions',
    '/v2/regions',
    '/api/v1/regions',
    '/v1/internal/regions',
    '/v1/admin',
    '/v1/users',
    '/graphql',
    '/swagger.json',
    '/openapi-internal.json',
    '/metrics',
    '/livez',
    '/healthz/deep',
    '/debug/pprof',
    '/.git/config',
    '/main.js.map',
    '/admin/queues',
  ])('%s is 404', async (url) => {
    expect((await api.send('GET', url, { token: tenant.session })).json).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });
});

test('attack 50: names that would run somewhere are refused or come back as they are, as JSON', async () => {
  for (const name of [
    '<script>alert(1)</script>',
    '=cmd|calc',
    '+1',
    '@SUM(A1)',
    '[a](javascript:x)',
    'a\u202eb',
    '\u0007',
  ]) {
    const reply = await api.call('createProject', { body: { name } }, tenant.owner);
    expect(reply.status, name).toBe(400);
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
  }
  const body = { name: 'k', public_key: sshPublicKey(3, '<img src=x onerror=alert(1)>') };
  const made = await api.call('createSshKey', { body }, tenant.owner);
  expect(made.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(made.headers['content-security-policy']).toContain("default-src 'none'");
});
