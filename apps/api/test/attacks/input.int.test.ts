import type { Route } from '@suanxiang/contract/route';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, openApi, type Reply, type Sender } from '../support/api';
import { fillPath, places, plausible, routes, shapeOf, withValue } from '../support/requests';
import { addTenant, type Tenant } from '../support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  tenant = await addTenant(api);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

// Passwords are checked slowly and few times; their bodies are tried in identity.int.test.ts.
const ofTenant = routes.filter(({ auth }) => auth === 'org');
const withBody = ofTenant.filter(({ body }) => body !== null);
let sent = 0;

/** Sends as the owner, each from an address of its own so that no limit is what is tested. */
function send(route: Route, url: string, body?: unknown, over: Sender = {}): Promise<Reply> {
  sent += 1;
  const path = route.path.startsWith('/v1/organizations/') ? { token: tenant.session } : tenant.owner;
  const headers = { 'idempotency-key': `in-${sent}`, ...over.headers };
  return api.send(route.method, url, { ...path, headers }, body);
}
const pathOf = (route: Route) => fillPath(route, { organization_id: tenant.orgId });
const refill = () => api.plane.ctx.redis.flushdb();

const rows = async () =>
  (
    await admin.query(`SELECT (SELECT count(*) FROM workload) AS w, (SELECT count(*) FROM project) AS p,
    (SELECT count(*) FROM ssh_key) AS s, (SELECT count(*) FROM api_key) AS k, (SELECT count(*) FROM payment) AS y`)
  ).rows;

describe('attack 9: fields that nobody may set', () => {
  test.each(withBody.map((route) => [route.operationId, route] as const))(
    '%s refuses them by name',
    async (_, route) => {
      await refill();
      const before = await rows();
      const good = plausible(shapeOf(route.body)) as object;
      const own = shapeOf(route.body).properties ?? {};
      for (const field of ['org_id', 'role', 'price', 'status', 'state', 'is_staff', 'id', 'created_by', 'toString']) {
        // A few operations are there to set it.
        if (Object.hasOwn(own, field)) continue;
        const reply = await send(route, pathOf(route), { ...good, [field]: 'x' });
        expect(reply.status, `${field}: ${reply.text}`).toBe(400);
        expect(reply.json.errors).toContainEqual({
          pointer: `/body/${field}`,
          code: 'unknown_field',
          detail: expect.any(String),
        });
      }
      for (const field of ['__proto__', 'constructor']) {
        const text = JSON.stringify(good).replace(/^\{/, `{"${field}":{"prototype":{"admin":true},"admin":true},`);
        const reply = await send(route, pathOf(route), text.replace(/,\}$/, '}'));
        expect(reply.json, field).toMatchObject({ status: 400, code: 'invalid_request' });
      }
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
      expect(await rows()).toEqual(before);
    },
  );
});

describe('attacks 10, 11: operators and nothings where a text is wanted', () => {
  const values = [{ not: '' }, { contains: 'a' }, { equals: null }, { in: ['a'] }, null, [], {}, [[]], 7, true];

  test.each(withBody.map((route) => [route.operationId, route] as const))('%s refuses them', async (_, route) => {
    await refill();
    const before = await rows();
    const shape = shapeOf(route.body);
    const good = plausible(shape);
    for (const { path, shape: field } of places(shape)) {
      if (field.type !== 'string') continue;
      for (const value of values) {
        const reply = await send(route, pathOf(route), withValue(good, path, value));
        const pointer = `/body/${path.join('/')}`;
        expect(reply.status, `${pointer} = ${JSON.stringify(value)}: ${reply.text}`).toBe(400);
        expect(reply.json.errors.some((error: { pointer: string }) => error.pointer.startsWith(pointer))).toBe(true);
      }
    }
    expect(await rows()).toEqual(before);
  });

  test.each(ofTenant.map((route) => [route.operationId, route] as const))(
    '%s takes no operator, repetition or unknown name in its query',
    async (_, route) => {
      await refill();
      const names = Object.keys(shapeOf(route.query).properties ?? {});
      const body = route.body ? plausible(shapeOf(route.body)) : undefined;
      const tries = [
        ...names.flatMap((name) => [`${name}[not]=a`, `${name}[]=a`, `${name}=a&${name}=b`, `${name}[__proto__]=a`]),
        'constructor=a',
        '__proto__=a',
        'org_id=a',
        'where={}',
      ];
      for (const query of tries) {
        const reply = await send(route, `${pathOf(route)}?${query}`, body);
        expect(reply.status, `${query}: ${reply.text}`).toBe(400);
      }
    },
  );

  test.each(ofTenant.filter(({ params }) => params !== null).map((route) => [route.operationId, route] as const))(
    '%s takes ids and nothing else in its path',
    async (_, route) => {
      await refill();
      const [name] = /\{(\w+)\}/.exec(route.path)!.slice(1);
      const body = route.body ? plausible(shapeOf(route.body)) : undefined;
      for (const text of [
        'undefined',
        'null',
        '[]',
        '{}',
        '0',
        '1',
        '%',
        '_',
        '*',
        ' ',
        '\u0000',
        'a'.repeat(90),
        "' OR 1=1 --",
      ]) {
        const reply = await send(route, fillPath(route, { organization_id: tenant.orgId, [name!]: text }), body);
        expect([400, 404], `${JSON.stringify(text)}: ${reply.text}`).toContain(reply.status);
      }
    },
  );
});

describe('attack 12: SQL in every text', () => {
  const strings = [
    `' OR '1'='1`,
    `'; DROP TABLE workload; --`,
    `$1`,
    `\\'; SELECT pg_sleep(30); --`,
    `a' UNION SELECT mac FROM api_key --`,
  ];

  test.each(ofTenant.map((route) => [route.operationId, route] as const))(
    '%s takes it literally or not at all',
    async (_, route) => {
      await refill();
      for (const text of strings) {
        for (const name of Object.keys(shapeOf(route.query).properties ?? {})) {
          const body = route.body ? plausible(shapeOf(route.body)) : undefined;
          const reply = await send(route, `${pathOf(route)}?${name}=${encodeURIComponent(text)}`, body);
          expect(reply.status, reply.text).toBeLessThan(500);
          expect(reply.text).not.toMatch(/syntax error|pg_|SELECT mac|[0-9a-f]{64}/);
        }
        for (const { path, shape } of places(shapeOf(route.body))) {
          if (shape.type !== 'string') continue;
          const reply = await send(route, pathOf(route), withValue(plausible(shapeOf(route.body)), path, text));
          expect(reply.status, reply.text).toBeLessThan(500);
        }
      }
      expect((await admin.query(`SELECT to_regclass('workload') AS it`)).rows[0].it).toBe('workload');
    },
  );
});

describe('attack 37: amounts', () => {
  test.each([
    '-1',
    '0',
    '0.00',
    '1e308',
    '1e2',
    'NaN',
    'Infinity',
    '1,000',
    '0x10',
    ' 5',
    '5 ',
    '1.',
    '.5',
    '1.2345',
    '9'.repeat(30),
    5,
    null,
    {},
  ])('%j is no amount to top up', async (amount) => {
    const before = await rows();
    const reply = await api.send(
      'POST',
      '/v1/billing/top-ups',
      { ...tenant.owner, headers: { 'idempotency-key': `a-${sent++}` } },
      { amount },
    );
    expect([400, 422], reply.text).toContain(reply.status);
    expect(await rows()).toEqual(before);
  });

  test("price and currency are not the sender's to choose", async () => {
    for (const extra of [{ currency: 'JPY' }, { price: '0' }, { status: 'succeeded' }]) {
      const reply = await api.send(
        'POST',
        '/v1/billing/top-ups',
        { ...tenant.owner, headers: { 'idempotency-key': `a-${sent++}` } },
        { amount: '5.00', ...extra },
      );
      expect(reply.status).toBe(400);
    }
  });
});

describe('attack 41: what JSON may hold', () => {
  const post = (text: string | Buffer) => api.send('POST', '/v1/projects', tenant.owner, text);

  test.each<[string, string | Buffer, string]>([
    ['a field twice', '{"name":"a","name":"b"}', 'duplicate_key'],
    ['a field twice, one escaped', '{"name":"a","n\\u0061me":"b"}', 'duplicate_key'],
    ['ten thousand levels', `{"name":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'too_deep'],
    ['ten thousand levels of objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'too_deep'],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]), 'malformed'],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'malformed'],
    ['UTF-16', Buffer.from('{"name":"a"}', 'utf16le'), 'malformed'],
    ['NaN', '{"name":NaN}', 'malformed'],
    ['a comment', '{"name":"a"} // b', 'malformed'],
    ['single quotes', "{'name':'a'}", 'malformed'],
  ])('%s is refused', async (_, text, code) => {
    const reply = await post(text);
    expect(reply.json).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ pointer: '/body', code }] });
  });

  test('a hundred thousand keys are refused by name, not all of them told', async () => {
    const reply = await post(`{${Array.from({ length: 80_000 }, (_, i) => `"k${i}":1`).join(',')}}`);
    expect(reply.status).toBe(400);
    expect(reply.json.errors.length).toBeLessThanOrEqual(100);
  });
});

describe('attack 42: patterns that could run for ever', () => {
  const hostile = [
    'a'.repeat(65_536),
    'a-'.repeat(32_768),
    `${'a.'.repeat(30_000)}!`,
    ' '.repeat(65_536),
    `${'0'.repeat(60_000)}x`,
    `${'a@'.repeat(30_000)}`,
    `${'é'.repeat(60_000)}\n`,
    `ssh-rsa ${'A'.repeat(65_000)}=!`,
    `${'1.'.repeat(30_000)}`,
    `${':'.repeat(60_000)}`,
  ];

  // A pattern that backtracks without end would not be done before the test's own limit.
  test('every text of every operation is read in no time, however hostile', () => {
    for (const route of routes) {
      for (const schema of [route.params, route.query, route.body]) {
        if (!schema) continue;
        const shape = shapeOf(schema);
        const good = plausible(shape);
        for (const { path } of places(shape)) {
          for (const text of hostile) schema.safeParse(withValue(good, path, text));
        }
      }
    }
  });
});

describe('attack 44: pages', () => {
  const lists = ofTenant.filter(({ query }) => 'limit' in (shapeOf(query).properties ?? {}));
  test.each(lists.map((route) => [route.operationId, route] as const))(
    '%s never gives more than a hundred',
    async (_, route) => {
      await refill();
      for (const limit of ['0', '-1', '101', '1e9', 'NaN', '1.5', '', 'Infinity', '0x10', '%205', '9'.repeat(20)]) {
        const reply = await send(route, `${pathOf(route)}?limit=${limit}`);
        expect(reply.status, `limit=${limit}`).toBe(400);
        expect(reply.json.errors, `limit=${limit}`).toContainEqual(
          expect.objectContaining({ pointer: '/query/limit' }),
        );
      }
    },
  );
});

describe('attack 46: other formats', () => {
  test.each(withBody.map((route) => [route.operationId, route] as const))('%s reads JSON only', async (_, route) => {
    await refill();
    const text = JSON.stringify(plausible(shapeOf(route.body)));
    for (const type of [
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      'application/json-patch+json',
      'text/json',
      '*/*',
      'application/jsonx',
      'a',
    ]) {
      const reply = await send(route, pathOf(route), text, { headers: { 'content-type': type } });
      expect(reply.json, `${type}: ${reply.text}`).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    }
  });
});
