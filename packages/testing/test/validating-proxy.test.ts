import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startValidatingProxy, type ValidatingProxy } from '@suanxiang/testing/openapi/validating-proxy';
import { afterEach, beforeEach, expect, test } from 'vitest';

const header = (required: boolean) => ({ required, schema: { type: 'string' } });
const json = (schema: object) => ({ 'application/json': { schema } });
const document = {
  openapi: '3.1.0',
  paths: {
    '/v1/things/{thing_id}': {
      get: {
        operationId: 'getThing',
        parameters: [
          { name: 'thing_id', in: 'path', required: true, schema: { type: 'string', pattern: '^thing_[0-9]+$' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 5 } },
        ],
        responses: {
          200: {
            headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' }, ETag: header(false) },
            content: json({ $ref: '#/components/schemas/Thing' }),
          },
        },
      },
      post: {
        operationId: 'changeThing',
        parameters: [],
        requestBody: { content: json({ $ref: '#/components/schemas/Thing' }) },
        responses: { 204: { headers: {} } },
      },
    },
  },
  components: {
    headers: { 'X-Request-Id': header(true) },
    schemas: {
      Thing: {
        type: 'object',
        properties: { id: { type: 'string' }, at: { type: 'string', format: 'date-time' } },
        required: ['id'],
        additionalProperties: false,
      },
    },
  },
};

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}
let answer: Answer;
let heard: { url: string; body: string; headers: Record<string, unknown> }[];
let server: Server;
let proxy: ValidatingProxy;
beforeEach(async () => {
  heard = [];
  answer = {};
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    heard.push({ url: request.url!, body, headers: request.headers });
    const { status = 200, headers = {}, body: text = '{"id":"x"}' } = answer;
    response.writeHead(status, { 'x-request-id': 'r', 'content-type': 'application/json', ...headers });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startValidatingProxy({
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    document,
  });
});
afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('what is as the document says passes unchanged and is no drift', async () => {
  const reply = await fetch(`${proxy.url}/v1/things/thing_1?limit=3`, { headers: { authorization: 'Bearer x' } });
  expect([reply.status, await reply.text()]).toEqual([200, '{"id":"x"}']);
  expect(heard).toMatchObject([{ url: '/v1/things/thing_1?limit=3', headers: { authorization: 'Bearer x' } }]);
  expect(proxy.drift).toEqual([]);
  expect(proxy.checked()).toBe(1);
  expect(await (await fetch(`${proxy.url}/drift`)).json()).toEqual({ drift: [], checked: 1 });
});

test.each<[string, string, Answer, RegExp]>([
  ['a status', '/v1/things/thing_1', { status: 418 }, /the status is not described/],
  ['a header', '/v1/things/thing_1', { headers: { 'x-new': '1' } }, /header x-new is not described/],
  ['a content type', '/v1/things/thing_1', { headers: { 'content-type': 'text/html' } }, /content type "text\/html"/],
  ['a field', '/v1/things/thing_1', { body: '{"id":"x","more":1}' }, /additional properties.*more/],
  ['a missing field', '/v1/things/thing_1', { body: '{}' }, /required property 'id'/],
  ['a format', '/v1/things/thing_1', { body: '{"id":"x","at":"now"}' }, /date-time/],
  ['a query that was accepted', '/v1/things/thing_1?order=up', {}, /query order is not described/],
  ['a value that was accepted', '/v1/things/thing_1?limit=9', {}, /query limit: .*<= 5/],
  ['an id that was accepted', '/v1/things/other', {}, /path thing_id: .*pattern/],
  ['an operation', '/v1/nothing', {}, /no such operation/],
])('%s that the document does not know is drift', async (_, url, given, expected) => {
  answer = given;
  await (await fetch(`${proxy.url}${url}`)).text();
  expect(proxy.drift.join('\n')).toMatch(expected);
});

test('so are bodies that were accepted, bodies where none is described, and a header that is always there and is not', async () => {
  const post = (body: string) =>
    fetch(`${proxy.url}/v1/things/thing_1`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  answer = { status: 204, body: '' };
  await post('{"id":1}');
  expect(heard.at(-1)!.body).toBe('{"id":1}');
  expect(proxy.drift.some((one) => /body: \/id must be string/.test(one))).toBe(true);
  expect(proxy.drift.some((one) => /header x-request-id is not described/.test(one))).toBe(true);
});
