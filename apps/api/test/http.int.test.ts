import { connect } from 'node:net';
import { openApiDocument } from '@suanxiang/contract/openapi';
import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import { createCommandRedis } from '@suanxiang/platform/redis';
import { freePort } from '@suanxiang/testing/free-port';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../src/build-server';
import { createRateLimiter } from '../src/rate-limit';
import { type Api, openApi } from './support/api';
import { addKey, addTenant, sshPublicKey, type Tenant } from './support/tenant';

let api: Api;
let tenant: Tenant;
let token: string;
beforeAll(async () => {
  api = await openApi();
  tenant = await addTenant(api);
  token = await addKey(api, tenant, ['all:write']);
});
afterAll(() => api?.close());

const samplePath = (route: Route) =>
  route.path
    .replace('{invoice_id}', 'draft')
    .replace(/\{(\w+)\}/g, (_, name: string) => `${{ instance_id: 'inst', cluster_id: 'clus' }[name] ?? 'x'}_1`);

describe('attack 61: every failure is a problem document', () => {
  test.each([
    ['no such path', 'GET', '/v1/nothing', 404, 'not_found'],
    ['no such path, with a body of no known kind', 'POST', '/v2/instances', 404, 'not_found'],
    ['the root', 'GET', '/', 404, 'not_found'],
    ['a double slash', 'GET', '//v1/regions', 404, 'not_found'],
    ['a trailing slash', 'GET', '/v1/regions/', 404, 'not_found'],
    ['a path that is no path', 'GET', '/v1/instances/%zz', 400, 'invalid_request'],
    ['an overlong parameter', 'GET', `/v1/instances/${'x'.repeat(500)}`, 404, 'not_found'],
    ['no credential', 'GET', '/v1/me', 401, 'unauthenticated'],
    ['another method', 'PUT', '/v1/instances', 405, 'method_not_allowed'],
    ['OPTIONS', 'OPTIONS', '/v1/instances', 405, 'method_not_allowed'],
    ['TRACE', 'TRACE', '/v1/me', 405, 'method_not_allowed'],
    ['private pages', 'GET', '/metrics', 404, 'not_found'],
    ['health', 'GET', '/readyz', 404, 'not_found'],
    ['a file', 'GET', '/.env', 404, 'not_found'],
    ['an unknown query parameter', 'GET', '/v1/regions?x=1', 400, 'invalid_request'],
  ])('%s', async (_, method, url, status, code) => {
    const reply = await api.send(method, url);
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(reply.json).toMatchObject({
      status,
      code,
      type: `http://127.0.0.1:4000/problems#${code}`,
      retryable: false,
      request_id: reply.headers['x-request-id'],
    });
    expect(reply.status).toBe(status);
    expect(reply.headers['cache-control']).toBe('private, no-store');
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
    expect(reply.text).not.toMatch(/at \w+ \(|node_modules|SELECT|fastify/i);
  });

  test('405 names what is allowed, for every path and every method it has not', async () => {
    for (const route of ROUTES as readonly Route[]) {
      // A path of its own (/invitations/accept) may be that of one resource too (/invitations/{invitation_id}).
      const fits = ({ path }: Route) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(samplePath(route));
      const known = (ROUTES as readonly Route[]).filter(fits).map(({ method }) => method);
      // More requests than one address may send.
      await api.plane.ctx.redis.flushdb();
      for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'TRACE']) {
        if (known.includes(method as 'GET')) continue;
        const reply = await api.send(method, samplePath(route));
        expect(reply.status, `${method} ${route.path}`).toBe(405);
        const allow = (reply.headers.allow ?? '').split(', ');
        expect(allow.filter((one) => one !== 'HEAD').sort(), route.path).toEqual([...new Set(known)].sort());
      }
    }
  });

  test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])('%s changes nothing', async (name) => {
    const reply = await api.send('GET', '/v1/ssh-keys', { token, headers: { [name]: 'DELETE' } });
    expect(reply.status).toBe(200);
  });

  test('titles come in the language asked for', async () => {
    const reply = await api.send('GET', '/v1/me', { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5' } });
    expect(reply.json.title).toBe('请登录或提供有效的 API 密钥');
    expect(reply.headers['content-language']).toBe('zh-CN');
  });

  test('bytes that are no HTTP get one, too', async () => {
    const port = await freePort();
    await api.app.listen({ host: '127.0.0.1', port });
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('attacks 41, 46: bodies', () => {
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    api.send('POST', '/v1/projects', { token, headers }, body);

  test.each([
    ['not JSON', '{name: 1}'],
    ['cut off', '{"name": "a"'],
    ['two documents', '{}{}'],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['__proto__', '{"name": "a", "__proto__": {"admin": true}}'],
    ['__proto__ escaped', '{"name": "a", "\\u005f_proto__": {"admin": true}}'],
    ['__proto__ deep inside', '{"name": {"x": [{"__proto__": {"admin": true}}]}}'],
    ['constructor.prototype', '{"name": "a", "constructor": {"prototype": {"admin": true}}}'],
  ])('%s is refused', async (_, body) => {
    const reply = await post(body);
    expect(reply.json).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ pointer: '/body' }] });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test.each([
    ['a list', '[]'],
    ['a text', '"a"'],
    ['null', 'null'],
    ['nothing', ''],
  ])('%s where an object is wanted is refused', async (_, body) => {
    const reply = await post(body);
    expect(reply.json).toMatchObject({ status: 400, errors: [{ pointer: '/body' }] });
  });

  test('NUL, half surrogates and bottomless nesting are refused before the database sees them', async () => {
    for (const name of ['a\\u0000b', '\\ud800', 'a\\udc00']) {
      const reply = await post(`{"name": "${name}"}`);
      expect(reply.json, name).toMatchObject({
        status: 400,
        errors: [{ pointer: '/body/name', code: 'invalid_text' }],
      });
    }
    const deep = await post(`{"name": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    expect(deep.json).toMatchObject({ status: 400, errors: [{ code: 'too_deep' }] });
    const wide = await post(JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 1]))));
    expect(wide.status).toBe(400);
  });

  test('a byte order mark is no harm', async () => {
    expect((await post('\ufeff{"name": "With mark"}')).status).toBe(201);
  });

  test('more than 1 MiB is 413', async () => {
    const reply = await post(JSON.stringify({ name: 'x'.repeat(1024 * 1024) }));
    expect(reply.json).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  test.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'garbage',
  ])('%s is 415', async (type) => {
    const reply = await post('name=a', { 'content-type': type });
    expect(reply.json).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  test('JSON with a charset is JSON', async () => {
    const reply = await post('{"name": "Charset"}', { 'content-type': 'application/json; charset=UTF-8' });
    expect(reply.status).toBe(201);
  });

  test('an operation without a body takes none, and an empty one is none', async () => {
    const url = '/v1/ssh-keys/sshk_01jzzzzzzzzzzzzzzzzzzzzzzz';
    const json = { 'content-type': 'application/json' };
    expect((await api.send('DELETE', url, { token, headers: json }, '')).status).toBe(404);
    expect((await api.send('DELETE', url, { token, headers: json }, '{}')).status).toBe(404);
    const reply = await api.send('DELETE', url, { token, headers: json }, '{"force": true}');
    expect(reply.json).toMatchObject({ status: 400, errors: [{ pointer: '/body', code: 'unexpected_body' }] });
  });
});

describe('attacks 12, 44: queries', () => {
  test.each([
    ['limit=0', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=101', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=NaN', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['q=a&q=b', 'q'],
    ['q[not]=a', 'q[not]'],
    ['limit[]=1', 'limit[]'],
    ['state=gone', 'state'],
    ['state=', 'state'],
    ['project_id=', 'project_id'],
    ['project_id=undefined', 'project_id'],
    ['live=1', 'live'],
    ['q=%00', 'q'],
    ['__proto__=1', '__proto__'],
    [`q=${'x'.repeat(64)}`, 'q'],
  ])('%s is 400 with its pointer', async (query, name) => {
    const reply = await api.send('GET', `/v1/instances?${query}`, { token });
    expect(reply.status, reply.text).toBe(400);
    expect(reply.json.errors[0].pointer).toBe(`/query/${name}`);
  });

  test.each([`' OR 1=1 --`, '%', '_', '\\', '"; DROP TABLE workload; --', '*', '(?:a+)+$'])(
    'text %s is looked for as it is',
    async (q) => {
      const reply = await api.call('listInstances', { query: { q } }, { token });
      expect(reply.json).toEqual({ items: [], next_cursor: null });
    },
  );
});

describe('attack 18: credentials', () => {
  test.each([
    ['lower-case scheme', { authorization: 'bearer TOKEN' }],
    ['Basic', { authorization: 'Basic TOKEN' }],
    ['no scheme', { authorization: 'TOKEN' }],
    ['two tokens', { authorization: 'Bearer TOKEN TOKEN' }],
    ['a cookie', { cookie: 'token=TOKEN; better-auth.session_token=TOKEN' }],
    ['a header of another name', { 'x-api-key': 'TOKEN' }],
  ])('%s is no credential', async (_, headers) => {
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value!.replaceAll('TOKEN', token)]),
    );
    const reply = await api.send('GET', '/v1/me', { headers: sent });
    expect(reply.json).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(reply.headers['www-authenticate']).toBe('Bearer');
  });

  test('a key in the query is not looked at', async () => {
    for (const name of ['api_key', 'access_token', 'token']) {
      const reply = await api.send('GET', `/v1/ssh-keys?${name}=${token}`);
      expect(reply.status).toBe(401);
      expect(reply.text).not.toContain(token);
    }
  });

  test('two Authorization headers are refused, whatever they say', async () => {
    const port = await freePort();
    const server = buildServer({
      ctx: api.plane.ctx,
      limiter: createRateLimiter(api.plane.ctx.redis, systemClock),
      logger: createLogger({ name: 'test', level: 'silent' }),
      apiUrl: 'http://127.0.0.1:4000',
      version: 'test',
    });
    await server.listen({ host: '127.0.0.1', port });
    const request = `GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    await server.close();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('/header/authorization');
  });
});

describe('answers', () => {
  test('carry a request id: a new one, or that of our own client', async () => {
    const own = 'req_01jzzzzzzzzzzzzzzzzzzzzzzz';
    expect((await api.send('GET', '/v1/regions', { headers: { 'x-request-id': own } })).headers['x-request-id']).toBe(
      own,
    );
    for (const bad of ['x', 'a'.repeat(200), 'req_<script>', 'a b']) {
      const reply = await api.send('GET', '/v1/regions', { headers: { 'x-request-id': bad } });
      expect(reply.headers['x-request-id']).toMatch(/^req_[0-9a-z]{26}$/);
      expect(reply.headers['x-request-id']).not.toBe(bad);
    }
  });

  test('of reads have an entity tag, and 304 costs no quota', async () => {
    const first = await api.call('listSshKeys', {}, { token });
    const etag = first.headers.etag!;
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    const left = (reply: typeof first) => Number(/"principal";r=(\d+)/.exec(reply.headers.ratelimit!)![1]);
    const headers = { 'if-none-match': `"other", W/${etag}` };
    const before = left(await api.call('listSshKeys', {}, { token, headers }));
    for (let i = 0; i < 20; i += 1) {
      const again = await api.call('listSshKeys', {}, { token, headers });
      expect(again.status).toBe(304);
      expect(again.text).toBe('');
    }
    const after = left(await api.call('listSshKeys', {}, { token, headers }));
    expect(after).toBeGreaterThanOrEqual(before - 1);
    await api.call('createSshKey', { body: { name: 'new', public_key: sshPublicKey(7) } }, { token });
    expect((await api.call('listSshKeys', {}, { token, headers })).status).toBe(200);
  });

  test('to HEAD are those to GET without the body', async () => {
    const [get, head] = [await api.send('GET', '/v1/regions'), await api.send('HEAD', '/v1/regions')];
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
    expect(head.headers.etag).toBe(get.headers.etag);
  });

  test('attack 47: never allow another origin', async () => {
    const reply = await api.send('GET', '/v1/me', { token, headers: { origin: 'https://evil.example' } });
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('say how much may still be asked, and 429 says when again', async () => {
    const one = await addTenant(api);
    const key = await addKey(api, one, ['all:read']);
    const first = await api.call('listSshKeys', {}, { token: key });
    expect(first.headers['ratelimit-policy']).toBe('"principal";q=1200;w=12, "organization";q=2400;w=12');
    expect(first.headers.ratelimit).toMatch(/^"principal";r=11\d\d;t=\d+, "organization";r=23\d\d;t=\d+$/);
    const other = await addKey(api, one, ['all:read']);
    const keys = await api.call('listApiKeys', {}, one.owner);
    const id = keys.json.items.find((item: { display: string }) => item.display.endsWith(other.slice(-4))).id as string;
    // Ten seconds' worth below empty: how fast this machine can send says nothing about the limit.
    await api.plane.ctx.redis.hset(`suan:rate:principal:${id}`, 'n', '-1000');
    const refused = await api.call('listSshKeys', {}, { token: other });
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(9);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(11);
    expect(refused.headers.ratelimit).toContain('"principal";r=0');
    // Somebody else is not concerned.
    expect((await api.call('listSshKeys', {}, { token })).status).toBe(200);
  });
});

describe('documents', () => {
  test('the OpenAPI document is served as it is generated', async () => {
    const reply = await api.send('GET', '/openapi.json');
    expect(reply.json).toEqual(JSON.parse(JSON.stringify(openApiDocument('test'))));
  });

  test('the interactive reference shows every operation and needs no other server', async () => {
    const page = await api.send('GET', '/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const { operationId } of ROUTES) expect(page.text).toContain(`id="op-${operationId}"`);
    const policy = page.headers['content-security-policy']!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    // What the policy forbids is not tried: no inline script, style or handler, nothing from elsewhere.
    expect(page.text).not.toMatch(/<script(?! src="\/docs\/)|<style|\son\w+=|\sstyle=|(src|href)="(?!\/)/);
    for (const path of page.text.match(/(?<=(src|href)=")\/[^"]+/g)!) {
      expect((await api.send('GET', path)).status, path).toBe(200);
    }
    const script = await api.send('GET', '/docs/app.js');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(() => new Function(script.text)).not.toThrow();
    expect(script.text).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|localStorage|eval\(/);
  });

  test('the page of problems has every code, where type points to', async () => {
    const problem = await api.send('GET', '/v1/me');
    const [path, code] = new URL(problem.json.type).pathname
      .concat('#', new URL(problem.json.type).hash.slice(1))
      .split('#');
    const page = await api.send('GET', path!);
    expect(page.text).toContain(`id="${code}"`);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('faults', () => {
  test('without Redis reads and writes go on, and guessing passwords does not', async () => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    const redis = createCommandRedis(`redis://127.0.0.1:${await freePort()}`, logger, 100);
    const app = buildServer({
      ctx: { ...api.plane.ctx, redis },
      limiter: createRateLimiter(redis, systemClock),
      logger,
      apiUrl: 'http://127.0.0.1:4000',
      version: 'test',
    });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    try {
      const read = await app.inject({ method: 'GET', url: '/v1/ssh-keys', headers });
      expect(read.statusCode).toBe(200);
      expect(read.headers.ratelimit).toMatch(/"principal";r=\d+/);
      const write = await app.inject({ method: 'POST', url: '/v1/projects', headers, payload: { name: 'Without' } });
      expect(write.statusCode).toBe(201);
      expect(write.headers.ratelimit).toMatch(/"principal";r=\d+/);
      const statuses = [];
      for (let i = 0; i < 12; i += 1) {
        const payload = { email: 'nobody@example.com', password: 'wrong password' };
        statuses.push((await app.inject({ method: 'POST', url: '/v1/auth/sign-in', payload })).statusCode);
      }
      expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    } finally {
      await app.close();
      redis.disconnect();
    }
  });

  test('with every database connection taken the answer is 503 with Retry-After, and recovers by itself', async () => {
    const { pool } = api.plane.ctx.api;
    const held = await Promise.all(Array.from({ length: pool.options.max! }, () => pool.connect()));
    const body = { name: 'Busy' };
    const busy = await api.call('createProject', { body }, { token });
    expect(busy.json).toMatchObject({ status: 503, code: 'unavailable', retryable: true });
    expect(busy.headers['retry-after']).toBe('1');
    for (const client of held) client.release();
    expect((await api.call('createProject', { body }, { token })).status).toBe(201);
  });

  test('attack 52: a failure underneath tells nothing of what lies there', async () => {
    const { ctx } = api.plane;
    const original = ctx.api.pool.connect;
    ctx.api.pool.connect = (() => Promise.reject(new Error('relation "secret_table" does not exist'))) as never;
    try {
      const reply = await api.call('listProjects', {}, { token });
      expect(reply.json).toMatchObject({ status: 500, code: 'internal', retryable: true });
      expect(reply.text).not.toContain('secret_table');
    } finally {
      ctx.api.pool.connect = original;
    }
  });
});
