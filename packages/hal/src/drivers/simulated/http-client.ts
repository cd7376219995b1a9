import { Pool } from 'undici';
import type { ZodType } from 'zod';
import { DriverError } from '../../driver';
import { CALL_HEADERS, type CallSigner } from '../agent/signatures';
import { wireError } from './wire';

export interface HttpClientOptions {
  /** Address of the fleet process without a trailing slash, for example http://127.0.0.1:4100. */
  url: string;
  /** Bearer token; an agent is shown signatures instead. */
  token?: string;
  signer?: CallSigner;
  /** Longest wait for an answer, and for each part of its body. */
  timeoutMs?: number;
  connections?: number;
}

export interface HttpRequest<T> {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  answer: ZodType<T>;
  /** True when the call may change something: an unknown outcome is then `lost`, else it is `transient`. */
  changes: boolean;
  signal?: AbortSignal | undefined;
}

/** Failures of connecting: nothing was sent, so nothing can have happened. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Keep-alive HTTP client that turns every way a call can fail into a DriverError. */
export class HttpClient {
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;
  readonly #signer: CallSigner | null;

  constructor(options: HttpClientOptions) {
    const timeoutMs = options.timeoutMs ?? 10_000;
    this.#pool = new Pool(options.url, {
      connections: options.connections ?? 32,
      pipelining: 1,
      // Shorter than the server's, so that a connection is not used while the server closes it.
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 30_000,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: Math.min(timeoutMs, 3_000) },
    });
    this.#signer = options.signer ?? null;
    this.#headers = { accept: 'application/json' };
    if (options.token !== undefined) this.#headers.authorization = `Bearer ${options.token}`;
  }

  /** Sends a request and checks the answer. Rejects with DriverError only. */
  async send<T>(request: HttpRequest<T>): Promise<T> {
    const unknownOutcome = request.changes ? 'lost' : 'transient';
    if (request.signal?.aborted) throw new DriverError('transient', `${request.path}: cancelled before it was sent`);
    const sent = request.body === undefined ? '' : JSON.stringify(request.body);
    const signed = this.#signer?.sign(request.method, request.path, sent);
    let status: number;
    let body: string;
    let signature: unknown;
    try {
      const response = await this.#pool.request({
        method: request.method,
        path: request.path,
        headers: {
          ...this.#headers,
          ...signed?.headers,
          ...(sent === '' ? {} : { 'content-type': 'application/json' }),
        },
        ...(sent === '' ? {} : { body: sent }),
        ...(request.signal ? { signal: request.signal } : {}),
      });
      status = response.statusCode;
      signature = response.headers[CALL_HEADERS.signature];
      body = await response.body.text();
    } catch (error) {
      const code = NOT_SENT.has(errorCode(error)) ? 'transient' : unknownOutcome;
      throw new DriverError(code, `${request.path}: ${text(error)}`);
    }
    if (signed && !this.#signer?.isAnswered(signed.nonce, status, body, String(signature))) {
      throw new DriverError(unknownOutcome, `${request.path}: the answer is not signed by the agent`);
    }
    return this.#read(request, status, body, unknownOutcome);
  }

  #read<T>(request: HttpRequest<T>, status: number, body: string, unknownOutcome: 'lost' | 'transient'): T {
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      throw new DriverError(unknownOutcome, `${request.path}: answer ${status} is not JSON`);
    }
    if (status >= 400) {
      const known = wireError.safeParse(value);
      if (known.success) {
        const { code, message, vendorCode } = known.data.error;
        throw new DriverError(code, message, vendorCode);
      }
      if (status < 500) throw new DriverError('invalid', `${request.path}: refused with ${status}`);
      throw new DriverError(unknownOutcome, `${request.path}: failed with ${status}`);
    }
    const parsed = request.answer.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const where = issue ? `${issue.path.join('.')}: ${issue.message}` : 'unknown form';
    throw new DriverError(unknownOutcome, `${request.path}: answer not understood (${where})`);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
