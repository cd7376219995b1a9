import { lookup as systemLookup } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { Agent, request } from 'undici';

/** An address that a customer gave and that is not called, with the reason as a sentence for the customer. */
export class UnsafeAddressError extends Error {
  override readonly name = 'UnsafeAddressError';
}

export interface AddressPolicy {
  /** Plain http, any port, and loopback: for a laptop, never in production. */
  readonly allowLocal: boolean;
}

type Lookup = typeof systemLookup;

export interface SafeFetchOptions extends AddressPolicy {
  method: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** How long everything may take, in milliseconds. */
  timeoutMs?: number;
  /** How much of the answer is read; the rest is thrown away. */
  maxBytes?: number;
  /** Another resolver, for tests. */
  lookup?: Lookup;
}

export interface SafeAnswer {
  status: number;
  /** The beginning of the body, as UTF-8. */
  text: string;
}

const PORTS = new Set(['', '443', '8443']);
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/**
 * True for an address on the public internet. IPv4 inside IPv6 counts as the IPv4 it is, and translations to it (NAT64, 6to4,
 * Teredo), documentation, benchmarking and everything not yet assigned count as not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed.toByteArray()[0]! & 0xe0) === 0x20;
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

function requireAddress(address: string, { allowLocal }: AddressPolicy): void {
  if (isPublicAddress(address) || (allowLocal && isLoopback(address))) return;
  throw new UnsafeAddressError('The address does not lead to the public internet.');
}

/**
 * What can be said about a URL before its name is resolved. Throws UnsafeAddressError. Numbers in other bases, dots left out and the
 * like are what the URL parser makes of them.
 */
export function requireSafeUrl(text: string, policy: AddressPolicy): URL {
  if (!URL.canParse(text)) throw new UnsafeAddressError('This is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(policy.allowLocal && url.protocol === 'http:'))
    throw new UnsafeAddressError('The URL must begin with https://.');
  if (url.username || url.password) throw new UnsafeAddressError('The URL must not hold a user name or password.');
  if (!policy.allowLocal && !PORTS.has(url.port)) throw new UnsafeAddressError('The port must be 443 or 8443.');
  // A name may end in a dot and mean the same.
  const host = url.hostname.replace(/^\[|[\].]$/g, '');
  if (ipaddr.isValid(host)) requireAddress(host, policy);
  else if (!policy.allowLocal && (!host.includes('.') || /\.(localhost|local|internal|home\.arpa)$/.test(host)))
    throw new UnsafeAddressError('The host name must be one of the public internet.');
  return url;
}

/** Resolves names and refuses every answer that holds an address not to be called: the check is on what is connected to. */
function guardedLookup(policy: AddressPolicy, lookup: Lookup): Lookup {
  const guarded = (
    host: string,
    options: object,
    done: (error: Error | null, address?: unknown, family?: number) => void,
  ): void => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error);
      try {
        for (const { address } of found) requireAddress(address, policy);
      } catch (unsafe) {
        return done(unsafe as Error);
      }
      if ((options as { all?: boolean }).all) return done(null, found);
      return done(null, found[0]!.address, found[0]!.family);
    });
  };
  return guarded as unknown as Lookup;
}

/** The UnsafeAddressError somewhere inside an error, or the error. */
function innermost(error: unknown): unknown {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof UnsafeAddressError) return at;
  return error;
}

/**
 * Calls an address that a customer gave, so that it reaches nothing but the public internet: https, few ports, every resolved
 * address checked at the moment of connecting (a name that changes its answer gains nothing), no redirects followed, little time,
 * little read. Throws UnsafeAddressError, or what failed underneath.
 */
export async function safeFetch(text: string, options: SafeFetchOptions): Promise<SafeAnswer> {
  const url = requireSafeUrl(text, options);
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const agent = new Agent({
    connect: { lookup: guardedLookup(options, options.lookup ?? systemLookup), timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    pipelining: 0,
  });
  try {
    const answer = await request(url, {
      method: options.method,
      headers: { ...options.headers },
      body: options.body ?? null,
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.statusCode, text: await beginningOf(answer.body, options.maxBytes ?? MAX_BYTES) };
  } catch (error) {
    throw innermost(error);
  } finally {
    await agent.destroy();
  }
}

async function beginningOf(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    parts.push(Buffer.from(part));
    size += part.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes).toString('utf8');
}
