import { createHash } from 'node:crypto';
import type { Route } from '@suanxiang/contract/route';
import type { OperationId } from '@suanxiang/contract/routes';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { Clock } from '@suanxiang/platform/clock';
import { checkIdempotencyKey } from '@suanxiang/services/access/idempotency';
import type { AppContext } from '@suanxiang/services/context';
import { type Answer, dispatch } from '@suanxiang/services/dispatch';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseInput } from './parse';
import {
  KEY_POLICY,
  ORGANIZATION_POLICY,
  PUBLIC_POLICY,
  type RateLimiter,
  type RateVerdict,
  rateHeaders,
  rateProblem,
  SIGN_IN_POLICY,
  subjectOf,
} from './rate-limit';

export interface HandlerContext {
  ctx: AppContext;
  clock: Clock;
  limiter: RateLimiter;
  /** Organisation last seen behind a credential, for its shared limit. */
  organizations: Map<string, string>;
}

/** A request id: the caller's own when it is a sane one, else a new one. */
export function requestIdOf(given: string | string[] | undefined, clock: Clock): string {
  return typeof given === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : mintId('request', clock.nowMs());
}

/** The bearer credential, or null. Throws `invalid_request` for several Authorization headers. */
export function bearerOf(request: FastifyRequest): string | null {
  const raw = request.raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization');
  if (raw.length > 1) throw new ProblemError('invalid_request', 'Send exactly one Authorization header.');
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

async function checkRates(
  handler: HandlerContext,
  route: Route,
  token: string | null,
  ip: string,
): Promise<RateVerdict[]> {
  const { limiter, organizations } = handler;
  const asks: Promise<RateVerdict | null>[] = [];
  if (token === null) asks.push(limiter.take(PUBLIC_POLICY, subjectOf(ip)));
  else {
    const subject = subjectOf(token);
    asks.push(limiter.take(KEY_POLICY, subject));
    const orgId = organizations.get(subject);
    if (orgId) asks.push(limiter.take(ORGANIZATION_POLICY, orgId));
  }
  const signsIn = route.auth === 'public' && route.method === 'POST';
  if (signsIn) asks.push(Promise.resolve(limiter.takeLocally(SIGN_IN_POLICY, subjectOf(ip))));
  return (await Promise.all(asks)).filter((verdict) => verdict !== null);
}

function idempotencyKeyOf(request: FastifyRequest, route: Route): string | null {
  if (route.idempotency === 'none') return null;
  const key = headerOf(request, 'idempotency-key');
  if (key !== null) checkIdempotencyKey(key);
  else if (route.idempotency === 'required') {
    throw new ProblemError(
      'idempotency_key_required',
      'This request can cost money and needs an Idempotency-Key header.',
      {
        suggestion: 'Send a fresh UUID, and the same one when you repeat the request.',
      },
    );
  }
  return key;
}

function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  answer: Answer,
  status: number,
): FastifyReply {
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  if (answer.location) reply.header('location', answer.location);
  if (answer.binary) return reply.code(status).type(route.response.contentType).send(Buffer.from(answer.binary));
  const text = answer.text ?? (answer.body === undefined ? null : JSON.stringify(answer.body));
  if (text === null || status === 204) return reply.code(204).send();
  if (route.method === 'GET') {
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    reply.header('etag', etag);
    const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    if (known.includes(etag)) return reply.code(304).send();
  }
  return reply.code(status).type('application/json; charset=utf-8').send(text);
}

/** The handler of one route: rates, input, use case, answer. Every failure is thrown and becomes a problem document. */
export function handlerOf(handler: HandlerContext, route: Route) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const token = bearerOf(request);
    const verdicts = await checkRates(handler, route, token, request.ip);
    reply.headers(rateHeaders(verdicts));
    const refused = verdicts.find((verdict) => !verdict.allowed);
    if (refused) throw rateProblem(refused);
    const input = parseInput(route, request);
    const answer = await dispatch(handler.ctx, {
      operationId: route.operationId as OperationId,
      token,
      organizationId: headerOf(request, 'organization-id'),
      ...input,
      meta: {
        requestId: request.id,
        ip: request.ip,
        userAgent: headerOf(request, 'user-agent')?.slice(0, 256) ?? null,
        idempotencyKey: idempotencyKeyOf(request, route),
        nowMs: handler.clock.nowMs(),
      },
    });
    if (token && answer.orgId) remember(handler.organizations, subjectOf(token), answer.orgId);
    const dryRun = (input.query as { validate_only?: string }).validate_only === 'true';
    return sendAnswer(request, reply, route, answer, dryRun ? 200 : route.response.status);
  };
}

function remember(organizations: Map<string, string>, subject: string, orgId: string): void {
  if (organizations.size > 50_000) organizations.clear();
  organizations.set(subject, orgId);
}
