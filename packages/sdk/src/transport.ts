import { buildRequest } from '@suanxiang/contract/request';
import { retryingFetch } from '@suanxiang/contract/retry';
import { NoAnswer, problemOf } from './errors';
import { API_VERSION } from './generated/api';
import type { Operation } from './operation';
import { pause } from './pause';
import type { CallOptions, ClientOptions } from './types';

export interface Input {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** Sends a call until it has an answer that counts. Throws ApiProblem, NoAnswer, or the reason of the caller's signal. */
export type Send = (operation: Operation, input: Input, options: CallOptions & Streaming) => Promise<Response>;

interface Streaming {
  /** Headers of this call alone. */
  headers?: Record<string, string>;
}

const TIMEOUT_MS = 60_000;

/** The whole answer, so that one which breaks off half-way is repeated like one that never came. */
const whole =
  (send: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await send(input, init);
    const bytes = await response.arrayBuffer();
    const { status, statusText, headers } = response;
    return new Response(bytes.byteLength > 0 ? bytes : null, { status, statusText, headers });
  };

export function createSend(client: ClientOptions): Send {
  const base = client.baseUrl.replace(/\/+$/, '');
  const direct = client.fetch ?? fetch;
  const timeoutMs = client.timeoutMs ?? TIMEOUT_MS;
  const retries = {
    retries: client.maxRetries ?? 3,
    sleep: pause,
    random: Math.random,
    timedOut: `no answer within ${timeoutMs / 1000} s`,
    failure: (url: string, reason: string) => new NoAnswer(url, reason),
    onRetry: client.onRetry ?? (() => {}),
  };
  const forAnswers = retryingFetch(whole(direct), { ...retries, timeoutMs });
  const forStreams = retryingFetch(direct, { ...retries, timeoutMs: null });
  return async (operation, input, { idempotencyKey, ifMatch, signal, onResponse, headers }) => {
    const mutates = operation.idempotency !== 'none';
    const request = buildRequest(operation, {
      ...input,
      ...(mutates ? { idempotencyKey: idempotencyKey ?? globalThis.crypto.randomUUID() } : {}),
      ...(ifMatch ? { ifMatch } : {}),
    });
    const token = typeof client.apiKey === 'function' ? client.apiKey() : client.apiKey;
    const streams = operation.result === 'events';
    const response = await (streams ? forStreams : forAnswers)(`${base}${request.path}`, {
      method: request.method,
      headers: {
        accept: streams ? 'text/event-stream' : 'application/json',
        'api-version': API_VERSION,
        'user-agent': 'suanxiang-sdk-js',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(client.organizationId ? { 'organization-id': client.organizationId } : {}),
        ...request.headers,
        ...headers,
      },
      ...(request.body === null ? {} : { body: request.body }),
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw await problemOf(response);
    onResponse?.({ status: response.status, headers: response.headers });
    return response;
  };
}
