export interface RetryOptions {
  /** Further attempts after the first. */
  retries: number;
  /** How long one attempt may take; null: as long as it likes, as a stream does. */
  timeoutMs: number | null;
  /** Rejects when the signal aborts, if it can. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** 0 <= value < 1, spreads the waits of many clients. */
  random(): number;
  /** Told before each wait. */
  onRetry(reason: string, waitMs: number): void;
  /** Reason shown for an attempt that took too long. */
  timedOut: string;
  /** What is thrown when no answer came. */
  failure(url: string, reason: string): Error;
}

/** Waits longer than this are not waited for: the answer is shown instead. */
const LONGEST_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;

/**
 * fetch that repeats what may be repeated: reads, and mutations that carry an Idempotency-Key. A problem is repeated when
 * it says `retryable` and either names a Retry-After or is the server's own (5xx); a lost connection is repeated too.
 * Throws `failure` when no answer came, and the caller's own reason when the caller aborts.
 */
export function retryingFetch(send: typeof fetch, options: RetryOptions): typeof fetch {
  return async (input, init) => {
    const repeatable = isRepeatable(init);
    const aborted = init?.signal ?? undefined;
    for (let attempt = 0; ; attempt += 1) {
      const last = !repeatable || attempt >= options.retries;
      const backoffMs = FIRST_WAIT_MS * 2 ** attempt * (0.5 + options.random() / 2);
      let reason: string;
      let waitMs: number;
      try {
        const response = await send(input, { ...init, ...within(options.timeoutMs, aborted) });
        const asked = last || response.ok ? null : await waitOf(response, backoffMs);
        if (asked === null) return response;
        reason = `HTTP ${response.status}`;
        waitMs = asked;
      } catch (error) {
        if (aborted?.aborted) throw error;
        reason = reasonOf(error, options.timedOut);
        if (last) throw options.failure(String(input), reason);
        waitMs = backoffMs;
      }
      options.onRetry(reason, waitMs);
      await options.sleep(waitMs, aborted);
    }
  };
}

/** The signal of one attempt: the caller's, and the time that it may take. */
function within(timeoutMs: number | null, signal: AbortSignal | undefined): { signal?: AbortSignal } {
  if (timeoutMs === null) return signal ? { signal } : {};
  const timeout = AbortSignal.timeout(timeoutMs);
  return { signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
}

function isRepeatable(init: RequestInit | undefined): boolean {
  const method = init?.method ?? 'GET';
  return method === 'GET' || new Headers(init?.headers).has('idempotency-key');
}

/** How long to wait before repeating, null when the answer is final. Leaves the body unread. */
async function waitOf(response: Response, backoffMs: number): Promise<number | null> {
  const problem = (await response
    .clone()
    .json()
    .catch(() => null)) as { retryable?: unknown } | null;
  const retryable = problem?.retryable === undefined ? response.status >= 500 : problem.retryable === true;
  if (!retryable) return null;
  const after = response.headers.get('retry-after');
  const seconds = after === null ? Number.NaN : Number(after);
  if (Number.isFinite(seconds)) return seconds * 1000 <= LONGEST_WAIT_MS ? Math.max(seconds * 1000, 0) : null;
  return response.status >= 500 ? backoffMs : null;
}

/** Why no answer came, in a word or two. */
export function reasonOf(error: unknown, timedOut: string): string {
  const failure = error as Error & { cause?: Error & { code?: string } };
  if (failure.name === 'TimeoutError' || failure.name === 'AbortError') return timedOut;
  return failure.cause?.code ?? (failure.cause?.message || failure.message);
}
