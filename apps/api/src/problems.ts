import { ROUTES } from '@suanxiang/contract/routes';
import { ERROR_CATALOGUE, type ErrorCode, ProblemError } from '@suanxiang/domain/errors';
import type { Locale } from '@suanxiang/domain/locale';
import type { Logger } from '@suanxiang/platform/logger';
import { problemDocument, problemOf, statusOf } from '@suanxiang/services/problem';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** Failures that Fastify finds before a handler runs. */
const FRAMEWORK_CODES: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'A request body may have at most 256 KiB.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as application/json in UTF-8.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid_request', 'The body is empty, but its type says JSON.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_request', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'Content-Length does not match the body.'],
};

function asProblem(error: unknown): ProblemError {
  const framework = FRAMEWORK_CODES[(error as FastifyError | null)?.code ?? ''];
  if (framework) return new ProblemError(...framework);
  const status = (error as FastifyError | null)?.statusCode;
  if (!(error instanceof ProblemError) && status !== undefined && status >= 400 && status < 500) {
    return new ProblemError('invalid_request', 'The request could not be read.');
  }
  return problemOf(error);
}

/** Language of the reader: Chinese when it stands first in Accept-Language. */
export function localeOf(request: FastifyRequest): Locale {
  return /^\s*zh\b/i.test(request.headers['accept-language'] ?? '') ? 'zh-CN' : 'en';
}

/** Sends any thrown value as a problem document; unexpected ones are logged with the request id. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  apiUrl: string,
  logger: Logger,
) {
  const problem = asProblem(error);
  const status = statusOf(problem.code);
  if (status >= 500)
    logger.error({ err: error, requestId: request.id, url: request.routeOptions.url }, 'request failed');
  const { retryAfterS } = problem.extra;
  if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  const document = problemDocument(problem, { requestId: request.id, locale: localeOf(request), apiUrl });
  return reply.code(status).type('application/problem+json; charset=utf-8').send(JSON.stringify(document));
}

const PATTERNS = [...new Set(ROUTES.map((route) => route.path))].map((path) => ({
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  methods: ROUTES.filter((route) => route.path === path).map((route) => route.method as string),
}));

/** What is wrong when no route takes a request: no such path, or not this method there. Sets Allow. */
export function missing(request: FastifyRequest, reply: FastifyReply): ProblemError {
  const path = request.url.split('?', 1)[0]!;
  const known = PATTERNS.find(({ pattern }) => pattern.test(path));
  if (!known) {
    return new ProblemError('not_found', `There is no ${request.method} ${path.slice(0, 200)} in this API.`, {
      suggestion: 'GET /openapi.json lists every operation.',
    });
  }
  const allowed = known.methods.includes('GET') ? ['HEAD', ...known.methods] : known.methods;
  reply.header('allow', allowed.join(', '));
  return new ProblemError('method_not_allowed', `This path takes ${allowed.join(', ')}.`, {
    members: { allow: allowed },
  });
}

/** A page that explains every problem code, where `type` and `doc_url` of problem documents point. */
export function problemsPage(): string {
  const rows = Object.entries(ERROR_CATALOGUE).map(
    ([code, { status, retryable, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${retryable ? 'yes / 可重试' : 'no / 不可重试'}</td>` +
      `<td>${title.en}</td><td lang="zh-CN">${title.zh}</td></tr>`,
  );
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Problems · Suanxiang Cloud API</title>' +
    '<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}' +
    'td,th{padding:.3rem .8rem;text-align:left;border-bottom:1px solid #8884}tr:target{background:#fd03}</style>' +
    '<h1>Problems</h1><p>Every failure of the API is a problem document (RFC 9457) with one of these codes.</p>' +
    `<table><tr><th>code</th><th>status</th><th>retryable</th><th>title</th><th>标题</th></tr>${rows.join('')}</table>`
  );
}
