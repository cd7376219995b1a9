import { randomInt } from 'node:crypto';
import type { Sql } from '@suanxiang/db/sql';
import { seal, unseal } from '@suanxiang/platform/seal';
import { Secret, TOTP } from 'otpauth';
import type { AppContext } from '../context';
import { hashToken } from './token-hash';

const PURPOSE = 'totp';
const PERIOD_S = 30;
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;
/** Codes of the step before and after are good, too: clocks differ. */
const WINDOW = 1;
const RECOVERY_CODES = 10;
const RECOVERY_LETTERS = 'abcdefghjkmnpqrstvwxyz23456789';

function totpOf(email: string, secret: Secret): TOTP {
  return new TOTP({ issuer: 'Suanxiang Cloud', label: email, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret });
}

/** A new secret, offered until its first code confirms it. */
export async function offerTotp(ctx: AppContext, sql: Sql, user: { id: string; email: string }) {
  const secret = new Secret({ size: SECRET_BYTES });
  const sealed = seal(ctx.secrets.dataKey, PURPOSE, user.id, secret.base32);
  await sql`
    INSERT INTO auth_totp (user_id, secret) VALUES (${user.id}, ${sealed})
    ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0 WHERE auth_totp.confirmed_at IS NULL`;
  return { secret: secret.base32, uri: totpOf(user.email, secret).toString() };
}

/**
 * True when the code is the authenticator's and was not used before: the step of an accepted code is kept, and neither it nor
 * an older one is accepted again. `confirmed` says which secret is meant.
 */
export async function takeTotpCode(
  ctx: AppContext,
  sql: Sql,
  userId: string,
  code: string,
  nowMs: number,
  confirmed = true,
): Promise<boolean> {
  const [row] = await sql<{ secret: string; last_step: string }>`
    SELECT secret, last_step::text FROM auth_totp
    WHERE user_id = ${userId} AND (confirmed_at IS NOT NULL) = ${confirmed} FOR UPDATE`;
  if (!row) return false;
  const secret = Secret.fromBase32(unseal(ctx.secrets.dataKey, PURPOSE, userId, row.secret));
  const delta = totpOf('', secret).validate({ token: code, timestamp: nowMs, window: WINDOW });
  if (delta === null) return false;
  const step = BigInt(Math.floor(nowMs / 1000 / PERIOD_S) + delta);
  if (step <= BigInt(row.last_step)) return false;
  await sql`UPDATE auth_totp SET last_step = ${step}::bigint, confirmed_at = coalesce(confirmed_at, now()) WHERE user_id = ${userId}`;
  return true;
}

function newRecoveryCode(): string {
  const half = () => Array.from({ length: 5 }, () => RECOVERY_LETTERS[randomInt(RECOVERY_LETTERS.length)]).join('');
  return `${half()}-${half()}`;
}

/** Replaces a person's recovery codes. They are in this answer and nowhere else: 49 random bits each, kept as hashes. */
export async function renewRecoveryCodes(sql: Sql, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  await sql`DELETE FROM auth_recovery_code WHERE user_id = ${userId}`;
  await sql`
    INSERT INTO auth_recovery_code (user_id, code_hash)
    SELECT ${userId}, hash FROM unnest(${codes.map((code) => hashToken(`${userId}:${code}`))}::text[]) hash`;
  return codes;
}

/** True when the code is one of the person's; it is gone afterwards. */
export async function takeRecoveryCode(sql: Sql, userId: string, code: string): Promise<boolean> {
  const gone = await sql`
    DELETE FROM auth_recovery_code WHERE user_id = ${userId} AND code_hash = ${hashToken(`${userId}:${code}`)}
    RETURNING 1 AS one`;
  return gone.length > 0;
}
