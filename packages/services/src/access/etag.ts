import { hash } from 'node:crypto';
import { ProblemError } from '@suanxiang/domain/errors';
import type { CallMeta } from './principal';

/** Fields that move by themselves. A change made from a reading does not depend on them. */
const MOVING = new Set(['billing_now', 'last_used_at', 'last_used_ip_prefix', 'last_used_agent', 'expiry', 'waiting']);

function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 27);
}

/**
 * Strong entity tag of what a read answers with: over what people and programs change, and after a dot over the fields
 * that move by themselves, where there are any. If-Match looks at the first part only. `text` is the answer as JSON, where it is at hand.
 */
export function etagOf(answer: object, text = JSON.stringify(answer)): string {
  const moving = Object.entries(answer).filter(([name]) => MOVING.has(name));
  if (moving.length === 0) return `"${digest(text)}"`;
  // Most of the time nothing moves: then the text at hand is what is settled.
  const still = moving.every(([, value]) => value === null);
  const settledText = still
    ? text
    : JSON.stringify({ ...answer, ...Object.fromEntries(moving.map(([name]) => [name, null])) });
  return `"${digest(settledText)}.${digest(JSON.stringify(moving))}"`;
}

const settled = (tag: string) => tag.replace(/\.[\w-]+"$/, '"');

/** A list of entity tags names this one. `weak`: compare weakly, as If-None-Match does (RFC 9110 section 8.8.3.2). */
export function namesTag(list: string, etag: string, weak: boolean): boolean {
  if (list.trim() === '*') return true;
  return list.split(',').some((tag) => (weak ? tag.trim().replace(/^W\//, '') : tag.trim()) === etag);
}

/** Throws `precondition_failed` unless the tag is one that If-Match names, but for what moves by itself. */
export function requireTag(list: string, etag: string): void {
  if (
    namesTag(
      list
        .split(',')
        .map((tag) => settled(tag.trim()))
        .join(','),
      settled(etag),
      false,
    )
  )
    return;
  throw new ProblemError('precondition_failed', 'The resource is no longer what If-Match names.', {
    members: { current_etag: etag },
    errors: [{ pointer: '/header/if-match', code: 'stale', detail: `The tag is ${etag} now.` }],
  });
}

/**
 * Checks If-Match against the resource as it stands in this transaction, which must hold its lock, so that two changes
 * made from the same reading cannot both succeed. `read` answers what GET would. Throws `precondition_failed`.
 */
export async function requireMatch(meta: CallMeta, read: () => Promise<object>): Promise<void> {
  if (meta.ifMatch === null) return;
  requireTag(meta.ifMatch, etagOf(await read()));
}
