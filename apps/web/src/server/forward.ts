import { readWebConfig } from './config';
import { isSameOriginMutation } from './origin';
import { problemResponse } from './problem';

/** What of a browser's request may reach the API. Cookies and browser identity never do. */
const REQUEST_HEADERS = [
  'accept',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'organization-id',
  'user-agent',
  'x-request-id',
];
const RESPONSE_HEADERS = [
  'content-type',
  'content-disposition',
  'content-language',
  'etag',
  'idempotent-replayed',
  'location',
  'retry-after',
  'x-request-id',
];

/** Query parameter that stands for the Organization-Id header where a plain link cannot send one (downloads). */
export const ORGANIZATION_PARAM = 'organization_id';

export interface ForwardInput {
  request: Request;
  /** Path segments below `/v1`, already decoded. */
  segments: readonly string[];
  token: string | null;
  /** Language of the console, in which the API shall write its sentences. */
  language: string;
  fetch?: typeof fetch;
  apiUrl?: string;
}

/**
 * Sends a browser's request on to the API with the session's token and streams the answer back. Mutations must come from
 * the console's own pages. Nothing is cached, problem documents pass through unchanged.
 */
export async function forward(input: ForwardInput): Promise<Response> {
  const { request, segments, token } = input;
  if (request.method !== 'GET' && !isSameOriginMutation(request.headers)) {
    return problemResponse('origin_not_allowed', 'Requests that change something must come from the console itself.');
  }
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return problemResponse('not_found', 'There is no such path.');
  }
  const source = new URL(request.url);
  const headers = requestHeaders(request, source);
  headers.set('accept-language', input.language);
  if (token) headers.set('authorization', `Bearer ${token}`);
  const search = source.searchParams.toString();
  const path = segments.map((segment) => encodeURIComponent(segment)).join('/');
  const target = `${input.apiUrl ?? readWebConfig().apiUrl}/v1/${path}${search ? `?${search}` : ''}`;
  try {
    const answer = await (input.fetch ?? fetch)(target, {
      method: request.method,
      headers,
      body: request.method === 'GET' ? null : await request.arrayBuffer(),
      cache: 'no-store',
      redirect: 'manual',
      signal: request.signal,
    });
    return new Response(answer.body, { status: answer.status, headers: responseHeaders(answer) });
  } catch {
    return problemResponse('unavailable', 'The API does not answer. Try again in a moment.');
  }
}

function requestHeaders(request: Request, source: URL): Headers {
  const headers = new Headers();
  for (const name of REQUEST_HEADERS) {
    const value = request.headers.get(name);
    if (value) headers.set(name, value);
  }
  const organizationId = source.searchParams.get(ORGANIZATION_PARAM);
  if (request.method === 'GET' && organizationId) {
    source.searchParams.delete(ORGANIZATION_PARAM);
    headers.set('organization-id', organizationId);
  }
  const address = request.headers.get('x-forwarded-for');
  if (address) headers.set('x-forwarded-for', address);
  return headers;
}

function responseHeaders(answer: Response): Headers {
  // A stream that was compressed or buffered on its way would arrive in lumps.
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const headers = new Headers({ 'cache-control': isStream ? 'no-store, no-transform' : 'no-store' });
  if (isStream) headers.set('x-accel-buffering', 'no');
  for (const name of RESPONSE_HEADERS) {
    const value = answer.headers.get(name);
    if (value) headers.set(name, value);
  }
  return headers;
}
