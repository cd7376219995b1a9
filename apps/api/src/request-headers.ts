import { ProblemError } from '@suanxiang/services/problem';
import type { FastifyRequest } from 'fastify';

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/;
const REQUEST_ID = /^req_[0-9a-hjkmnp-tv-z]{26}$/;

/** Proxies whose X-Forwarded-For is believed: the console on the same machine. */
export const TRUSTED_PROXIES = ['127.0.0.1', '::1'];

/** Who sent a request that Fastify does not see, by the rule that Fastify is told: the nearest address that is no proxy of ours. */
export function clientAddress(remoteAddress: string, forwardedFor: string | undefined): string {
  const hops = [...(forwardedFor ?? '').split(',').map((hop) => hop.trim()), remoteAddress].filter(Boolean).reverse();
  const plain = hops.map((hop) => hop.replace(/^::ffff:(?=\d+\.)/i, ''));
  return plain.find((hop, index) => index === plain.length - 1 || !TRUSTED_PROXIES.includes(hop)) ?? '';
}

/** How often a header was sent. Node keeps only the first of some repeated headers. */
function timesSent(request: FastifyRequest, name: string): number {
  const { rawHeaders } = request.raw;
  let times = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const text = rawHeaders[at]!;
    if (text.length === name.length && text.toLowerCase() === name) times += 1;
  }
  return times;
}

const MOST_HEADERS = 100;

/** Throws `headers_too_large` beyond a number of headers: Node drops those after the two thousandth without a word. */
export function refuseManyHeaders(request: FastifyRequest): void {
  if (request.raw.rawHeaders.length <= 2 * MOST_HEADERS) return;
  throw new ProblemError('headers_too_large', `There are more than ${MOST_HEADERS} headers.`);
}

/** Throws `invalid_request` unless there is one Host header (RFC 9112 section 3.2); HTTP/1.0 may have none. */
export function requireOneHost(request: FastifyRequest): void {
  const times = timesSent(request, 'host');
  if (times === 1 || (times === 0 && request.raw.httpVersion === '1.0')) return;
  const detail = 'Send one Host header.';
  throw new ProblemError('invalid_request', detail, {
    errors: [{ pointer: '/header/host', code: times === 0 ? 'required' : 'repeated', detail }],
  });
}

/** The credential of the one Authorization header; null when there is none or it is no bearer token. */
export function bearerToken(request: FastifyRequest): string | null {
  if (timesSent(request, 'authorization') > 1) {
    const detail = 'Send one Authorization header.';
    throw new ProblemError('invalid_request', detail, {
      errors: [{ pointer: '/header/authorization', code: 'repeated', detail }],
    });
  }
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** A header's value, or null when it is absent or empty. Repeated ones arrive joined and fail their format check. */
export function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  const text = Array.isArray(value) ? value.join(', ') : value;
  return text ? text : null;
}

/** A request id that our own console or CLI made for this request, or null. */
export function givenRequestId(value: unknown): string | null {
  return typeof value === 'string' && REQUEST_ID.test(value) ? value : null;
}

/** Language of titles in problem documents. */
export function localeOf(acceptLanguage: string | undefined): 'en' | 'zh-CN' {
  return /^\s*zh\b/i.test(acceptLanguage ?? '') ? 'zh-CN' : 'en';
}
