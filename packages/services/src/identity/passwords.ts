import { createHash } from 'node:crypto';
import { queueMail } from '@suanxiang/db/queue-mail';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import type { UseCase } from '../use-case';
import { closeChallenge, linkExpired, lockChallenge, openChallenge } from './challenge';
import { readUser, type UserRow } from './factors';
import { enterGuard, leaveGuard, proofRefused } from './guard';
import { hashPassword, verifyPassword } from './password';
import { requirePerson } from './require-person';
import { tellChange } from './security-mail';
import { auditPerson } from './session-answer';
import { endSessions } from './session-store';

const RESET_MINUTES = 30;
/** At most one mail to an address in this time, whoever asks and however often. */
const MAIL_EVERY_MS = 300_000;

function mailKey(kind: string, address: string, nowMs: number): string {
  const hash = createHash('sha256').update(address).digest('base64url').slice(0, 32);
  return `${kind}:${hash}:${Math.floor(nowMs / MAIL_EVERY_MS)}`;
}

/**
 * Sends a link for setting a new password, or, to an address without an account, a mail that says so: to whoever asks, both
 * look the same and do the same work.
 */
export const forgotPassword: UseCase<'forgotPassword'> = async (ctx, _caller, { nowMs }, { body }) => {
  await withSql(ctx.auth, async (sql) => {
    const [user] = await sql<UserRow>`SELECT id, email, name, locale FROM auth_user WHERE email = ${body.email}`;
    const token = await openChallenge(sql, {
      kind: 'reset_password',
      userId: user?.id ?? null,
      data: {},
      seconds: RESET_MINUTES * 60,
    });
    const common = { to: body.email, key: mailKey('reset', body.email, nowMs), nowMs };
    if (user) {
      const link = `${ctx.webUrl}/reset-password#token=${token}`;
      const data = { name: user.name, link, minutes: RESET_MINUTES };
      await queueMail(sql, { ...common, locale: user.locale, template: 'reset_password', data });
    } else {
      await queueMail(sql, {
        ...common,
        locale: 'en',
        template: 'no_account',
        data: { link: `${ctx.webUrl}/sign-up` },
      });
    }
  });
  return undefined;
};

async function setPassword(sql: Sql, userId: string, hash: string): Promise<void> {
  await sql`
    UPDATE auth_account SET password = ${hash}, "updatedAt" = now() WHERE "userId" = ${userId} AND "providerId" = 'credential'`;
}

/** Sets a new password with the token of a mail. Every session ends; second factors stay and are asked for as before. */
export const resetPassword: UseCase<'resetPassword'> = async (ctx, _caller, meta, { body }) => {
  const hash = await hashPassword(body.password);
  const userId = await withSql(ctx.auth, async (sql) => {
    const challenge = await lockChallenge(sql, body.token, ['reset_password']);
    const user = challenge?.userId ? await readUser(sql, challenge.userId) : null;
    if (!challenge || !user) return null;
    await setPassword(sql, user.id, hash);
    await closeChallenge(sql, challenge.tokenHash);
    // Other links of the same kind end with it, as do tickets of signing in with the old password.
    await sql`DELETE FROM auth_challenge WHERE user_id = ${user.id}`;
    await sql`UPDATE auth_user SET "emailVerified" = true WHERE id = ${user.id}`;
    await endSessions(sql, user.id);
    await tellChange(ctx, sql, user, 'password', meta);
    return user.id;
  });
  if (userId === null) throw linkExpired();
  await auditPerson(ctx, userId, meta, 'password.reset');
  return undefined;
};

/** True when the password is the person's. Wrong ones are counted, and close this door after a while. */
export async function provePassword(
  ctx: Parameters<typeof resetPassword>[0],
  userId: string,
  password: string,
): Promise<boolean> {
  await withSql(ctx.auth, (sql) => enterGuard(sql, userId));
  const [row] = await singleSql(ctx.auth)<{ password: string }>`
    SELECT password FROM auth_account WHERE "userId" = ${userId} AND "providerId" = 'credential' AND password IS NOT NULL`;
  const right = row !== undefined && (await verifyPassword(row.password, password));
  await withSql(ctx.auth, (sql) => leaveGuard(sql, userId, right));
  return right;
}

/** Changes the password of who is signed in; all other sessions end. */
export const changePassword: UseCase<'changePassword'> = async (ctx, signedIn, meta, { body }) => {
  const person = requirePerson(signedIn);
  if (!(await provePassword(ctx, person.id, body.current_password))) throw proofRefused();
  const hash = await hashPassword(body.password);
  await withSql(ctx.auth, async (sql) => {
    await setPassword(sql, person.id, hash);
    await sql`DELETE FROM auth_challenge WHERE user_id = ${person.id} AND kind IN ('sign_in', 'reset_password')`;
    await endSessions(sql, person.id, person.sessionHash);
    await tellChange(ctx, sql, person, 'password', meta);
  });
  await auditPerson(ctx, person.id, meta, 'password.modify');
  return undefined;
};

/** A mail whose link confirms the address; the caller's transaction queues it. */
export async function queueVerification(
  sql: Sql,
  webUrl: string,
  user: Pick<UserRow, 'id' | 'email' | 'name' | 'locale'>,
  nowMs: number,
): Promise<void> {
  const hours = 24;
  const token = await openChallenge(sql, {
    kind: 'verify_email',
    userId: user.id,
    data: { email: user.email },
    seconds: hours * 3600,
  });
  await queueMail(sql, {
    to: user.email,
    locale: user.locale,
    template: 'verify_email',
    data: { name: user.name, link: `${webUrl}/verify-email#token=${token}`, hours },
    key: mailKey('verify', user.email, nowMs),
    nowMs,
  });
}

/** Sends the mail again. Nothing is sent to an address that is confirmed. */
export const sendVerification: UseCase<'sendVerification'> = async (ctx, signedIn, { nowMs }) => {
  const person = requirePerson(signedIn);
  await withSql(ctx.auth, async (sql) => {
    const user = await readUser(sql, person.id);
    if (user && !user.emailVerified) await queueVerification(sql, ctx.webUrl, user, nowMs);
  });
  return undefined;
};

/** Confirms an address. Whoever holds the link got the mail; no session is needed or made. */
export const verifyEmail: UseCase<'verifyEmail'> = async (ctx, _caller, meta, { body }) => {
  const userId = await withSql(ctx.auth, async (sql) => {
    const challenge = await lockChallenge<{ email: string }>(sql, body.token, ['verify_email']);
    if (!challenge?.userId) return null;
    // For the address that the mail went to, not for one that it was changed to since.
    const [user] = await sql<{ id: string }>`
      UPDATE auth_user SET "emailVerified" = true WHERE id = ${challenge.userId} AND email = ${challenge.data.email}
      RETURNING id`;
    await closeChallenge(sql, challenge.tokenHash);
    return user?.id ?? null;
  });
  if (userId === null) throw new ProblemError('link_expired', 'This link was used already, is too old, or never was.');
  await auditPerson(ctx, userId, meta, 'email.verify');
  return undefined;
};
