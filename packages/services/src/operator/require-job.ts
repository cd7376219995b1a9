import type { Route } from '@suanxiang/contract/route';
import { ProblemError } from '@suanxiang/domain/errors';
import { OPERATOR_PERMISSIONS } from '@suanxiang/domain/operator-permissions';
import type { CallMeta, Operator } from '../access/principal';
import type { AppContext } from '../context';
import { auditOperator } from './audit-operator';

/**
 * Throws `permission_denied` unless one of the operator's jobs allows the route, and leaves an audit row of the refusal in the
 * operator's own chain. A route that names no permission is for those alone who may do everything.
 */
export async function requireJob(ctx: AppContext, route: Route, operator: Operator, meta: CallMeta): Promise<void> {
  const needed = route.operatorPermission;
  const allowed =
    needed === null
      ? OPERATOR_PERMISSIONS.every((permission) => operator.permissions.has(permission))
      : operator.permissions.has(needed);
  if (allowed) return;
  const required = needed ?? 'every one';
  await auditOperator(ctx, operator.id, meta, route.operationId, {
    code: 'permission_denied',
    required_permission: required,
  });
  throw new ProblemError('permission_denied', `Your jobs do not have the operator permission ${required}.`, {
    suggestion: 'Let a colleague do this whose job it is.',
    members: { required_permission: required },
  });
}
