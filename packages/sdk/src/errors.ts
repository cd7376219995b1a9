import type { ErrorCode, Operation } from './generated/api';

/** A problem document (RFC 9457). Members beyond these belong to single codes, as `alternatives` and `blockers`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** What programs should look at. */
  code: ErrorCode | (string & {});
  detail: string;
  request_id: string;
  /** The same request may succeed later. */
  retryable: boolean;
  suggestion: string;
  doc_url: string;
  errors: { pointer: string; code: string; detail: string }[];
  [member: string]: unknown;
}

/** An answer that is not 2xx, after the retries. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly problem: Problem,
    /** The seconds that the server asked to wait; null: it named none. */
    readonly retryAfterS: number | null,
  ) {
    super(`${problem.title}: ${problem.detail} [${problem.code}, ${problem.request_id}]`);
  }

  get code(): Problem['code'] {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** True for a problem, with `code` for a problem of that code. */
export function isProblem(error: unknown, code?: ErrorCode): error is ApiProblem {
  return error instanceof ApiProblem && (code === undefined || error.code === code);
}

/** No answer came, after the retries. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(
    readonly url: string,
    readonly reason: string,
  ) {
    super(`${url}: ${reason}`);
  }
}

/** An awaited operation failed, or another one took its place (`superseded`). */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';
  constructor(readonly operation: Operation) {
    const { kind, status, error, id } = operation;
    super(`${kind} ${status}: ${error ? `${error.en} [${error.code}]` : id}`);
  }
}

/** An awaited operation has not ended in time; it goes on. */
export class WaitTimedOut extends Error {
  override readonly name = 'WaitTimedOut';
  constructor(readonly operation: Operation) {
    super(`${operation.kind} is still ${operation.status}: ${operation.id}`);
  }
}

/** The problem that an answer is; one that is no problem document becomes `unavailable`. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  const text = await response.text();
  return new ApiProblem(parseProblem(text) ?? unreadable(response), Number.isFinite(after) ? after : null);
}

function parseProblem(text: string): Problem | null {
  try {
    const parsed = JSON.parse(text) as Partial<Problem> | null;
    return typeof parsed?.code === 'string' ? (parsed as Problem) : null;
  } catch {
    return null;
  }
}

function unreadable(response: Response): Problem {
  return {
    type: 'about:blank',
    title: response.statusText || 'Unreadable answer',
    status: response.status,
    code: 'unavailable',
    detail: `The server answered ${response.status} without a problem document.`,
    request_id: response.headers.get('x-request-id') ?? '',
    retryable: response.status >= 500,
    suggestion: '',
    doc_url: '',
    errors: [],
  };
}
