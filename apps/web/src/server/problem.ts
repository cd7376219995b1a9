import type { Problem } from '@suanxiang/contract/schemas/problem';
import { ERROR_CATALOGUE, type ErrorCode } from '@suanxiang/domain/errors';

/** A problem document for errors that arise in the console's own server, in the shape the API uses. */
export function problemOf(code: ErrorCode, detail: string): Problem {
  const entry = ERROR_CATALOGUE[code];
  return {
    type: 'about:blank',
    title: entry.title.en,
    status: entry.status,
    code,
    detail,
    request_id: '',
    retryable: entry.retryable,
    suggestion: entry.suggestion.en,
    doc_url: '',
    errors: [],
  };
}

/** The same as a response. */
export function problemResponse(code: ErrorCode, detail: string): Response {
  const problem = problemOf(code, detail);
  return Response.json(problem, {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}
