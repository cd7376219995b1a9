import { createHash } from 'node:crypto';
import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import type { CallMeta } from './principal';

/**
 * Thrown inside a mutation whose Idempotency-Key has been answered before: the transaction, which has changed nothing,
 * is rolled back and the stored answer is sent again, byte for byte.
 */
export class IdempotentReplay extends Error {
  override readonly name = 'IdempotentReplay';
  constructor(
    /** The JSON text of the first answer; null when it had no body. */
    readonly text: string | null,
  ) {
    super('answered before');
  }
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Checks the form of an Idempotency-Key header. Throws `invalid_request`. */
export function checkIdempotencyKey(key: string): void {
  if (KEY.test(key)) return;
  const detail = 'Must be 1 to 255 visible ASCII characters without spaces.';
  throw new ProblemError('invalid_request', `Idempotency-Key: ${detail}`, {
    errors: [{ pointer: '/header/idempotency-key', code: 'invalid_format', detail }],
  });
}

/** JSON with the keys of every object in order, so that equal values have equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Fingerprint of a request: operation and parsed input. */
export function requestHash(operationId: string, input: object): string {
  return createHash('sha256')
    .update(`${operationId}\n${canonical(input)}`)
    .digest('hex');
}

/**
 * Takes an Idempotency-Key for this transaction. Nothing is stored before the commit, so a failed attempt may simply be
 * repeated. Throws IdempotentReplay when the key has its answer, `idempotency_key_reused` when it was used for another
 * request, `idempotency_in_flight` while another transaction holds it.
 */
export async function claimIdempotencyKey(sql: Sql, scope: string, principal: string, meta: CallMeta): Promise<void> {
  if (meta.idempotencyKey === null) return;
  const [lock] = await sql<{ taken: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`idem:${scope}:${principal}:${meta.idempotencyKey}`}, 0)) AS taken`;
  if (!lock?.taken) {
    throw new ProblemError('idempotency_in_flight', 'A request with this Idempotency-Key has not finished yet.', {
      suggestion: 'Send the same request again in a moment.',
      retryAfterS: 1,
    });
  }
  // A statement of its own: it must see what was committed before the lock was taken.
  const [stored] = await sql<{ request_hash: string; response: { text: string | null } }>`
    SELECT request_hash, response FROM idempotency_key
    WHERE org_id = ${scope} AND principal = ${principal} AND key = ${meta.idempotencyKey}`;
  if (!stored) return;
  if (stored.request_hash !== meta.requestHash) {
    throw new ProblemError('idempotency_key_reused', 'This Idempotency-Key was already used for a different request.', {
      suggestion: 'Use a new key for a new request, and the same body when repeating one.',
    });
  }
  throw new IdempotentReplay(stored.response.text);
}

/** Stores the answer under the key, in the transaction that made it. The text is kept as it was sent. */
export async function keepAnswer(
  sql: Sql,
  scope: string,
  principal: string,
  meta: CallMeta,
  answer: unknown,
): Promise<void> {
  if (meta.idempotencyKey === null) return;
  const text = answer === undefined ? null : JSON.stringify(answer);
  await sql`
    INSERT INTO idempotency_key (org_id, principal, key, request_hash, status, response)
    VALUES (${scope}, ${principal}, ${meta.idempotencyKey}, ${meta.requestHash}, ${text === null ? 204 : 200},
      ${{ text }}::jsonb)`;
}
