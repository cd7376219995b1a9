import { ProblemError } from '@suanxiang/domain/errors';
import type { UseCase } from '../use-case';
import { auditPerson, sessionAnswer } from './session-answer';

/** The same words whether the address is unknown or the password wrong. */
export function wrongCredentials(): ProblemError {
  return new ProblemError('invalid_credentials', 'This e-mail address and password do not belong together.');
}

/** Starts a session of seven days. */
export const signIn: UseCase<'signIn'> = async (ctx, _caller, meta, { body }) => {
  const session = await ctx.people.signIn(body, meta);
  if (!session) throw wrongCredentials();
  await auditPerson(ctx, session.user.id, meta, 'session.create');
  return sessionAnswer(session, meta.nowMs);
};
