import { singleSql } from '@suanxiang/db/tenant';
import type { Currency } from '@suanxiang/domain/money';
import {
  type OrgRole,
  type Permission,
  PROJECT_ROLE_PERMISSIONS,
  type ProjectRole,
  ROLE_PERMISSIONS,
} from '@suanxiang/domain/permissions';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  slug: string;
  name: string;
  mode: 'live' | 'sandbox';
  currency: Currency;
  locale: 'en' | 'zh-CN';
  role: OrgRole | null;
  require_mfa: boolean;
  project_roles: { project_id: string; role: ProjectRole }[] | null;
}

function organizationAnswer(row: Row, permissions: ReadonlySet<Permission>) {
  const { id, slug, name, mode, currency, role, require_mfa } = row;
  const project_roles = row.project_roles ?? [];
  const inProjects = project_roles.flatMap((one) => [...PROJECT_ROLE_PERMISSIONS[one.role]]);
  const all = [...new Set([...permissions, ...inProjects])];
  return { id, slug, name, mode, currency, role, require_mfa, permissions: all, project_roles };
}

/** Who is calling, and the organisations they may act in with what they may do there. */
export const getMe: UseCase<'getMe'> = async (ctx, { person, key }) => {
  const sql = singleSql(ctx.auth);
  if (key) {
    const [row] = await sql<Row>`
      SELECT id, slug, name, mode, currency, locale, require_mfa, NULL AS role, NULL AS project_roles FROM organization WHERE id = ${key.orgId}`;
    const organizations = [organizationAnswer({ ...row!, role: key.role }, key.permissions)];
    const kind = key.kind === 'impersonation' ? ('impersonation' as const) : ('api_key' as const);
    const { impersonation } = key;
    return { kind, impersonation, id: key.id, name: key.name, email: null, locale: row!.locale, organizations };
  }
  const rows = await sql<Row>`
    SELECT o.id, o.slug, o.name, o.mode, o.currency, o.locale, o.require_mfa, m.role,
      (SELECT json_agg(json_build_object('project_id', p.project_id, 'role', p.role) ORDER BY p.project_id)
        FROM project_member p WHERE p.org_id = m.org_id AND p.user_id = m.user_id) AS project_roles
    FROM membership m JOIN organization o ON o.id = m.org_id
    WHERE m.user_id = ${person.id} AND o.closed_at IS NULL ORDER BY o.created_at, o.id`;
  const { id, name, email, locale } = person;
  return {
    kind: 'user',
    impersonation: null,
    id,
    name,
    email,
    locale,
    organizations: rows.map((row) => organizationAnswer(row, ROLE_PERMISSIONS[row.role!])),
  };
};
