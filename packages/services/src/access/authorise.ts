import { audit } from '@suanxiang/db/audit';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { type Permission, PROJECT_ROLE_PERMISSIONS } from '@suanxiang/domain/permissions';
import type { AppContext } from '../context';
import type { CallMeta, Principal } from './principal';

/** Refusals that are about what the caller may do, and so belong into the organisation's audit log. */
const DENIALS: ReadonlySet<string> = new Set([
  'permission_denied',
  'address_not_allowed',
  'reauthentication_required',
  'quota_exceeded',
  'payment_required',
  'spend_cap_reached',
]);

/**
 * The principal as it may act with this permission: everywhere its role in the organisation or its key's scopes say so,
 * or else in the projects where a role of its own does. Throws `permission_denied`.
 */
export function authorise(principal: Principal, permission: Permission): Principal {
  if (principal.permissions.has(permission)) return principal;
  const projectIds = Object.entries(principal.projectRoles)
    .filter(([, role]) => PROJECT_ROLE_PERMISSIONS[role].has(permission))
    .map(([id]) => id);
  if (projectIds.length > 0) return { ...principal, projectIds };
  const who = principal.kind !== 'api_key' ? `Your role (${principal.role})` : 'This API key';
  const remedy =
    principal.kind !== 'api_key'
      ? 'Ask an owner of the organization for a role that has it.'
      : principal.projectIds
        ? 'A key bound to a project cannot act on the organization; use a key of the organization with a fitting scope.'
        : 'Use a key with a scope that has it.';
  throw new ProblemError('permission_denied', `${who} does not have the permission ${permission}.`, {
    suggestion: remedy,
    members: { required_permission: permission },
  });
}

/** Leaves an audit row about a refusal, in a transaction of its own as the refused one is rolled back. */
export async function auditDenial(
  ctx: AppContext,
  principal: Principal,
  meta: CallMeta,
  action: string,
  error: unknown,
): Promise<void> {
  if (!(error instanceof ProblemError) || !DENIALS.has(error.code)) return;
  const { required_permission, metric } = error.extra.members ?? {};
  await withOrgSql(ctx.api, principal.orgId, (sql) =>
    audit(sql, {
      orgId: principal.orgId,
      actor: principal.actor,
      impersonator: principal.impersonator,
      authMethod: principal.authMethod,
      action,
      resource: null,
      result: 'denied',
      detail: {
        code: error.code,
        ...(required_permission ? { required_permission } : {}),
        ...(metric ? { metric } : {}),
      },
      requestId: meta.requestId,
      ip: meta.ip,
      nowMs: meta.nowMs,
    }),
  );
}
