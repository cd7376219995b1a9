import { withSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import type { UseCase } from '../use-case';
import { queueVerification } from './passwords';
import { auditPerson, sessionAnswer } from './session-answer';

/** Creates a person and signs in. That an address is taken cannot be hidden from whoever tries to take it, but nothing else is said. */
export const signUp: UseCase<'signUp'> = async (ctx, _caller, meta, { body }) => {
  const session = await ctx.people.signUp(body, meta);
  if (!session) {
    throw new ProblemError('conflict', 'This e-mail address cannot be used to sign up.', {
      suggestion: 'Sign in if the address is yours, or use another one.',
      errors: [{ pointer: '/body/email', code: 'taken', detail: 'Cannot be used to sign up.' }],
    });
  }
  await withSql(ctx.auth, (sql) => queueVerification(sql, ctx.webUrl, session.user, meta.nowMs));
  await auditPerson(ctx, session.user.id, meta, 'person.create');
  return sessionAnswer(session, meta.nowMs);
};
