import type { z } from 'zod';
import { buildRequest, type RequestInput, type RequestParts } from './request';
import { type OperationId, type RouteOf, routeOf } from './routes';
import type { Problem } from './schemas/problem';

type In<S> = S extends z.ZodType ? z.input<S> : never;
type Out<S> = S extends z.ZodType ? z.output<S> : undefined;
type Field<Name extends string, S> = S extends z.ZodType
  ? Record<string, never> extends z.input<S>
    ? { [K in Name]?: z.input<S> }
    : { [K in Name]: z.input<S> }
  : unknown;

/** What a call of an operation takes. */
export type CallInput<Id extends OperationId> = Field<'params', RouteOf<Id>['params']> &
  Field<'query', RouteOf<Id>['query']> &
  Field<'body', RouteOf<Id>['body']> & {
    idempotencyKey?: string;
    /** ETag of the reading that a change was made from; somebody else's change in between is then a 412. */
    ifMatch?: string;
    signal?: AbortSignal;
  };
/** What it answers with; a Uint8Array-able Response body for non-JSON operations is read by `raw`. */
export type CallOutput<Id extends OperationId> = Out<RouteOf<Id>['response']['schema']>;
export type BodyOf<Id extends OperationId> = In<RouteOf<Id>['body']>;

/** A non-2xx answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(readonly problem: Problem) {
    super(`${problem.title}: ${problem.detail}`);
  }
}

export interface ClientOptions {
  /** For example http://localhost:4000 */
  baseUrl: string;
  /** API key or session token; read for every call. */
  token?: () => string | null;
  /** Organization for session principals. */
  organizationId?: () => string | null;
  fetch?: typeof fetch;
  /** Extra headers for every call. */
  headers?: Record<string, string>;
}

export interface Client {
  call<Id extends OperationId>(operationId: Id, input: CallInput<Id>): Promise<CallOutput<Id>>;
  /** The raw response of a successful call, for PDFs and streams. */
  raw<Id extends OperationId>(operationId: Id, input: CallInput<Id>): Promise<Response>;
}

/** Method, path with query, headers and body of a call: shared by the client, the CLI and "show as curl". */
export function requestOf<Id extends OperationId>(operationId: Id, input: CallInput<Id>): RequestParts {
  return buildRequest(routeOf(operationId), input as RequestInput);
}

/** A typed client of the public API over fetch. Non-2xx answers are thrown as ApiProblem. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  const raw: Client['raw'] = async (operationId, input) => {
    const request = requestOf(operationId, input);
    const headers: Record<string, string> = { accept: 'application/json', ...options.headers, ...request.headers };
    const token = options.token?.();
    if (token) headers.authorization = `Bearer ${token}`;
    const organizationId = options.organizationId?.();
    if (organizationId) headers['organization-id'] = organizationId;
    const signal = (input as RequestInput).signal;
    const response = await send(`${options.baseUrl}${request.path}`, {
      method: request.method,
      headers,
      ...(request.body === null ? {} : { body: request.body }),
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw new ApiProblem(await readProblem(response));
    return response;
  };
  return {
    raw,
    async call(operationId, input) {
      const response = await raw(operationId, input);
      return (response.status === 204 ? undefined : await response.json()) as never;
    },
  };
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Problem;
  } catch {
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
}
