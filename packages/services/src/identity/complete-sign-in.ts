import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import type { CallMeta } from '../access/principal';
import type { AppContext } from '../context';
import { invalid } from '../problem';
import type { InputOf, UseCase } from '../use-case';
import { type Challenge, closeChallenge, linkExpired, lockChallenge, openChallenge } from './challenge';
import { readUser } from './factors';
import { enterGuard, leaveGuard, proofRefused } from './guard';
import { proofOptions, relyingPartyOf, takePasskey } from './passkey';
import type { SessionStart } from './people';
import { tellChange } from './security-mail';
import { auditPerson, sessionAnswer } from './session-answer';
import { startSession } from './session-store';
import { takeRecoveryCode, takeTotpCode } from './totp';

const MOST_ATTEMPTS = 5;
const PASSKEY_SECONDS = 300;

type Body = InputOf<'completeSignIn'>['body'];
type Ticket = Challenge<{ challenge: string | null }>;

/** Whom the proof shows; null: nobody. The ticket of a password names the person, that of a passkey lets it tell. */
async function personBehind(ctx: AppContext, sql: Sql, ticket: Ticket, body: Body, nowMs: number) {
  const { userId, data } = ticket;
  const party = relyingPartyOf(ctx.webUrl);
  if (body.passkey) return data.challenge ? takePasskey(sql, party, data.challenge, body.passkey, userId) : null;
  if (userId === null) return null;
  const right = body.totp_code
    ? await takeTotpCode(ctx, sql, userId, body.totp_code, nowMs)
    : await takeRecoveryCode(sql, userId, body.recovery_code ?? '');
  return right ? userId : null;
}

async function countAttempt(sql: Sql, ticket: Ticket): Promise<void> {
  if (ticket.attempts + 1 >= MOST_ATTEMPTS) await closeChallenge(sql, ticket.tokenHash);
  else await sql`UPDATE auth_challenge SET attempts = attempts + 1 WHERE token_hash = ${ticket.tokenHash}`;
}

type Outcome = { session: SessionStart } | { session: null; expired: boolean };

/** One transaction with the ticket locked: of two answers at once, the second finds it used up. */
function prove(ctx: AppContext, meta: CallMeta, body: Body): Promise<Outcome> {
  return withSql(ctx.auth, async (sql): Promise<Outcome> => {
    const ticket: Ticket | null = await lockChallenge(sql, body.ticket, ['sign_in', 'passkey_sign_in']);
    if (!ticket) return { session: null, expired: true };
    if (ticket.userId) await enterGuard(sql, ticket.userId);
    const userId = await personBehind(ctx, sql, ticket, body, meta.nowMs);
    if (ticket.userId) await leaveGuard(sql, ticket.userId, userId !== null);
    const user = userId === null ? null : await readUser(sql, userId);
    if (!user) {
      await countAttempt(sql, ticket);
      return { session: null, expired: false };
    }
    await closeChallenge(sql, ticket.tokenHash);
    if (body.recovery_code) await tellChange(ctx, sql, user, 'recovery_used', meta);
    const { emailVerified: _, ...shown } = user;
    return { session: await startSession(sql, shown, meta, 2) };
  });
}

/** Starts a session with the ticket of signing in and a second factor, or with a passkey alone. */
export const completeSignIn: UseCase<'completeSignIn'> = async (ctx, _caller, meta, { body }) => {
  if ([body.totp_code, body.recovery_code, body.passkey].filter((proof) => proof !== undefined).length !== 1) {
    throw invalid('/body', 'Send exactly one of totp_code, recovery_code and passkey.', 'one_of');
  }
  const outcome = await prove(ctx, meta, body);
  if (!outcome.session) throw outcome.expired ? linkExpired() : proofRefused();
  await auditPerson(ctx, outcome.session.user.id, meta, 'session.create');
  return sessionAnswer(outcome.session, meta.nowMs);
};

/** A challenge for any passkey: the passkey itself tells whose it is. */
export const startPasskeySignIn: UseCase<'startPasskeySignIn'> = (ctx) =>
  withSql(ctx.auth, async (sql) => {
    const options = await proofOptions(sql, relyingPartyOf(ctx.webUrl), null);
    const ticket = await openChallenge(sql, {
      kind: 'passkey_sign_in',
      userId: null,
      data: { challenge: options.challenge },
      seconds: PASSKEY_SECONDS,
    });
    return { ticket, public_key: { ...options } };
  });
