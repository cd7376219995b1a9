import type { KeyObject } from 'node:crypto';
import { CALL_HEADERS, isCallSigned, signAnswer } from '@suanxiang/hal/drivers/agent/signatures';
import { installErrors } from '@suanxiang/hal/server/errors';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Agent } from '../agent';
import { driverRoutes } from './routes';

/** How far a caller's clock may be off; a call's number is remembered for longer than that. */
const SKEW_MS = 60_000;

export interface ServerOptions {
  agent: Agent;
  agentId: string;
  /** The agent's own key, which signs its answers. */
  privateKey: KeyObject;
  /** The control plane's key, which signs its calls. */
  controlKey: KeyObject;
  clock: Clock;
  logger: Logger;
}

/** Numbers of calls that were made, so that none is made twice. */
class SeenNonces {
  #young = new Set<string>();
  #old = new Set<string>();
  #turnedAtMs = 0;

  /** True for a number that is new. */
  take(nonce: string, nowMs: number): boolean {
    if (nowMs - this.#turnedAtMs > 2 * SKEW_MS) {
      this.#old = this.#young;
      this.#young = new Set();
      this.#turnedAtMs = nowMs;
    }
    if (this.#young.has(nonce) || this.#old.has(nonce)) return false;
    this.#young.add(nonce);
    return true;
  }
}

const refused = (message: string) => ({ error: { code: 'invalid', message, vendorCode: null } });

/** The agent's HTTP server: liveness for all, everything else for the control plane that it enrolled with. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { agent, agentId, privateKey, controlKey, clock, logger } = options;
  const server = Fastify({ logger: false, bodyLimit: 4 * 1_048_576, forceCloseConnections: 'idle' });
  const seen = new SeenNonces();
  const bodies = new WeakMap<object, string>();
  installErrors(server, logger);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    bodies.set(request.raw, body as string);
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }), undefined);
    }
  });
  const header = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : '');
  server.addHook('preValidation', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return;
    const timeMs = header(request.headers[CALL_HEADERS.time]);
    const nonce = header(request.headers[CALL_HEADERS.nonce]);
    const call = { method: request.method, path: request.url, timeMs, nonce, body: bodies.get(request.raw) ?? '' };
    const isSigned = isCallSigned(controlKey, agentId, call, header(request.headers[CALL_HEADERS.signature]));
    if (!isSigned) return reply.code(401).send(refused('the call is not signed by the control plane'));
    const nowMs = clock.nowMs();
    if (!(Math.abs(nowMs - Number(timeMs)) <= SKEW_MS))
      return reply.code(401).send(refused('the clocks differ too much'));
    if (!seen.take(nonce, nowMs)) return reply.code(401).send(refused('the call was made before'));
  });
  server.addHook('onSend', async (request, reply, payload) => {
    if (!request.url.startsWith('/v1/')) return payload;
    await agent.kept();
    const body = typeof payload === 'string' ? payload : '';
    const nonce = header(request.headers[CALL_HEADERS.nonce]);
    reply.header(CALL_HEADERS.signature, signAnswer(privateKey, agentId, nonce, reply.statusCode, body));
    return payload;
  });
  server.get('/livez', () => ({ alive: true }));
  server.get('/readyz', () => ({ ready: true }));
  driverRoutes(server, agent, agentId);
  return server;
}
