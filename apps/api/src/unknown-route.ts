import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { ProblemError } from '@suanxiang/services/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ServeOptions, takeOfAddress } from './serve-route';

interface KnownPath {
  pattern: RegExp;
  methods: Set<string>;
}

function knownPaths(extra: readonly string[]): KnownPath[] {
  const paths = new Map<string, Set<string>>(extra.map((path) => [path, new Set(['GET', 'HEAD'])]));
  for (const route of ROUTES as readonly Route[]) {
    const methods = paths.get(route.path) ?? new Set<string>();
    methods.add(route.method);
    if (route.method === 'GET') methods.add('HEAD');
    paths.set(route.path, methods);
  }
  return [...paths].map(([path, methods]) => ({
    pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    methods,
  }));
}

/** Throws `method_not_allowed` with Allow where the path exists for other methods, else `not_found`. */
export function unknownRoute(options: Pick<ServeOptions, 'limiter'>, extra: readonly string[]) {
  const known = knownPaths(extra);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<never> => {
    await takeOfAddress(options, request, reply);
    const path = request.url.split('?')[0] ?? '';
    const methods = known.filter(({ pattern }) => pattern.test(path)).flatMap((one) => [...one.methods]);
    if (methods.length === 0) {
      throw new ProblemError('not_found', 'There is no such path.', {
        suggestion: 'GET /openapi.json describes every operation.',
      });
    }
    const allow = [...new Set(methods)].sort();
    reply.header('allow', allow.join(', '));
    throw new ProblemError('method_not_allowed', `${request.method} is not allowed here.`, {
      suggestion: `Use one of ${allow.join(', ')}.`,
    });
  };
}
