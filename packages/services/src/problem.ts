import type { Problem } from '@suanxiang/contract/schemas/problem';
import { ERROR_CATALOGUE, type ErrorCode, type FieldError, ProblemError } from '@suanxiang/domain/errors';
import { inLocale, type Locale } from '@suanxiang/domain/locale';

export { type ErrorCode, type FieldError, ProblemError } from '@suanxiang/domain/errors';

/** SQLSTATEs after which the same request may well succeed: conflicts, limits, and a server that is going or coming. */
const PASSING_SQLSTATES = new Set(['40001', '40P01', '55P03', '57014', '53100', '53200', '53300', '53400']);
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  // Prisma: cannot reach, timed out, connection pool exhausted, transaction could not start, connection closed.
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
]);

/** True when the database was not to be had: away, restarting, or all connections taken. */
export function isUnavailable(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  const text = String(code);
  if (PASSING_SQLSTATES.has(text) || CONNECTION_CODES.has(text)) return true;
  if (/^(08|57P)/.test(text)) return true;
  return /^timeout exceeded when trying to connect|^Connection terminated|^Client has encountered a connection error/.test(
    String(message),
  );
}

/** Any thrown value as a problem. What is not one already becomes `unavailable` or `internal`, without its inner text. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isUnavailable(error)) {
    return new ProblemError('unavailable', 'The database is busy or restarting. Nothing was changed.', {
      suggestion: 'Send the same request again in a moment, with the same Idempotency-Key.',
      retryAfterS: 1,
    });
  }
  return new ProblemError('internal', 'An unexpected failure. It has been recorded under this request id.');
}

export interface ProblemContext {
  requestId: string;
  locale: Locale;
  /** Base of the public address, for links to the catalogue. */
  apiUrl: string;
}

/** The problem document (RFC 9457) of a problem. */
export function problemDocument(problem: ProblemError, context: ProblemContext): Problem {
  const entry = ERROR_CATALOGUE[problem.code];
  const { suggestion, errors, members } = problem.extra;
  return {
    ...members,
    type: `${context.apiUrl}/problems#${problem.code}`,
    title: inLocale(entry.title, context.locale),
    status: entry.status,
    code: problem.code,
    detail: problem.detail,
    request_id: context.requestId,
    retryable: entry.retryable,
    doc_url: `${context.apiUrl}/problems#${problem.code}`,
    suggestion: suggestion ?? inLocale(entry.suggestion, context.locale),
    errors: errors ?? [],
  };
}

/** HTTP status of a problem. */
export function statusOf(code: ErrorCode): number {
  return ERROR_CATALOGUE[code].status;
}

/** `invalid_request` about one place of the request. */
export function invalid(pointer: string, detail: string, code = 'invalid'): ProblemError {
  return new ProblemError('invalid_request', detail, { errors: [{ pointer, code, detail }] });
}

/** `unprocessable`: the request is well formed, yet names things that cannot be used. */
export function unusable(errors: readonly FieldError[], suggestion?: string): ProblemError {
  return new ProblemError('unprocessable', errors[0]?.detail ?? 'A referenced resource cannot be used.', {
    errors: [...errors],
    ...(suggestion ? { suggestion } : {}),
  });
}

/**
 * The one answer for what is not there and for what belongs to somebody else. It says nothing that depends on whether
 * the thing exists.
 */
export function notFound(): ProblemError {
  return new ProblemError('not_found', 'There is no such resource, or it is not visible to you.');
}

/** The one 401 for every credential that does not open this door, whatever is wrong with it. */
export function unauthenticated(): ProblemError {
  return new ProblemError(
    'unauthenticated',
    'The credential is missing, malformed, expired, revoked or not valid here.',
    {
      suggestion: 'Send Authorization: Bearer with an API key, or with the token that signing in returned.',
    },
  );
}

/** The whole catalogue, for the page that problem documents point to. */
export function listProblems() {
  return Object.entries(ERROR_CATALOGUE).map(([code, entry]) => ({ code, ...entry }));
}
