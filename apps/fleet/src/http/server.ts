import { createHash, timingSafeEqual } from 'node:crypto';
import { installErrors } from '@suanxiang/hal/server/errors';
import type { Logger } from '@suanxiang/platform/logger';
import { createRegistry } from '@suanxiang/platform/private-server';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Fleet } from '../fleet';
import { controlRoutes } from './control-routes';
import { driverRoutes } from './driver-routes';

export interface ServerOptions {
  fleet: Fleet;
  /** What callers must show as bearer token. */
  token: string;
  logger: Logger;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The fleet's HTTP server: liveness and metrics for all, everything else for holders of the token. */
export function createServer({ fleet, token, logger }: ServerOptions): FastifyInstance {
  const server = Fastify({ logger: false, bodyLimit: 1_048_576, forceCloseConnections: 'idle' });
  const expected = digest(`Bearer ${token}`);
  const registry = createRegistry('fleet');
  installErrors(server, logger);
  server.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/') && !request.url.startsWith('/control/')) return;
    // Digests are of one length, so that the comparison tells nothing about the token.
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return;
    await reply
      .code(401)
      .send({ error: { code: 'invalid', message: 'the token is missing or wrong', vendorCode: null } });
  });
  server.get('/livez', () => ({ alive: true }));
  server.get('/readyz', () => ({ ready: true }));
  server.get('/metrics', async (_, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
  driverRoutes(server, fleet);
  controlRoutes(server, fleet);
  return server;
}
