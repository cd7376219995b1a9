import type { Server } from 'node:http';
import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import type { Logger } from '@suanxiang/platform/logger';
import { newRequestId } from '@suanxiang/services/request-id';
import { type FastifyHttpOptions, type FastifyInstance, fastify } from 'fastify';
import { installAgentPlane } from './agent-plane';
import { BODY_LIMIT_BYTES, installBodyParser } from './body-parser';
import { DOCUMENT_PATHS, serveDocuments } from './documents';
import { installPaymentWebhook } from './payment-webhook';
import { answerClientError, answerOddRequests, type RawContext } from './raw-answers';
import { givenRequestId, refuseManyHeaders, requireOneHost, TRUSTED_PROXIES } from './request-headers';
import { sendProblem } from './send-problem';
import { type ServeOptions, serveRoute } from './serve-route';
import type { Machines } from './terminal/machines';
import { installTerminal } from './terminal/terminal-server';
import { TERMINAL_PATIENCE, type TerminalPatience } from './terminal/terminal-socket';
import { unknownRoute } from './unknown-route';

export interface ServerOptions extends ServeOptions {
  logger: Logger;
  /** Public address, without a trailing slash. */
  apiUrl: string;
  version: string;
  /** Where terminals lead; left out, none can be opened. */
  machines?: Machines;
  /** Operations to serve; tests add their own. */
  routes?: readonly Route[];
  /** How long slow senders are waited for; tests are less patient. */
  patience?: { headersMs: number; requestMs: number; checkMs: number };
  /** How long sessions of terminals may last; tests are less patient. */
  terminalPatience?: Partial<TerminalPatience>;
  /** Told about every answer, for metrics. */
  onResponse?: (operationId: string, status: number, seconds: number) => void;
}

const PATIENCE = { headersMs: 10_000, requestMs: 30_000, checkMs: 5_000 };
const KEEP_ALIVE_MS = 75_000;

const SECURITY_HEADERS: Record<string, string> = {
  'cache-control': 'private, no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
};

function rawContext({ apiUrl, ctx }: ServerOptions): RawContext {
  return { apiUrl, newRequestId: () => newRequestId(ctx.clock.nowMs()) };
}

function fastifyOptions(options: ServerOptions): FastifyHttpOptions<Server> {
  const { headersMs, requestMs, checkMs } = options.patience ?? PATIENCE;
  return {
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: TRUSTED_PROXIES,
    requestTimeout: requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // Node answers a missing Host with an empty 400; requireOneHost says more.
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkMs, requireHostHeader: false },
    genReqId: (request) => givenRequestId(request.headers['x-request-id']) ?? rawContext(options).newRequestId(),
    frameworkErrors: (error, request, reply) => {
      reply.headers({ ...SECURITY_HEADERS, 'x-request-id': request.id, 'api-version': NEWEST_API_VERSION });
      sendProblem(error, request, reply, options);
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, rawContext(options)),
  };
}

function installHooks(server: FastifyInstance, options: ServerOptions, stop: () => void): void {
  const { logger } = options;
  const https = options.apiUrl.startsWith('https:');
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
    stop();
  });
  // Every request passes here: hooks that call back cost less than those that answer a promise.
  server.addHook('onSend', (_request, reply, payload, done) => {
    // A kept connection would hold the shutdown up until it times out.
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
  const always: Record<string, string> = {
    ...SECURITY_HEADERS,
    'api-version': NEWEST_API_VERSION,
    ...(https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(always).header('x-request-id', request.id);
    try {
      refuseManyHeaders(request);
      requireOneHost(request);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const operationId = (request.routeOptions.config as { operationId?: string }).operationId ?? 'other';
    const status = reply.statusCode;
    options.onResponse?.(operationId, status, reply.elapsedTime / 1000);
    // The path as written holds ids and, from careless callers, secrets in its query: the operation says enough.
    const line = {
      operation: operationId,
      method: request.method,
      status,
      ms: Math.round(reply.elapsedTime),
      request_id: request.id,
    };
    if (status >= 500) logger.warn(line, 'request');
    else logger.debug(line, 'request');
    done();
  });
}

/** The public HTTP server: every route of the contract and the documents about it, and nothing else. */
export function buildServer(options: ServerOptions): FastifyInstance {
  const server = fastify(fastifyOptions(options));
  answerOddRequests(server.server, rawContext(options));
  installBodyParser(server);
  const stopping = new AbortController();
  installHooks(server, options, () => stopping.abort());
  server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, options));
  for (const route of options.routes ?? (ROUTES as readonly Route[])) {
    server.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      config: { operationId: route.operationId } as object,
      handler: serveRoute(route, { ...options, stopping: stopping.signal }),
    });
  }
  installPaymentWebhook(server, options.ctx);
  installAgentPlane(server, options.ctx);
  if (options.machines)
    installTerminal(server, {
      ctx: options.ctx,
      machines: options.machines,
      logger: options.logger,
      patience: { ...TERMINAL_PATIENCE, ...options.terminalPatience },
      limiter: options.limiter,
      raw: rawContext(options),
    });
  serveDocuments(server, options.version);
  server.setNotFoundHandler(unknownRoute(options, DOCUMENT_PATHS));
  return server;
}
