import { createHash } from 'node:crypto';
import type { Route } from '@suanxiang/contract/route';
import type { Caller } from '@suanxiang/services/access/principal';
import type { Bucket } from './rate-bucket';
import { POLICIES } from './rate-limit';

const SIGN_IN = new Set([
  'signIn',
  'signUp',
  'operatorSignIn',
  'completeSignIn',
  'startPasskeySignIn',
  'forgotPassword',
  'resetPassword',
  'verifyEmail',
  'startDeviceSignIn',
]);
/** Those whose failures count against the account that they name. */
const NAMES_ACCOUNT = new Set(['signIn', 'operatorSignIn']);
/** Costlier than others, in tokens. */
const COSTS: Record<string, number> = { getInvoicePdf: 10, getUsage: 3, exportAuditEvents: 20, verifyAuditChain: 20 };

/** True for operations that check a password or another proof before anybody is known, or send mails. */
export function checksPassword(route: Route): boolean {
  return SIGN_IN.has(route.operationId);
}

/** The network an address counts for: IPv6 by its /64, as one machine has all of it. */
export function addressKey(ip: string): string {
  if (!ip.includes(':')) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped) return mapped[1]!;
  const [head = '', tail = ''] = ip.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const zeros = ip.includes('::') ? 8 - left.length - right.length : 0;
  return [...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right]
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(':');
}

/** The buckets that a call takes from, and what it costs. */
export function limitsOf(route: Route, caller: Caller, ip: string): { buckets: Bucket[]; cost: number } {
  const cost = COSTS[route.operationId] ?? (route.method === 'GET' ? 1 : 2);
  if (checksPassword(route)) {
    return { buckets: [{ policy: POLICIES.signIn, key: addressKey(ip) }], cost: 1 };
  }
  return { buckets: bucketsOf(caller, ip), cost };
}

function bucketsOf(caller: Caller, ip: string): Bucket[] {
  switch (caller.plane) {
    case 'public':
      return [{ policy: POLICIES.address, key: addressKey(ip) }];
    case 'user': {
      const id = caller.signedIn.person?.id ?? caller.signedIn.key?.id ?? '';
      return [{ policy: POLICIES.principal, key: id }];
    }
    case 'operator':
      return [{ policy: POLICIES.principal, key: caller.operator.id }];
    case 'org':
      return [
        { policy: POLICIES.principal, key: caller.principal.id },
        { policy: POLICIES.organization, key: caller.principal.orgId },
      ];
  }
}

/**
 * Buckets that an attempt to sign in takes from and that are given back when it succeeds, so that they count failures.
 * Empty when the body names no account.
 */
export function accountBuckets(route: Route, body: unknown, ip: string): Bucket[] {
  const email = (body as { email?: unknown } | null | undefined)?.email;
  if (!NAMES_ACCOUNT.has(route.operationId) || typeof email !== 'string') return [];
  const account = createHash('sha256').update(`${route.operationId}:${email.trim().toLowerCase()}`).digest('base64url');
  return [
    { policy: POLICIES.account, key: `${account}:${addressKey(ip)}` },
    { policy: POLICIES.accountAnywhere, key: account },
  ];
}
