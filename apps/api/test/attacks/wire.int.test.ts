import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, openApi } from '../support/api';
import { addKey, addTenant, type Tenant } from '../support/tenant';
import { openWire, request, type Wire, type WireAnswer } from '../support/wire';

let api: Api;
let wire: Wire;
let tenant: Tenant;
let token: string;
let bearer: string;
beforeAll(async () => {
  api = await openApi();
  tenant = await addTenant(api);
  token = await addKey(api, tenant, ['all:write']);
  bearer = `Authorization: Bearer ${token}`;
  wire = await openWire(api, { patience: { headersMs: 400, requestMs: 600, checkMs: 100 } });
});
afterAll(async () => {
  await wire?.close();
  await api?.close();
});

function expectProblem(answer: WireAnswer | undefined, status: number, code: string): void {
  expect(answer?.json, answer?.head).toMatchObject({ status, code, errors: expect.any(Array) });
  expect(answer!.status).toBe(status);
  expect(answer!.head).toMatch(/^content-type: application\/problem\+json/im);
  expect(answer!.head.toLowerCase()).toContain(`x-request-id: ${answer!.json.request_id}`);
}

const projects = async () =>
  (await api.call('listProjects', { query: { limit: 100 } }, tenant.owner)).json.items.length;

describe('bytes that are no request', () => {
  test.each([
    ['nonsense', 'NONSENSE\r\n\r\n', 400, 'invalid_request'],
    ['an unknown method', 'FETCH /v1/regions HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'invalid_request'],
    ['another version', 'GET /v1/regions HTTP/9.9\r\nHost: x\r\n\r\n', 400, 'invalid_request'],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0, 1, 0, 1, 0xfc, 3, 3]), 400, 'invalid_request'],
    [
      'headers of 20 KiB',
      request('GET /v1/regions HTTP/1.1', [`X-A: ${'a'.repeat(20_000)}`]),
      431,
      'headers_too_large',
    ],
    ['2,000 headers', request('GET /v1/regions HTTP/1.1', Array(2_000).fill('X-A: aaaa')), 431, 'headers_too_large'],
    ['an address of 20 KiB', request(`GET /v1/regions?q=${'a'.repeat(20_000)} HTTP/1.1`), 431, 'headers_too_large'],
    ['an expectation', request('GET /v1/regions HTTP/1.1', ['Expect: miracles']), 417, 'expectation_failed'],
    ['no Host', 'GET /v1/regions HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'invalid_request'],
    ['two Hosts', request('GET /v1/regions HTTP/1.1', ['Host: other']), 400, 'invalid_request'],
  ])('%s is answered by a problem', async (_, bytes, status, code) => {
    const answers = await wire.send(bytes);
    expect(answers).toHaveLength(1);
    expectProblem(answers[0], status, code);
  });
});

describe('attack 43: senders that take their time', () => {
  const open = (bytes: string) =>
    new Promise<{ socket: Socket; closed: Promise<string> }>((resolve) => {
      const socket = connect(wire.port, '127.0.0.1', () => {
        socket.write(bytes);
        resolve({ socket, closed });
      });
      let text = '';
      const closed = new Promise<string>((done) => {
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        socket.on('error', () => done(text));
        socket.on('close', () => done(text));
      });
    });

  test('headers that never end, and a body that never comes, are cut off with 408', async () => {
    for (const bytes of [
      'GET /v1/regions HTTP/1.1\r\nHost: x\r\nX-A:',
      `POST /v1/projects HTTP/1.1\r\nHost: x\r\n${bearer}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`,
    ]) {
      const { closed } = await open(bytes);
      const text = await closed;
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(JSON.parse(text.split('\r\n\r\n')[1]!)).toMatchObject({ code: 'request_timeout', retryable: true });
    }
  });

  test('a drip of one byte at a time gains nothing, and others are served meanwhile', async () => {
    const slow = await Promise.all(Array.from({ length: 200 }, () => open('GET /v1/regions HTTP/1.1\r\nHost: x\r\n')));
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('X');
    }, 50);
    try {
      const served = await wire.send(request('GET /v1/regions HTTP/1.1'));
      expect(served[0]!.status).toBe(200);
      const texts = await Promise.all(slow.map(({ closed }) => closed));
      for (const text of texts) expect(text).toMatch(/^(HTTP\/1\.1 408 |$)/);
    } finally {
      clearInterval(drip);
    }
  });

  test('a thousand idle connections do not keep others out', async () => {
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => open('')));
    expect((await wire.send(request('GET /v1/regions HTTP/1.1')))[0]!.status).toBe(200);
    for (const { socket } of idle) socket.destroy();
  });
});

describe('attack 45: methods', () => {
  const samples = [...new Set((ROUTES as readonly Route[]).map(({ path }) => path.replace(/\{\w+\}/g, 'x_1')))];

  test.each(['TRACE', 'OPTIONS', 'PUT', 'PURGE', 'PROPFIND', 'LOCK', 'M-SEARCH'])(
    '%s is 405 with Allow on every path',
    async (method) => {
      for (const [index, path] of samples.entries()) {
        const from = `X-Forwarded-For: 198.51.${index}.${method.length}`;
        const [answer] = await wire.send(request(`${method} ${path} HTTP/1.1`, [from]));
        expectProblem(answer, 405, 'method_not_allowed');
        expect(answer!.head).toMatch(/^allow: ((GET|HEAD|POST|PATCH|DELETE)(, )?)+$/im);
        expect(answer!.head).not.toMatch(/^access-control/im);
      }
    },
  );

  test('CONNECT opens no tunnel', async () => {
    const answers = await wire.send('CONNECT 127.0.0.1:5432 HTTP/1.1\r\nHost: 127.0.0.1:5432\r\n\r\nSSLRequest');
    expect(answers).toHaveLength(1);
    expectProblem(answers[0], 405, 'method_not_allowed');
  });

  test('HEAD is GET without the body, on every list', async () => {
    for (const path of ['/v1/regions', '/v1/projects', '/v1/ssh-keys', '/v1/instances', '/v1/audit-events']) {
      const [get] = await wire.send(request(`GET ${path} HTTP/1.1`, [bearer]));
      const [head] = await wire.send(request(`HEAD ${path} HTTP/1.1`, [bearer]));
      expect(head!.status, path).toBe(200);
      expect(head!.body).toBe('');
      const etag = /^etag: (.*)$/im;
      expect(etag.exec(head!.head)?.[1]).toBe(etag.exec(get!.head)![1]);
    }
  });

  test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method'])(
    '%s overrides nothing',
    async (name) => {
      const before = await projects();
      const [answer] = await wire.send(request('GET /v1/projects HTTP/1.1', [bearer, `${name}: POST`]));
      expect(answer!.status).toBe(200);
      const [query] = await wire.send(request('GET /v1/projects?_method=POST HTTP/1.1', [bearer]));
      expectProblem(query, 400, 'invalid_request');
      expect(await projects()).toBe(before);
    },
  );
});

describe('attack 48: one request that others would read as two', () => {
  const smuggled = () =>
    `POST /v1/projects HTTP/1.1\r\nHost: x\r\n${bearer}\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"name": "smuggled"}`;
  const carrier = (headers: string[], body: string) =>
    ['POST /v1/projects HTTP/1.1', 'Host: x', bearer, 'Content-Type: application/json', ...headers, '', body].join(
      '\r\n',
    );

  test.each<[string, (hidden: string) => string]>([
    ['CL.TE', (hidden) => carrier(['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`)],
    ['TE.CL', (hidden) => carrier(['Transfer-Encoding: chunked', 'Content-Length: 4'], `5c\r\n${hidden}\r\n0\r\n\r\n`)],
    ['TE.TE', (hidden) => carrier(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${hidden}`)],
    ['an unknown coding', (hidden) => carrier(['Transfer-Encoding: xchunked'], `0\r\n\r\n${hidden}`)],
    ['a space before the colon', (hidden) => carrier(['Transfer-Encoding : chunked', 'Content-Length: 0'], hidden)],
    [
      'a tab before chunked',
      (hidden) => carrier(['Transfer-Encoding:\tchunked', 'Content-Length: 5'], `0\r\n\r\n${hidden}`),
    ],
    [
      'a folded header',
      (hidden) => carrier(['Transfer-Encoding:', ' chunked', 'Content-Length: 5'], `0\r\n\r\n${hidden}`),
    ],
    ['two lengths', (hidden) => carrier(['Content-Length: 2', `Content-Length: ${hidden.length}`], `{}${hidden}`)],
    ['a list of lengths', (hidden) => carrier(['Content-Length: 2, 2'], `{}${hidden}`)],
    ['a signed length', (hidden) => carrier(['Content-Length: +2'], `{}${hidden}`)],
    ['a hexadecimal length', (hidden) => carrier(['Content-Length: 0x2'], `{}${hidden}`)],
    [
      'a chunk size with junk',
      (hidden) => carrier(['Transfer-Encoding: chunked'], `2junk\r\n{}\r\n0\r\n\r\n${hidden}`),
    ],
    ['a bare line feed', (hidden) => `POST /v1/projects HTTP/1.1\nHost: x\nContent-Length: 0\n\n${hidden}`],
    ['a lone carriage return', (hidden) => carrier([`X-A: b\rContent-Length: 0`], hidden)],
    ['NUL in a header', (hidden) => carrier(['X-A: \0', 'Content-Length: 0'], hidden)],
    ['a space in a name', (hidden) => carrier(['X A: b', 'Content-Length: 0'], hidden)],
  ])('%s is refused and the rest is not read', async (_, bytes) => {
    const before = await projects();
    const answers = await wire.send(bytes(smuggled()));
    expect(answers, JSON.stringify(answers)).toHaveLength(1);
    expectProblem(answers[0], 400, 'invalid_request');
    expect(await projects()).toBe(before);
  });

  test('two honest requests on one connection are two', async () => {
    const one = 'GET /v1/regions HTTP/1.1\r\nHost: x\r\n\r\n';
    const answers = await wire.send(one + request('GET /v1/regions HTTP/1.1'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('line breaks in what we are told never become lines of an answer', async () => {
    const evil = '%0d%0aSet-Cookie:%20a=b';
    for (const line of [`GET /v1/instances/${evil} HTTP/1.1`, `GET /v1/projects?cursor=${evil} HTTP/1.1`]) {
      const [answer] = await wire.send(request(line, [bearer]));
      expect(answer!.head.toLowerCase()).not.toContain('set-cookie');
    }
    const [reply] = await wire.send(request('GET /v1/regions HTTP/1.1', ['X-Request-Id: a%0d%0aSet-Cookie: a=b']));
    expect(reply!.head.toLowerCase()).not.toContain('set-cookie');
  });
});

describe('attack 22: what a proxy would say', () => {
  const names = ['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP'];

  test('is believed of nobody but the console on this machine', async () => {
    const key = (
      await api.call(
        'createApiKey',
        {
          body: { name: 'local', scopes: ['all:read'], allowed_cidrs: ['192.0.2.0/24'] },
        },
        tenant.owner,
      )
    ).json.secret;
    const spoof = names.map((name) => (name === 'Forwarded' ? 'Forwarded: for=192.0.2.1' : `${name}: 192.0.2.1`));
    const bytes = request('GET /v1/me HTTP/1.1', [`Authorization: Bearer ${key}`, ...spoof]);
    // Another address of this machine is a stranger to the server.
    const [stranger] = await wire.send(bytes, { from: '127.0.0.2' });
    expectProblem(stranger, 403, 'address_not_allowed');
    expect(stranger!.json.detail).toContain('127.0.0.2');
  });

  test('about host and scheme is not repeated in links', async () => {
    const [answer] = await wire.send(
      request('GET /v1/nothing HTTP/1.1', [
        'X-Forwarded-Host: evil.example',
        'X-Forwarded-Proto: https',
        'X-Original-URL: /v1/me',
      ]),
    );
    expectProblem(answer, 404, 'not_found');
    expect(answer!.json.type).toBe('http://127.0.0.1:4000/problems#not_found');
    expect(answer!.body + answer!.head).not.toContain('evil.example');
    const [absolute] = await wire.send(request('GET http://evil.example/v1/nothing HTTP/1.1'));
    expect(absolute!.body + absolute!.head).not.toContain('evil.example');
  });
});

describe('attack 41: bodies over the wire', () => {
  const post = (body: Buffer, headers: string[]) =>
    wire.send(
      Buffer.concat([
        Buffer.from(
          request('POST /v1/projects HTTP/1.1', [
            bearer,
            'Content-Type: application/json',
            `Content-Length: ${body.length}`,
            ...headers,
          ]),
        ),
        body,
      ]),
    );

  test.each(['gzip', 'deflate', 'br', 'gzip, gzip', 'zstd'])('%s is not unpacked', async (coding) => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(64 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const [answer] = await post(bomb, [`Content-Encoding: ${coding}`]);
    expectProblem(answer, 415, 'unsupported_media_type');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024);
  });

  test('10 MB are refused by their length, before they are read', async () => {
    const head = request('POST /v1/projects HTTP/1.1', [
      bearer,
      'Content-Type: application/json',
      'Content-Length: 10000000',
    ]);
    const [answer] = await wire.send(head);
    expectProblem(answer, 413, 'payload_too_large');
  });

  test('10 MB without a length are refused once they are too many', async () => {
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    const head = request('POST /v1/projects HTTP/1.1', [
      bearer,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ]);
    const [answer] = await wire.send(head + chunk.repeat(160));
    expectProblem(answer, 413, 'payload_too_large');
  });
});
