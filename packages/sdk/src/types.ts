/** What came with an answer. */
export interface ResponseInfo {
  status: number;
  /** `etag`, `x-request-id`, `idempotent-replayed`, `ratelimit` and others. */
  headers: Headers;
}

export interface CallOptions {
  /** Default: a new one for each call that changes something, kept over its retries. */
  idempotencyKey?: string | undefined;
  /** ETag of the reading that a change was made from; somebody else's change in between is then a 412. */
  ifMatch?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Told about every successful answer, for its ETag or request id. */
  onResponse?: ((response: ResponseInfo) => void) | undefined;
}

export interface StreamOptions {
  /** Go on after this event; default: tell what happens from now on. */
  lastEventId?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** A list: `await` it for its first page, or iterate over all items of all pages with `for await`. */
export interface Listing<T> extends PromiseLike<Page<T>>, AsyncIterable<T> {
  /** Page after page. */
  pages(): AsyncIterable<Page<T>>;
}

export interface ClientOptions {
  /** An API key (`sx_sk_...`) or a session token; a function is asked before every attempt. */
  apiKey?: string | (() => string | null) | undefined;
  /** For example https://api.example.com */
  baseUrl: string;
  /** Organization for session tokens; an API key names its own. */
  organizationId?: string | undefined;
  /** Further attempts after the first; default 3. */
  maxRetries?: number | undefined;
  /** How long one attempt may take; default 60,000. */
  timeoutMs?: number | undefined;
  fetch?: typeof fetch | undefined;
  /** Told before each wait. */
  onRetry?: ((reason: string, waitMs: number) => void) | undefined;
}
