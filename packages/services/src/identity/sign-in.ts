import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import type { UseCase } from '../use-case';
import { openChallenge } from './challenge';
import { methodsOf, type UserRow } from './factors';
import { proofOptions, relyingPartyOf } from './passkey';
import { hashPassword, verifyPassword } from './password';
import { auditPerson, sessionAnswer } from './session-answer';
import { startSession } from './session-store';

/** How long somebody may take to show a second factor. */
const TICKET_SECONDS = 300;

/** The same words whether the address is unknown or the password wrong. */
export function wrongCredentials(): ProblemError {
  return new ProblemError('invalid_credentials', 'This e-mail address and password do not belong together.');
}

/** Starts a session of seven days; where the person has a second factor, answers a ticket for showing it instead. */
export const signIn: UseCase<'signIn'> = async (ctx, _caller, meta, { body }) => {
  const [row] = await singleSql(ctx.auth)<UserRow & { password: string | null }>`
    SELECT u.id, u.email, u.name, u.locale, u."emailVerified", a.password FROM auth_user u
    LEFT JOIN auth_account a ON a."userId" = u.id AND a."providerId" = 'credential' WHERE u.email = ${body.email}`;
  // An unknown address costs a hash, too, so that the time to answer tells nothing.
  const right = row?.password
    ? await verifyPassword(row.password, body.password)
    : await hashPassword(body.password).then(() => false);
  if (!row || !right) throw wrongCredentials();
  const { password: _, emailVerified: __, ...user } = row;
  const outcome = await withSql(ctx.auth, async (sql) => {
    const methods = await methodsOf(sql, user.id);
    if (methods.length === 0) return { session: await startSession(sql, user, meta, 1) };
    const options = methods.includes('passkey') ? await proofOptions(sql, relyingPartyOf(ctx.webUrl), user.id) : null;
    const ticket = await openChallenge(sql, {
      kind: 'sign_in',
      userId: user.id,
      data: { challenge: options?.challenge ?? null },
      seconds: TICKET_SECONDS,
    });
    return { session: null, members: { ticket, methods, passkey_options: options, expires_in: TICKET_SECONDS } };
  });
  if (!outcome.session) {
    throw new ProblemError('second_factor_required', 'The password is right; now show a second factor.', {
      members: outcome.members ?? {},
    });
  }
  await auditPerson(ctx, user.id, meta, 'session.create');
  return sessionAnswer(outcome.session, meta.nowMs);
};
