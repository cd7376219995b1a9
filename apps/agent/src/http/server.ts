import type { KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { CALL_HEADERS, isCallSigned, type SignedCall, signAnswer } from '@suanxiang/hal/drivers/agent/signatures';
import { installExec } from '@suanxiang/hal/exec/server';
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
  /** Why a call is refused; null when the control plane made it, now, and for the first time. */
  function whyRefused(headers: IncomingHttpHeaders, call: Pick<SignedCall, 'method' | 'path' | 'body'>): string | null {
    const timeMs = header(headers[CALL_HEADERS.time]);
    const nonce = header(headers[CALL_HEADERS.nonce]);
    const signature = header(headers[CALL_HEADERS.signature]);
    const isSigned = isCallSigned(controlKey, agentId, { ...call, timeMs, nonce }, signature);
    if (!isSigned) return 'the call is not signed by the control plane';
    const nowMs = clock.nowMs();
    if (!(Math.abs(nowMs - Number(timeMs)) <= SKEW_MS)) return 'the clocks differ too much';
    return seen.take(nonce, nowMs) ? null : 'the call was made before';
  }
  const proof = (headers: IncomingHttpHeaders, status: number, body: string) => ({
    [CALL_HEADERS.signature]: signAnswer(privateKey, agentId, header(headers[CALL_HEADERS.nonce]), status, body),
  });
  server.addHook('preValidation', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return;
    const call = { method: request.method, path: request.url, body: bodies.get(request.raw) ?? '' };
    const why = whyRefused(request.headers, call);
    if (why !== null) return reply.code(401).send(refused(why));
  });
  server.addHook('onSend', async (request, reply, payload) => {
    if (!request.url.startsWith('/v1/')) return payload;
    await agent.kept();
    const body = typeof payload === 'string' ? payload : '';
    reply.headers(proof(request.headers, reply.statusCode, body));
    return payload;
  });
  server.get('/livez', () => ({ alive: true }));
  server.get('/readyz', () => ({ ready: true }));
  driverRoutes(server, agent, agentId);
  installExec(server.server, {
    refuse: ({ headers, method = '', url = '' }) => whyRefused(headers, { method, path: url, body: '' }),
    prove: ({ headers }, status, body) => proof(headers, status, body),
    exec: (id, request) => agent.exec(id, request),
  });
  return server;
}
