import { once } from 'node:events';
import { type CallInput, requestOf } from '@suanxiang/contract/client';
import { openApiDocument } from '@suanxiang/contract/openapi';
import type { Route } from '@suanxiang/contract/route';
import { type OperationId, routeOf } from '@suanxiang/contract/routes';
import { problem } from '@suanxiang/contract/schemas/problem';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import type { LogSource } from '@suanxiang/services/workload/log-source';
import { createContractCheck } from '@suanxiang/testing/openapi/contract-check';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { openPlane, type Plane } from '../../../../packages/services/test/support/plane';
import { buildServer } from '../../src/build-server';
import { createRateLimiter } from '../../src/rate-limit';
import type { Machines } from '../../src/terminal/machines';
import type { TerminalPatience } from '../../src/terminal/terminal-socket';

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at field by field.
export type Json = any;

export interface Reply {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
  json: Json;
}

export interface Sender {
  token?: string | null;
  orgId?: string | null;
  headers?: Record<string, string>;
}

export interface Api {
  plane: Plane;
  app: FastifyInstance;
  /** Sends a request as bytes of HTTP would. */
  send(method: string, url: string, sender?: Sender, body?: unknown): Promise<Reply>;
  /** Calls an operation of the contract and checks the answer against it. */
  call<Id extends OperationId>(operationId: Id, input: CallInput<Id>, sender?: Sender): Promise<Reply>;
  close(): Promise<void>;
}

const documented = openApiDocument('test') as {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
};

const differences = createContractCheck(documented);

/** Every exchange of every test is one that the OpenAPI document describes, in the eyes of a validator that is not ours. */
function checkAgainstDocument(
  request: { method: string; url: string; headers: object; payload: string },
  reply: Reply,
) {
  if (!request.url.startsWith('/v1/')) return;
  const found = differences({
    method: request.method,
    url: request.url,
    requestHeaders: request.headers as Reply['headers'],
    requestBody: request.payload,
    status: reply.status,
    responseHeaders: reply.headers,
    responseBody: reply.text,
  });
  expect(found).toEqual([]);
}

/** Every answer to every test is one that the contract names: the status, and nothing but the fields of the schema. */
function checkAgainstContract(route: Route, reply: Reply): void {
  const responses = documented.paths[route.path]![route.method.toLowerCase()]!.responses;
  if (reply.status !== 304) {
    const rehearsed = reply.headers['validate-only'] === 'true';
    const known = rehearsed ? ['200'] : Object.keys(responses);
    expect(known, `${route.operationId} answered ${reply.text.slice(0, 300)}`).toContain(String(reply.status));
  }
  if (reply.status >= 400) {
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(problem.loose().safeParse(reply.json).error).toBeUndefined();
    expect(reply.json).toMatchObject({ status: reply.status, request_id: reply.headers['x-request-id'] });
  } else if (route.response.schema && reply.text !== '') {
    expect(route.response.schema.parse(reply.json)).toEqual(reply.json);
  }
}

function toReply(response: LightMyRequestResponse): Reply {
  const type = String(response.headers['content-type'] ?? '');
  const text = response.body;
  return {
    status: response.statusCode,
    headers: response.headers as Reply['headers'],
    text,
    json: /\/(problem\+)?json/.test(type) && text !== '' ? JSON.parse(text) : undefined,
  };
}

/** A stream that nothing else ends is ended after a second; a wish that is not valid stays as it is. */
function bounded(url: string): string {
  if (!/^\/v1\/[^?]+\/stream(\?|$)/.test(url)) return url;
  if (!url.includes('max_seconds=')) return `${url}${url.includes('?') ? '&' : '?'}max_seconds=1`;
  return url.replace(/max_seconds=([1-9]\d{0,2}|[12]\d{3}|3[0-5]\d\d|3600)(?=&|$)/, 'max_seconds=1');
}

function headersOf(sender: Sender): Record<string, string> {
  return {
    ...(sender.token ? { authorization: `Bearer ${sender.token}` } : {}),
    ...(sender.orgId ? { 'organization-id': sender.orgId } : {}),
    ...sender.headers,
  };
}

/** Machines that keep no line of anything. */
const silent: LogSource = { read: async () => ({ lines: [], nextCursor: null }) };

/** The whole API over a database and a Redis of its own, without a port. */
export async function openApi(machines?: Machines, terminalPatience: Partial<TerminalPatience> = {}): Promise<Api> {
  const plane = await openPlane(machines?.logs ?? silent);
  // Before the connection stands, the limiter rightly leaves Redis alone for a while and says nothing in headers.
  if (plane.ctx.redis.status !== 'ready') await once(plane.ctx.redis, 'ready');
  const logger = createLogger({ name: 'test', level: 'silent' });
  const app = buildServer({
    ctx: plane.ctx,
    ...(machines ? { machines, terminalPatience } : {}),
    limiter: createRateLimiter(plane.ctx.redis, systemClock),
    logger,
    apiUrl: 'http://127.0.0.1:4000',
    version: 'test',
  });
  await app.ready();

  async function send(method: string, url: string, sender: Sender = {}, body?: unknown): Promise<Reply> {
    const isText = typeof body === 'string' || Buffer.isBuffer(body);
    const payload = body === undefined ? undefined : isText ? body : JSON.stringify(body);
    const request = {
      method: method as 'GET',
      url: bounded(url),
      headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headersOf(sender) },
    };
    const reply = toReply(await app.inject({ ...request, ...(payload === undefined ? {} : { payload }) }));
    checkAgainstDocument({ ...request, payload: payload?.toString() ?? '' }, reply);
    return reply;
  }

  return {
    plane,
    app,
    send,
    async call(operationId, input, sender = {}) {
      const request = requestOf(operationId, input);
      const { method, path: address, body } = request;
      const sent = { method, url: bounded(address), headers: { ...request.headers, ...headersOf(sender) } };
      const reply = toReply(await app.inject({ ...sent, ...(body === null ? {} : { payload: body }) }));
      checkAgainstContract(routeOf(operationId) as unknown as Route, reply);
      checkAgainstDocument({ ...sent, payload: body ?? '' }, reply);
      return reply;
    },
    async close() {
      await app.close();
      await plane.close();
    },
  };
}
