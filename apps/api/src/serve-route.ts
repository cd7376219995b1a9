import type { Route } from '@suanxiang/contract/route';
import { authorise } from '@suanxiang/services/access/authorise';
import type { Caller, CallMeta, StreamMeta } from '@suanxiang/services/access/principal';
import type { AppContext } from '@suanxiang/services/context';
import { authenticate, callOperation } from '@suanxiang/services/dispatch';
import { ProblemError } from '@suanxiang/services/problem';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { requireJson } from './body-parser';
import { accountBuckets, addressKey, limitsOf } from './limits-of';
import { parseInput } from './parse-input';
import type { Bucket } from './rate-bucket';
import { POLICIES, type RateLimiter, rateLimitHeaders } from './rate-limit';
import { bearerToken, headerOf } from './request-headers';
import { ifMatchOf, settleVersion, tellDeprecation } from './route-headers';
import { sendAnswer } from './send';

export interface ServeOptions {
  ctx: AppContext;
  limiter: RateLimiter;
  /** Ends the streams that are open when the server stops. */
  stopping?: AbortSignal;
  /** Told the answer of every operation; tests check it against the contract. */
  onAnswer?: (route: Route, body: unknown) => void;
}

/** Who calls. A credential that opens nothing counts against the address that sent it, so that guessing is limited. */
async function callerOf(
  options: ServeOptions,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller> {
  const path = (request.params as Record<string, string> | undefined)?.organization_id ?? null;
  try {
    return await authenticate(options.ctx, route, {
      token: route.auth === 'public' ? null : bearerToken(request),
      header: headerOf(request, 'organization-id'),
      path,
    });
  } catch (error) {
    if (error instanceof ProblemError) await takeOfAddress(options, request, reply);
    throw error;
  }
}

/** Takes one token of the sender's address. Throws `rate_limited` when there is none left. */
export async function takeOfAddress(
  options: Pick<ServeOptions, 'limiter'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const bucket = { policy: POLICIES.address, key: addressKey(request.ip) };
  await take(options, reply, [bucket], 1);
}

/** Throws `rate_limited` when a bucket is empty; tells the state of the buckets in headers either way. */
async function take(
  options: Pick<ServeOptions, 'limiter'>,
  reply: FastifyReply,
  buckets: readonly Bucket[],
  cost: number,
): Promise<void> {
  const taken = await options.limiter.take(buckets, cost);
  const headers = rateLimitHeaders(buckets, taken);
  reply.header('ratelimit-policy', headers.policy).header('ratelimit', headers.state);
  if (taken.allowed) return;
  const retryAfterS = Math.max(1, taken.retryAfterS);
  throw new ProblemError('rate_limited', `Too many requests; the next one fits in ${retryAfterS} s.`, {
    retryAfterS,
    suggestion: 'Wait as long as Retry-After says. Reading with If-None-Match costs nothing when nothing has changed.',
  });
}

/** What a route that answers with a stream may ask of the connection. */
function streamMetaOf(options: ServeOptions, route: Route, request: FastifyRequest, reply: FastifyReply): StreamMeta {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  return {
    lastEventId: headerOf(request, 'last-event-id'),
    again: async () => {
      const caller = await callerOf(options, route, request, reply);
      if (caller.plane !== 'org' || route.permission === null) throw new Error(`${route.operationId} is no stream`);
      return authorise(caller.principal, route.permission);
    },
    signal: options.stopping ? AbortSignal.any([left.signal, options.stopping]) : left.signal,
  };
}

function metaOf(options: ServeOptions, request: FastifyRequest, reply: FastifyReply, route: Route): CallMeta {
  const lasts = route.response.contentType === 'text/event-stream';
  return {
    ...(lasts ? { stream: streamMetaOf(options, route, request, reply) } : {}),
    requestId: request.id,
    ip: request.ip,
    userAgent: headerOf(request, 'user-agent')?.slice(0, 256) ?? null,
    idempotencyKey: headerOf(request, 'idempotency-key'),
    ifMatch: ifMatchOf(request, route),
    nowMs: options.ctx.clock.nowMs(),
    requestHash: '',
  };
}

/** Handler of one route: who calls, may they call as often, then the operation. */
export function serveRoute(route: Route, options: ServeOptions): RouteHandlerMethod {
  return async (request, reply) => {
    tellDeprecation(reply, route.deprecation);
    const caller = await callerOf(options, route, request, reply);
    const limits = limitsOf(route, caller, request.ip);
    await take(options, reply, limits.buckets, limits.cost);
    settleVersion(request, reply, caller);
    const accounts = accountBuckets(route, request.body, request.ip);
    if (accounts.length > 0) await take(options, reply, accounts, 1);
    const answer = await callOperation(options.ctx, route, caller, metaOf(options, request, reply, route), () =>
      parseInput(route, { params: request.params, query: request.query, body: requireJson(request) }),
    ).catch((error: unknown) => {
      // The password was right: what follows has its own limit.
      if (error instanceof ProblemError && error.code === 'second_factor_required')
        options.limiter.giveBack(accounts, 1);
      throw error;
    });
    if (accounts.length > 0) options.limiter.giveBack(accounts, 1);
    options.onAnswer?.(route, answer.body);
    sendAnswer(route, answer, request, reply);
    if (reply.statusCode === 304) options.limiter.giveBack(limits.buckets, limits.cost);
    return reply;
  };
}
