import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import {
  isWithin,
  type OrgRole,
  type Permission,
  PROJECT_ROLE_PERMISSIONS,
  type ProjectRole,
  ROLE_PERMISSIONS,
} from '@suanxiang/domain/permissions';
import type { Principal } from '../access/principal';
import { notFound } from '../problem';

/** Changes of who belongs to an organisation happen one after the other. */
export async function lockMembers(sql: Sql, orgId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`members:${orgId}`}, 0))`;
}

/**
 * What the caller may do now that the members' lock is held: somebody may have taken their role since they signed this
 * request. With a project, what their role there opens belongs to it. Throws `not_found` for who is no member any more.
 */
export async function permissionsNow(
  sql: Sql,
  principal: Principal,
  projectId: string | null = null,
): Promise<ReadonlySet<Permission>> {
  if (principal.kind !== 'user') return principal.permissions;
  const [row] = await sql<{ role: OrgRole; project_role: ProjectRole | null }>`
    SELECT m.role, p.role AS project_role FROM membership m
    LEFT JOIN project_member p ON p.org_id = m.org_id AND p.user_id = m.user_id AND p.project_id = ${projectId}
    WHERE m.org_id = ${principal.orgId} AND m.user_id = ${principal.id}`;
  if (!row) throw notFound();
  const inProject = row.project_role ? PROJECT_ROLE_PERMISSIONS[row.project_role] : [];
  return new Set([...ROLE_PERMISSIONS[row.role], ...inProject]);
}

/** Throws `permission_denied` where a role goes beyond what the caller may do: nobody grants, changes or removes such. */
export function requireWithinOwn(
  own: ReadonlySet<Permission>,
  role: OrgRole | ProjectRole,
  wanted: ReadonlySet<Permission>,
  pointer: string | null,
): void {
  if (isWithin(wanted, own)) return;
  const beyond = [...wanted].filter((permission) => !own.has(permission));
  throw new ProblemError('permission_denied', `The role ${role} may do more than you.`, {
    suggestion: 'Let somebody do this whose role is at least as high.',
    members: { required_permission: beyond[0], missing_permissions: beyond },
    ...(pointer ? { errors: [{ pointer, code: 'beyond_own', detail: 'Is above your own role.' }] } : {}),
  });
}

/** Runs a change of members, and says so where it would leave the organisation without an owner. */
export async function keepingAnOwner<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if ((error as { constraint?: string } | null)?.constraint !== 'an_owner_always') throw error;
    throw new ProblemError('conflict', 'An organization always has at least one owner.', {
      suggestion: 'Make somebody else an owner first.',
      members: { reason: 'last_owner' },
    });
  }
}
