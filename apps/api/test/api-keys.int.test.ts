import { readFileSync } from 'node:fs';
import { createLogger } from '@suanxiang/platform/logger';
import { createCommandRedis } from '@suanxiang/platform/redis';
import { newKey } from '@suanxiang/services/api-key/format';
import { createKeyCache } from '@suanxiang/services/api-key/key-cache';
import { freePort } from '@suanxiang/testing/free-port';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../src/build-server';
import { createRateLimiter } from '../src/rate-limit';
import { type Api, openApi } from './support/api';
import { addKey, addTenant, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeAll(async () => {
  tenant = await addTenant(api);
});

const create = (over: object = {}) =>
  api.call('createApiKey', { body: { name: 'ci', scopes: ['compute:read'], ...over } }, tenant.owner);
const me = (token: string, headers: Record<string, string> = {}) => api.call('getMe', {}, { token, headers });
const roll = (id: string, body: object = {}, who = tenant.owner) =>
  api.call('rollApiKey', { params: { api_key_id: id }, body }, who);

/** Runs work and answers how often the identity role was asked. */
async function queriesOf(work: () => Promise<unknown>): Promise<number> {
  const { pool } = api.plane.ctx.auth;
  const query = pool.query;
  let asked = 0;
  pool.query = ((...args: Parameters<typeof query>) => {
    asked += 1;
    return query.apply(pool, args);
  }) as typeof query;
  try {
    await work();
    return asked;
  } finally {
    pool.query = query;
  }
}

describe('rolling a key', () => {
  test('gives a new one with the same rights, and both open until the overlap ends', async () => {
    const scopes = ['billing:read', 'instances:read'];
    const { api_key: old, secret } = (await create({ scopes, allowed_cidrs: ['127.0.0.0/8'] })).json;
    const rolled = await roll(old.id, { overlap_seconds: 3600, expires_in_days: 90 });
    expect(rolled.status, rolled.text).toBe(201);
    const { api_key: next, previous } = rolled.json;
    expect(rolled.headers.location).toBe(`/v1/api-keys/${next.id}`);
    expect(next).toMatchObject({ name: 'ci', scopes, allowed_cidrs: ['127.0.0.0/8'], replaced_by: null });
    expect(next.api_version).toBe(old.api_version);
    expect(previous).toMatchObject({ id: old.id, replaced_by: next.id, revoked_at: null });
    const leftMs = Date.parse(previous.expires_at) - Date.now();
    expect(leftMs).toBeGreaterThan(3_500_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
    expect((await me(secret)).status).toBe(200);
    expect((await me(rolled.json.secret)).status).toBe(200);
  });

  test('attack 16: a key past its overlap opens nothing', async () => {
    const { api_key: old, secret } = (await create()).json;
    expect((await me(secret)).status).toBe(200);
    expect((await roll(old.id, { overlap_seconds: 0 })).status).toBe(201);
    expect((await me(secret)).status).toBe(401);
  });

  test('an overlap never makes the old key live longer than it would have', async () => {
    const { api_key: old } = (await create({ expires_in_days: 1 })).json;
    const rolled = await roll(old.id, { overlap_seconds: 604_800 });
    expect(rolled.json.previous.expires_at).toBe(old.expires_at);
  });

  test('is done once: a repetition shows no secret, a second roll names the successor, a dead key is refused', async () => {
    const { api_key: old } = (await create()).json;
    const input = { params: { api_key_id: old.id }, body: {}, idempotencyKey: 'roll-once' };
    const first = await api.call('rollApiKey', input, tenant.owner);
    const again = await api.call('rollApiKey', input, tenant.owner);
    expect(again.json).toEqual({ ...first.json, secret: null });
    expect((await roll(old.id)).json).toMatchObject({
      status: 409,
      code: 'conflict',
      replaced_by: first.json.api_key.id,
    });
    const params = { api_key_id: first.json.api_key.id };
    await api.call('revokeApiKey', { params }, tenant.owner);
    expect((await roll(params.api_key_id)).json).toMatchObject({ status: 409, state: 'revoked' });
  });

  test('attack 14: a key cannot roll one that opens more than itself', async () => {
    const strong = (await create({ scopes: ['all:write'] })).json.api_key;
    const weak = (await create({ scopes: ['api-keys:write'] })).json.secret;
    const refused = await roll(strong.id, {}, { token: weak, orgId: tenant.orgId });
    expect(refused.json).toMatchObject({ status: 403, code: 'permission_denied' });
    expect((await api.call('getApiKey', { params: { api_key_id: strong.id } }, tenant.owner)).json).toEqual(strong);
  });
});

describe('networks', () => {
  test('a key is refused from outside them, with a row in the audit log', async () => {
    const { secret } = (await create({ scopes: ['all:read'], allowed_cidrs: ['203.0.113.0/24', '2001:db8::/32'] }))
      .json;
    const from = (ip: string) => me(secret, { 'x-forwarded-for': ip });
    expect((await from('203.0.113.9')).status).toBe(200);
    expect((await from('2001:db8:7::1')).status).toBe(200);
    expect((await from('198.51.100.1')).json).toMatchObject({ status: 403, code: 'address_not_allowed' });
    const headers = { 'x-forwarded-for': '198.51.100.1' };
    const refused = await api.call('listProjects', {}, { token: secret, headers });
    expect(refused.status).toBe(403);
    const audit = await api.call('listAuditEvents', { query: { limit: 1 } }, tenant.owner);
    expect(audit.json.items[0]).toMatchObject({
      result: 'denied',
      detail: { code: 'address_not_allowed' },
      request_id: refused.headers['x-request-id'],
    });
  });

  test('attack 14: a key bound to networks makes and changes keys inside them only', async () => {
    const scopes = ['api-keys:write'];
    const { api_key: own, secret } = (await create({ scopes, allowed_cidrs: ['127.0.0.0/8'] })).json;
    const as = { token: secret };
    const wide = await api.call('createApiKey', { body: { name: 'w', scopes, allowed_cidrs: ['0.0.0.0/0'] } }, as);
    expect(wide.json).toMatchObject({ status: 403, errors: [{ pointer: '/body/allowed_cidrs', code: 'beyond_own' }] });
    const same = await api.call('createApiKey', { body: { name: 'w', scopes } }, as);
    expect(same.json.api_key.allowed_cidrs).toEqual(['127.0.0.0/8']);
    const params = { api_key_id: own.id };
    const opened = await api.call('updateApiKey', { params, body: { allowed_cidrs: [] } }, as);
    expect(opened.status).toBe(403);
  });

  test('a change of them holds from the next request on', async () => {
    const { api_key: key, secret } = (await create()).json;
    expect((await me(secret)).status).toBe(200);
    const params = { api_key_id: key.id };
    const changed = await api.call('updateApiKey', { params, body: { allowed_cidrs: ['192.0.2.0/24'] } }, tenant.owner);
    expect(changed.json.allowed_cidrs).toEqual(['192.0.2.0/24']);
    expect((await me(secret)).status).toBe(403);
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '300.0.0.0/8', 'localhost', '::/129', ''])('%s is no network', async (cidr) => {
    const reply = await create({ allowed_cidrs: [cidr] });
    expect(reply.json).toMatchObject({ status: 400, errors: [{ pointer: '/body/allowed_cidrs/0' }] });
  });
});

describe('what is known of a key', () => {
  test('the last use: minute, network and program, written in batches', async () => {
    const { api_key: key, secret } = (await create()).json;
    await me(secret, { 'x-forwarded-for': '203.0.113.77', 'user-agent': 'terraform/1.9' });
    await me(secret, { 'x-forwarded-for': '203.0.113.78', 'user-agent': 'terraform/2.0' });
    await api.plane.ctx.keyUse.flush();
    const { json } = await api.call('getApiKey', { params: { api_key_id: key.id } }, tenant.owner);
    expect(json).toMatchObject({ last_used_ip_prefix: '203.0.113.0/24', last_used_agent: 'terraform/2.0' });
    expect(Date.parse(json.last_used_at) % 60_000).toBe(0);
  });

  test('how near its end is, for warnings', async () => {
    const { api_key: key } = (await create()).json;
    expect(key.expiry).toBe('far');
    for (const [interval, expiry] of [
      ['29 days', 'within_30_days'],
      ['6 days', 'within_7_days'],
      ['23 hours', 'within_1_day'],
      ['-1 second', 'expired'],
    ]) {
      await admin.query('UPDATE api_key SET expires_at = now() + $1::interval WHERE id = $2', [interval, key.id]);
      const { json } = await api.call('getApiKey', { params: { api_key_id: key.id } }, tenant.owner);
      expect(json.expiry, interval).toBe(expiry);
    }
  });

  test('scopes of one resource open that resource', async () => {
    const token = await addKey(api, tenant, ['ssh-keys:read']);
    expect((await api.call('listSshKeys', {}, { token })).status).toBe(200);
    expect((await api.call('listInstances', {}, { token })).json).toMatchObject({
      status: 403,
      required_permission: 'instance.read',
    });
  });

  test('the guide has the pattern that scanners look for, and it finds our keys and nothing else', () => {
    const guide = readFileSync(new URL('../../../docs/guides/api-keys.md', import.meta.url), 'utf8');
    const pattern = new RegExp(/regex = '''(.+)'''/.exec(guide)![1]!);
    for (const env of ['live', 'test'] as const) {
      const { key } = newKey(env);
      expect(pattern.exec(`KEY="${key}"`)?.[0]).toBe(key);
    }
    for (const other of ['sx_sk_live_', newKey('live').key.slice(0, -1), `x${newKey('live').key}`, 'sk_live_abc']) {
      expect(pattern.test(other), other).toBe(false);
    }
  });
});

describe('looking a key up', () => {
  test('attack 17: a flood of keys with a wrong checksum costs no query', async () => {
    const { secret } = (await create()).json;
    const asked = await queriesOf(async () => {
      for (let i = 0; i < 200; i += 1) {
        const wrong = `${secret.slice(0, 30)}${String(i).padStart(3, 'x')}${secret.slice(33)}`;
        const headers = { 'x-forwarded-for': `198.51.100.${i}` };
        expect((await me(wrong, headers)).status).toBe(401);
      }
    });
    expect(asked).toBe(0);
  });

  test('costs no query while it is remembered', async () => {
    const token = await addKey(api, tenant, ['all:read']);
    await api.call('listProjects', {}, { token });
    const asked = await queriesOf(async () => {
      for (let i = 0; i < 20; i += 1) expect((await api.call('listProjects', {}, { token })).status).toBe(200);
    });
    // Redis or the machine may be slow: at most one look-up a lifetime of the memory, never one a request.
    expect(asked).toBeLessThanOrEqual(2);
  });

  test('a remembered public part opens nothing with another secret', async () => {
    const token = await addKey(api, tenant, ['all:read']);
    expect((await me(token)).status).toBe(200);
    const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const lookup = [...token.slice(11, 23)].map((letter) => letters.indexOf(letter));
    const forged = newKey('test', () => lookup.shift() ?? 7).key;
    expect(forged.slice(0, 23)).toBe(token.slice(0, 23));
    expect((await me(forged)).status).toBe(401);
  });

  test('attack 16: revoked, it is refused here at once and elsewhere within five seconds, with Redis down', async () => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    const redis = createCommandRedis(`redis://127.0.0.1:${await freePort()}`, logger, 100);
    // Another process: a memory of its own, and no Redis to hear from. Its clock is ours to move.
    let elapsedMs = 0;
    const clock = { ...api.plane.ctx.clock, nowMs: () => Date.now() + elapsedMs };
    const keyCache = createKeyCache(() => clock.nowMs());
    const ctx = { ...api.plane.ctx, redis, clock, keyCache };
    const limiter = createRateLimiter(redis, clock);
    const app = buildServer({ ctx, limiter, logger, apiUrl: 'http://127.0.0.1:4000', version: 'test' });
    const { api_key: key, secret } = (await create()).json;
    const elsewhere = async () =>
      (await app.inject({ method: 'GET', url: '/v1/me', headers: { authorization: `Bearer ${secret}` } })).statusCode;
    try {
      expect(await elsewhere()).toBe(200);
      expect((await me(secret)).status).toBe(200);
      await api.call('revokeApiKey', { params: { api_key_id: key.id } }, tenant.owner);
      expect((await me(secret)).status).toBe(401);
      elapsedMs = 5_000;
      expect(await elsewhere()).toBe(401);
      expect(await elsewhere()).toBe(401);
    } finally {
      await app.close();
      redis.disconnect();
    }
  });

  test('a clock that is set back does not keep a key alive', () => {
    let now = 1_000_000;
    const cache = createKeyCache(() => now);
    cache.keep('a', { principal: { id: 'key_1' } as never, mac: '', env: 'test', expiresAtMs: null });
    expect(cache.find('a')).not.toBeNull();
    now -= 1;
    expect(cache.find('a')).toBeNull();
  });
});
