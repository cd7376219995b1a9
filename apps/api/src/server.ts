import { openApiDocument } from '@suanxiang/contract/openapi';
import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';
import type { Redis } from '@suanxiang/platform/redis';
import type { AppContext } from '@suanxiang/services/context';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Histogram } from 'prom-client';
import { handlerOf, requestIdOf } from './handle';
import { missing, problemsPage, sendProblem } from './problems';
import { RateLimiter } from './rate-limit';

/** Dated version of the API that this server speaks. */
export const API_VERSION = '2026-11-01';
const BODY_LIMIT_BYTES = 256 * 1024;

export interface ServerOptions {
  ctx: AppContext;
  redis: Redis;
  clock: Clock;
  logger: Logger;
  apiUrl: string;
  /** Seconds per operation and status, for /metrics. */
  durations?: Histogram<'operation' | 'status'>;
}

const HEADERS = {
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'api-version': API_VERSION,
};

/** The HTTP face of the route table. Not listening yet. */
export function buildServer(options: ServerOptions): FastifyInstance {
  const { ctx, clock, logger, apiUrl } = options;
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: 'loopback',
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    return503OnClosing: true,
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id'], clock),
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler(error, socket) {
      logger.debug({ err: error }, 'unreadable request');
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    },
  });
  // Only JSON is taken, and only where a body is wanted.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS).header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const operation = request.routeOptions.config.operationId ?? 'none';
    options.durations?.observe({ operation, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, apiUrl, logger));
  app.setNotFoundHandler((request, reply) => sendProblem(missing(request, reply), request, reply, apiUrl, logger));
  const handler = { ctx, clock, limiter: new RateLimiter(options.redis, clock, logger), organizations: new Map() };
  for (const route of ROUTES as readonly Route[]) {
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      config: { operationId: route.operationId },
      handler: handlerOf(handler, route),
    });
  }
  const document = JSON.stringify({ ...openApiDocument(API_VERSION), servers: [{ url: apiUrl }] });
  app.get('/openapi.json', (_, reply) => reply.type('application/json; charset=utf-8').send(document));
  const problems = problemsPage();
  app.get('/problems', (_, reply) => reply.type('text/html; charset=utf-8').send(problems));
  return app;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operationId?: string;
  }
}
