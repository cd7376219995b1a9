/** What of a route is needed to call it. */
interface CallableRoute {
  readonly method: string;
  /** Path with `{name}` parameters. */
  readonly path: string;
  readonly idempotency: 'required' | 'accepted' | 'none';
}

/** What a call sends, by where it stands in the request. */
export interface RequestInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  /** ETag of the reading that a change was made from. */
  ifMatch?: string;
  signal?: AbortSignal;
}

/** Method, path with query, headers and body of a request. */
export interface RequestParts {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** The request that calls a route; one that can cost money gets an Idempotency-Key when it has none. */
export function buildRequest(route: CallableRoute, input: RequestInput): RequestParts {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name] ?? '')),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  const headers: Record<string, string> = {};
  if (input.body !== undefined) headers['content-type'] = 'application/json';
  if (route.idempotency === 'required')
    headers['idempotency-key'] = input.idempotencyKey ?? globalThis.crypto.randomUUID();
  else if (input.idempotencyKey) headers['idempotency-key'] = input.idempotencyKey;
  if (input.ifMatch) headers['if-match'] = input.ifMatch;
  const query = search.toString();
  return {
    method: route.method,
    path: query ? `${path}?${query}` : path,
    headers,
    body: input.body === undefined ? null : JSON.stringify(input.body),
  };
}
