import type { CallInput, CallOutput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';
import type { Problem } from '@suanxiang/contract/schemas/problem';

/** A non-2xx answer as the browser sees it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

interface LooseInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Address on the console's own origin for a path of the API: /v1/x becomes /api/v1/x, /v1/operator/x /api/operator/x. */
export function browserPath(path: string, rawInput: object): string {
  const input = rawInput as LooseInput;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name] ?? '')),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const query = search.size > 0 ? `?${search}` : '';
  return `${filled.startsWith('/v1/operator/') ? filled.replace('/v1/', '/api/') : `/api${filled}`}${query}`;
}

/** Calls an operation through the console's own server. Throws ApiError for every non-2xx answer. */
export async function callApi<Id extends OperationId>(
  operationId: Id,
  rawInput: CallInput<Id>,
  organizationId: string | null,
): Promise<CallOutput<Id>> {
  const input = rawInput as LooseInput;
  // Fetched with the first call: what a page shows first was read by the server.
  const { OPERATIONS } = await import('./operations');
  const [method, path, idempotency] = OPERATIONS[operationId];
  const headers: Record<string, string> = { accept: 'application/json' };
  if (organizationId) headers['organization-id'] = organizationId;
  if (input.body !== undefined) headers['content-type'] = 'application/json';
  if (idempotency || input.idempotencyKey) headers['idempotency-key'] = input.idempotencyKey ?? crypto.randomUUID();
  const response = await fetch(browserPath(path, rawInput), {
    method,
    headers,
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input.signal ? { signal: input.signal } : {}),
  });
  return (await readAnswer(response)) as CallOutput<Id>;
}

/** Opens a stream of server-sent events below /v1. Throws ApiError for every non-2xx answer. */
export async function openStream(
  path: string,
  organizationId: string | null,
  lastEventId: string | null,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const headers = {
    accept: 'text/event-stream',
    ...(organizationId ? { 'organization-id': organizationId } : {}),
    ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
  };
  const response = await fetch(`/api/v1${path}`, { headers, signal, cache: 'no-store' });
  if (!response.ok || !response.body) throw new ApiError(parseProblem(await response.text(), response));
  return response.body;
}

/** Posts JSON to one of the console's own routes, for example /api/auth/sign-in. */
export async function postOwn(path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return readAnswer(response);
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  throw new ApiError(parseProblem(text, response));
}

function parseProblem(text: string, response: Response): Problem {
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.code === 'string') return problem;
  } catch {
    // Not JSON: a proxy or the network answered instead of the API.
  }
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'unavailable',
    detail: `HTTP ${response.status}`,
    request_id: response.headers.get('x-request-id') ?? '',
    retryable: response.status >= 500,
    suggestion: '',
    doc_url: '',
    errors: [],
  };
}
