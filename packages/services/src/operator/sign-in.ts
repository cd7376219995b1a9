import { wrongCredentials } from '../identity/sign-in';
import type { UseCase } from '../use-case';
import { auditOperator } from './audit-operator';
import { startOperatorSession } from './session';

/** Starts an operator's session. */
export const operatorSignIn: UseCase<'operatorSignIn'> = async (ctx, _caller, meta, { body }) => {
  const session = await startOperatorSession(ctx, body.email.toLowerCase(), body.password);
  if (!session) throw wrongCredentials();
  await auditOperator(ctx, session.operator.id, meta, 'operator_session.create');
  return { token: session.token, expires_at: session.expiresAt.toISOString(), operator: session.operator };
};
