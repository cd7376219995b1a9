import type { Logger } from '@suanxiang/platform/logger';
import { ProblemError, problemDocument, problemOf, statusOf } from '@suanxiang/services/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { localeOf } from './request-headers';

export interface ProblemOptions {
  apiUrl: string;
  logger: Logger;
}

/** Failures that Fastify itself finds before a handler runs. */
const FROM_FASTIFY: Record<string, () => ProblemError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new ProblemError('payload_too_large', 'The body is larger than 1 MiB.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => malformedRequest('Content-Length does not match the body.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => notJson(),
  FST_ERR_BAD_URL: () => malformedRequest('The path is not a valid URL path.'),
  FST_ERR_MAX_PARAM_LENGTH: () => new ProblemError('not_found', 'There is no such path.'),
};

function notJson(): ProblemError {
  return new ProblemError('unsupported_media_type', 'Bodies are read as application/json only.', {
    suggestion: 'Send the header Content-Type: application/json.',
  });
}

function malformedRequest(detail: string): ProblemError {
  return new ProblemError('invalid_request', detail);
}

function asProblem(error: unknown): ProblemError {
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  const known = code && Object.hasOwn(FROM_FASTIFY, code) ? FROM_FASTIFY[code]! : null;
  if (known) return known();
  if (code?.startsWith('FST_') && statusCode && statusCode < 500)
    return malformedRequest('The request is not valid HTTP.');
  return problemOf(error);
}

/** Answers with a problem document. What was not expected is logged with its cause and told without it. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ProblemOptions,
): FastifyReply {
  const problem = asProblem(error);
  if (problem.code === 'internal' || problem.code === 'unavailable') {
    options.logger.error({ err: error, request_id: request.id, route: request.routeOptions.url }, problem.code);
  }
  const body = problemDocument(problem, {
    requestId: request.id,
    locale: localeOf(request.headers['accept-language']),
    apiUrl: options.apiUrl,
  });
  if (problem.extra.retryAfterS !== undefined) reply.header('retry-after', String(problem.extra.retryAfterS));
  if (problem.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  reply.header('content-language', localeOf(request.headers['accept-language']));
  return reply.code(statusOf(problem.code)).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
}
