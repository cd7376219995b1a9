import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import type { UseCase } from '../use-case';
import { auditPerson } from './session-answer';

/** Ends the session that was sent; it opens nothing from the next request on. */
export const signOut: UseCase<'signOut'> = async (ctx, caller, meta) => {
  if (!caller.person) {
    throw new ProblemError('permission_denied', 'An API key has no session to end.', {
      suggestion: 'Revoke the key with DELETE /v1/api-keys/{api_key_id}.',
    });
  }
  await singleSql(ctx.auth)`DELETE FROM auth_session WHERE token = ${caller.person.sessionHash}`;
  await auditPerson(ctx, caller.person.id, meta, 'session.delete');
  return undefined;
};
