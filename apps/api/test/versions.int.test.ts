import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import { createDeprecatedCalls } from '@suanxiang/services/api-key/deprecated-calls';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../src/build-server';
import { createRateLimiter } from '../src/rate-limit';
import { type Api, openApi } from './support/api';
import { addKey, addTenant, sshPublicKey, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let token: string;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  tenant = await addTenant(api);
  token = await addKey(api, tenant, ['all:write']);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

describe('versions', () => {
  test('every answer says which version it is in', async () => {
    for (const [method, path] of [
      ['GET', '/v1/regions'],
      ['GET', '/v1/nothing'],
      ['GET', '/v1/me'],
      ['PUT', '/v1/me'],
    ]) {
      expect((await api.send(method!, path!)).headers['api-version'], path).toBe(NEWEST_API_VERSION);
    }
  });

  test('a key keeps the version it was created with, until a request asks for another', async () => {
    const key = await addKey(api, tenant, ['all:read']);
    const { json } = await api.call('listApiKeys', { query: { limit: 1 } }, tenant.owner);
    expect(json.items[0].api_version).toBe(NEWEST_API_VERSION);
    await admin.query(`UPDATE api_key SET api_version = '2026-09-01' WHERE id = $1`, [json.items[0].id]);
    const pinned = await api.send('GET', '/v1/projects', { token: key });
    expect(pinned.headers['api-version']).toBe('2026-09-01');
    const headers = { 'api-version': NEWEST_API_VERSION };
    expect((await api.send('GET', '/v1/projects', { token: key, headers })).headers['api-version']).toBe(
      NEWEST_API_VERSION,
    );
  });

  test.each(['2020-01-01', 'v1', 'latest', '2026-11-01, 2026-11-01'])('there is no version %s', async (version) => {
    const reply = await api.send('GET', '/v1/projects', { token, headers: { 'api-version': version } });
    expect(reply.json).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ pointer: '/header/api-version', code: 'unknown_version' }],
    });
    expect(reply.json.suggestion).toContain(NEWEST_API_VERSION);
  });
});

describe('an operation that is going', () => {
  test('says since when, until when, and what comes after it', async () => {
    const routes = (ROUTES as readonly Route[]).map((route) =>
      route.operationId === 'listRegions'
        ? { ...route, deprecation: { since: '2026-11-01', sunset: '2027-06-01', successor: 'listOffers' } }
        : route,
    );
    const logger = createLogger({ name: 'test', level: 'silent' });
    const limiter = createRateLimiter(api.plane.ctx.redis, systemClock);
    const { ctx } = api.plane;
    const app = buildServer({ ctx, limiter, logger, apiUrl: 'http://127.0.0.1:4000', version: 'test', routes });
    try {
      const old = await app.inject({ method: 'GET', url: '/v1/regions' });
      expect(old.statusCode).toBe(200);
      expect(old.headers).toMatchObject({
        deprecation: '@1793491200',
        sunset: 'Tue, 01 Jun 2027 00:00:00 GMT',
        link: '</v1/offers>; rel="successor-version"',
      });
      expect((await app.inject({ method: 'GET', url: '/v1/offers' })).headers.deprecation).toBeUndefined();
    } finally {
      await app.close();
    }
  });

  test('and whose keys still call it can be read, by operation and key, across processes', async () => {
    const routes = (ROUTES as readonly Route[]).map((route) =>
      route.operationId === 'listProjects'
        ? { ...route, deprecation: { since: '2026-11-01', sunset: '2027-06-01', successor: 'getMe' } }
        : route,
    );
    const logger = createLogger({ name: 'test', level: 'silent' });
    const limiter = createRateLimiter(api.plane.ctx.redis, systemClock);
    const { ctx } = api.plane;
    const other = createDeprecatedCalls(ctx.api, systemClock, logger);
    const contexts = [ctx, { ...ctx, deprecatedCalls: other }];
    const apps = contexts.map((one) =>
      buildServer({ ctx: one, limiter, logger, apiUrl: 'http://127.0.0.1:4000', version: 'test', routes }),
    );
    const [lazy, diligent] = [await addKey(api, tenant, ['all:read']), await addKey(api, tenant, ['all:read'])];
    const ofProject = await addKey(api, tenant, ['all:read'], tenant.projectId);
    const foreign = await addTenant(api);
    const foreignKey = await addKey(api, foreign, ['all:read']);
    const call = (app: (typeof apps)[number], key: string, url: string) =>
      app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${key}` } });
    try {
      for (const app of [apps[0]!, apps[1]!, apps[0]!]) {
        const reply = await call(app, lazy, '/v1/projects');
        expect([reply.statusCode, reply.headers.deprecation]).toEqual([200, '@1793491200']);
      }
      await call(apps[0]!, ofProject, '/v1/projects');
      await call(apps[0]!, foreignKey, '/v1/projects');
      await call(apps[0]!, diligent, '/v1/ssh-keys');
      await Promise.all(contexts.map((one) => one.deprecatedCalls.flush()));
      await call(apps[1]!, lazy, '/v1/projects');
      await other.close();
    } finally {
      await Promise.all(apps.map((app) => app.close()));
    }
    const idOf = async (key: string) =>
      (await admin.query('SELECT id, name FROM api_key WHERE lookup = $1', [key.slice(11, 23)])).rows[0];
    const [lazyKey, projectKey] = [await idOf(lazy), await idOf(ofProject)];
    const going = {
      operation_id: 'listProjects',
      since: '2026-11-01',
      sunset: '2027-06-01',
      successor: 'getMe',
      first_used_at: expect.any(String),
      last_used_at: expect.any(String),
    };
    const byActor = (one: { actor: string }, two: { actor: string }) => (one.actor < two.actor ? -1 : 1);
    const all = await api.call('listDeprecatedCalls', {}, tenant.owner);
    expect(all.json.items.sort(byActor)).toEqual(
      [
        { ...going, actor: `key:${lazyKey.id}`, name: lazyKey.name, calls: 4 },
        { ...going, actor: `key:${projectKey.id}`, name: projectKey.name, calls: 1 },
      ].sort(byActor),
    );
    expect((await api.call('listDeprecatedCalls', {}, foreign.owner)).json.items).toMatchObject([{ calls: 1 }]);
    expect((await api.call('listDeprecatedCalls', {}, { token: diligent })).json.items).toHaveLength(2);
  });

  test('has at least six months left when it is announced', () => {
    for (const { deprecation, operationId } of ROUTES as readonly Route[]) {
      if (!deprecation) continue;
      const leftMs = Date.parse(deprecation.sunset) - Date.parse(deprecation.since);
      expect(leftMs, operationId).toBeGreaterThanOrEqual(182 * 86_400_000);
    }
  });
});

describe('counting', () => {
  test('lists say how much there is of all pages only when asked, with the filters', async () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      await api.call('createSshKey', { body: { name: `k ${seed}`, public_key: sshPublicKey(seed) } }, { token });
    }
    const plain = await api.call('listSshKeys', { query: { limit: 1 } }, { token });
    expect(plain.json.total_count).toBeUndefined();
    const counted = await api.call('listSshKeys', { query: { limit: 1, include: 'total_count' } }, { token });
    expect(counted.json).toMatchObject({ total_count: 3, total_count_capped: false });
    // The wish to count is no filter: a page's cursor goes with and without it.
    const next = await api.call('listSshKeys', { query: { limit: 1, cursor: counted.json.next_cursor } }, { token });
    expect(next.status).toBe(200);
    const none = await api.call('listInstances', { query: { q: 'nothing', include: 'total_count' } }, { token });
    expect(none.json).toEqual({ items: [], next_cursor: null, total_count: 0, total_count_capped: false });
  });

  test('every list that can be counted counts what its pages hold', async () => {
    const query = { limit: 100, include: 'total_count' } as const;
    for (const operation of [
      'listProjects',
      'listSshKeys',
      'listApiKeys',
      'listAuditEvents',
      'listInstances',
      'listClusters',
      'listOperations',
      'listPayments',
      'listLedger',
      'listInvoices',
    ] as const) {
      const { json } = await api.call(operation, { query }, { token });
      expect(json.total_count, operation).toBe(json.items.length);
    }
  });

  test('counting stops at its cap', async () => {
    await admin.query(
      `INSERT INTO ssh_key (id, org_id, name, public_key, fingerprint, created_by)
       SELECT 'sshk_' || lpad(n::text, 26, '0'), $1, 'bulk ' || n, 'x', 'f' || n, 'user:x' FROM generate_series(1, 10100) n`,
      [tenant.orgId],
    );
    const { json } = await api.call('listSshKeys', { query: { limit: 1, include: 'total_count' } }, { token });
    expect(json).toMatchObject({ total_count: 10_000, total_count_capped: true });
  });
});
