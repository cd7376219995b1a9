import { createHash, timingSafeEqual } from 'node:crypto';
import { DriverError } from '@suanxiang/hal/driver';
import { installExec } from '@suanxiang/hal/exec/server';
import { installErrors } from '@suanxiang/hal/server/errors';
import type { Logger } from '@suanxiang/platform/logger';
import { createRegistry } from '@suanxiang/platform/private-server';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Fleet } from '../fleet';
import { machineNow } from '../shell/machine';
import { startProgram } from '../shell/session';
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
  // Digests are of one length, so that the comparison tells nothing about the token.
  const isHolder = (header: string | undefined) => timingSafeEqual(digest(header ?? ''), expected);
  const registry = createRegistry('fleet');
  installErrors(server, logger);
  server.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/') && !request.url.startsWith('/control/')) return;
    if (isHolder(request.headers.authorization)) return;
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
  installExec(server.server, {
    refuse: ({ headers }) => (isHolder(headers.authorization) ? null : 'the token is missing or wrong'),
    prove: () => ({}),
    exec: async (id, request) => {
      const known = await fleet.read(({ state }) => state.allocations.has(id));
      if (!known) throw new DriverError('invalid', `allocation ${id} is not known`);
      return startProgram(() => fleet.read((engine) => machineNow(engine, id)), id, request);
    },
  });
  return server;
}
