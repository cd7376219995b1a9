import { randomBytes } from 'node:crypto';
import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import { hashToken } from './token-hash';

export type ChallengeKind =
  | 'sign_in'
  | 'passkey_sign_in'
  | 'passkey_add'
  | 'reauthenticate'
  | 'verify_email'
  | 'reset_password';

export interface Challenge<T> {
  tokenHash: string;
  kind: ChallengeKind;
  userId: string | null;
  data: T;
  attempts: number;
}

/** 256 bits, as they stand in links and tickets. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Keeps what somebody has to prove, or may do once. Answers the token that names it; only its hash is stored. */
export async function openChallenge(
  sql: Sql,
  challenge: { kind: ChallengeKind; userId: string | null; data: object; seconds: number },
): Promise<string> {
  const token = newToken();
  const { kind, userId, data, seconds } = challenge;
  await sql`
    WITH gone AS (DELETE FROM auth_challenge WHERE expires_at < now() - interval '1 day')
    INSERT INTO auth_challenge (token_hash, kind, user_id, data, expires_at)
    VALUES (${hashToken(token)}, ${kind}, ${userId}, ${data}::jsonb, now() + make_interval(secs => ${seconds}))`;
  return token;
}

/** Reads and locks a challenge until the transaction ends; null when there is none of these kinds any more. */
export async function lockChallenge<T>(
  sql: Sql,
  token: string,
  kinds: readonly ChallengeKind[],
): Promise<Challenge<T> | null> {
  const [row] = await sql<Challenge<T>>`
    SELECT token_hash AS "tokenHash", kind, user_id AS "userId", data, attempts FROM auth_challenge
    WHERE token_hash = ${hashToken(token)} AND kind = ANY (${[...kinds]}) AND expires_at > now() FOR UPDATE`;
  return row ?? null;
}

/** Uses a challenge up. */
export async function closeChallenge(sql: Sql, tokenHash: string): Promise<void> {
  await sql`DELETE FROM auth_challenge WHERE token_hash = ${tokenHash}`;
}

/** The one answer for links and tickets that are unknown, used or too old. */
export function linkExpired(): ProblemError {
  return new ProblemError('link_expired', 'This link or code was used already, is too old, or never was.');
}
