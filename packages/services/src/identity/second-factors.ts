import type { passkey } from '@suanxiang/contract/schemas/account';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { z } from 'zod';
import type { CallMeta, Person } from '../access/principal';
import type { AppContext } from '../context';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { closeChallenge, linkExpired, lockChallenge, openChallenge } from './challenge';
import { methodsOf } from './factors';
import { enterGuard, leaveGuard, proofRefused } from './guard';
import { creationOptions, readCreated, relyingPartyOf } from './passkey';
import { requirePerson } from './require-person';
import { tellChange } from './security-mail';
import { auditPerson } from './session-answer';
import { endSessions } from './session-store';
import { offerTotp, renewRecoveryCodes as renewCodes, takeTotpCode } from './totp';

const CREATION_SECONDS = 300;

interface PasskeyRow {
  id: string;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
}

function passkeyAnswer(row: PasskeyRow): z.input<typeof passkey> {
  const { created_at, last_used_at } = row;
  return { ...row, created_at: created_at.toISOString(), last_used_at: last_used_at?.toISOString() ?? null };
}

/** How an account is secured. */
export const getAccountSecurity: UseCase<'getAccountSecurity'> = async (ctx, signedIn) => {
  const person = requirePerson(signedIn);
  const sql = singleSql(ctx.auth);
  const [row] = await sql<{ email_verified: boolean; totp: boolean; left: number }>`
    SELECT u."emailVerified" AS email_verified,
      EXISTS (SELECT 1 FROM auth_totp WHERE user_id = u.id AND confirmed_at IS NOT NULL) AS totp,
      (SELECT count(*)::int FROM auth_recovery_code WHERE user_id = u.id) AS left
    FROM auth_user u WHERE u.id = ${person.id}`;
  const passkeys = await sql<PasskeyRow>`
    SELECT id, name, created_at, last_used_at FROM auth_passkey WHERE user_id = ${person.id} ORDER BY created_at, id`;
  return {
    email: person.email,
    email_verified: row!.email_verified,
    totp: row!.totp,
    recovery_codes_left: row!.left,
    passkeys: passkeys.map(passkeyAnswer),
    aal: person.aal,
    reauthenticated_at: person.reauthenticatedAt.toISOString(),
  };
};

/**
 * After a change of second factors: this session counts by what is left, all others end, and the person is told. Codes for
 * recovery end with the last factor that they stand in for.
 */
async function settle(
  ctx: AppContext,
  sql: Sql,
  person: Person,
  meta: CallMeta,
  what: Parameters<typeof tellChange>[3],
): Promise<void> {
  const aal = (await methodsOf(sql, person.id)).length > 0 ? 2 : 1;
  if (aal === 1) await sql`DELETE FROM auth_recovery_code WHERE user_id = ${person.id}`;
  await sql`UPDATE auth_session SET aal = ${aal}, reauthenticated_at = now() WHERE token = ${person.sessionHash}`;
  await sql`DELETE FROM auth_challenge WHERE user_id = ${person.id} AND kind = 'sign_in'`;
  await endSessions(sql, person.id, person.sessionHash);
  await tellChange(ctx, sql, person, what, meta);
}

/** Offers the secret of an authenticator app; it counts for nothing until its first code comes back. */
export const startTotp: UseCase<'startTotp'> = async (ctx, signedIn) => {
  const person = requirePerson(signedIn);
  return withSql(ctx.auth, async (sql) => {
    const [row] = await sql`SELECT 1 AS one FROM auth_totp WHERE user_id = ${person.id} AND confirmed_at IS NOT NULL`;
    if (row) {
      throw new ProblemError('conflict', 'There is an authenticator app already.', {
        suggestion: 'Remove it first with DELETE /v1/me/totp.',
      });
    }
    return offerTotp(ctx, sql, person);
  });
};

/** Adds the authenticator app that was offered. The session counts as one with two factors from here on. */
export const confirmTotp: UseCase<'confirmTotp'> = async (ctx, signedIn, meta, { body }) => {
  const person = requirePerson(signedIn);
  const codes = await withSql(ctx.auth, async (sql) => {
    await enterGuard(sql, person.id);
    const right = await takeTotpCode(ctx, sql, person.id, body.totp_code, meta.nowMs, false);
    await leaveGuard(sql, person.id, right);
    if (!right) return null;
    const made = await renewCodes(sql, person.id);
    await settle(ctx, sql, person, meta, 'totp_on');
    return made;
  });
  if (!codes) throw proofRefused();
  await auditPerson(ctx, person.id, meta, 'totp.create');
  return { recovery_codes: codes };
};

/** Removes the authenticator app. */
export const removeTotp: UseCase<'removeTotp'> = async (ctx, signedIn, meta) => {
  const person = requirePerson(signedIn);
  await withSql(ctx.auth, async (sql) => {
    const gone = await sql`DELETE FROM auth_totp WHERE user_id = ${person.id} RETURNING confirmed_at`;
    if (gone.length > 0) await settle(ctx, sql, person, meta, 'totp_off');
  });
  await auditPerson(ctx, person.id, meta, 'totp.delete');
  return undefined;
};

/** New recovery codes; those before open nothing any more. */
export const renewRecoveryCodes: UseCase<'renewRecoveryCodes'> = async (ctx, signedIn, meta) => {
  const person = requirePerson(signedIn);
  const codes = await withSql(ctx.auth, async (sql) => {
    if ((await methodsOf(sql, person.id)).length === 0) {
      throw new ProblemError('conflict', 'Recovery codes stand in for a second factor; add one first.');
    }
    await tellChange(ctx, sql, person, 'recovery_new', meta);
    return renewCodes(sql, person.id);
  });
  await auditPerson(ctx, person.id, meta, 'recovery_codes.create');
  return { recovery_codes: codes };
};

/** What the browser needs to make a passkey. */
export const startPasskey: UseCase<'startPasskey'> = async (ctx, signedIn) => {
  const person = requirePerson(signedIn);
  return withSql(ctx.auth, async (sql) => {
    const options = await creationOptions(sql, relyingPartyOf(ctx.webUrl), person);
    const ticket = await openChallenge(sql, {
      kind: 'passkey_add',
      userId: person.id,
      data: { challenge: options.challenge },
      seconds: CREATION_SECONDS,
    });
    return { ticket, public_key: { ...options } };
  });
};

/** Adds a passkey that the browser made for the challenge. */
export const addPasskey: UseCase<'addPasskey'> = async (ctx, signedIn, meta, { body }) => {
  const person = requirePerson(signedIn);
  const outcome = await withSql(ctx.auth, async (sql) => {
    const challenge = await lockChallenge<{ challenge: string }>(sql, body.ticket, ['passkey_add']);
    if (!challenge || challenge.userId !== person.id) return 'expired';
    await closeChallenge(sql, challenge.tokenHash);
    const made = await readCreated(relyingPartyOf(ctx.webUrl), challenge.data.challenge, body.passkey);
    if (!made) return 'refused';
    const [row] = await sql<PasskeyRow>`
      INSERT INTO auth_passkey (id, user_id, name, credential_id, public_key, counter, transports)
      VALUES (${mintId('passkey', meta.nowMs)}, ${person.id}, ${body.name}, ${made.id}, ${made.publicKey}, ${made.counter},
        ${[...(made.transports ?? [])]}::text[])
      ON CONFLICT (credential_id) DO NOTHING RETURNING id, name, created_at, last_used_at`;
    if (!row) return 'refused';
    await settle(ctx, sql, person, meta, 'passkey_added');
    return row;
  });
  if (outcome === 'expired') throw linkExpired();
  if (outcome === 'refused') throw proofRefused();
  await auditPerson(ctx, person.id, meta, 'passkey.create');
  return passkeyAnswer(outcome);
};

/** Removes a passkey. */
export const removePasskey: UseCase<'removePasskey'> = async (ctx, signedIn, meta, { params }) => {
  const person = requirePerson(signedIn);
  await withSql(ctx.auth, async (sql) => {
    const gone = await sql`
      DELETE FROM auth_passkey WHERE id = ${params.passkey_id} AND user_id = ${person.id} RETURNING 1 AS one`;
    if (gone.length === 0) throw notFound();
    await settle(ctx, sql, person, meta, 'passkey_removed');
  });
  await auditPerson(ctx, person.id, meta, 'passkey.delete');
  return undefined;
};
