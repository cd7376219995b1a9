import type { member } from '@suanxiang/contract/schemas/members';
import type { Sql } from '@suanxiang/db/sql';
import type { OrgRole, ProjectRole } from '@suanxiang/domain/permissions';
import type { z } from 'zod';
import { notFound } from '../problem';
import type { Shown } from './people-of';

export interface MemberRow {
  id: string;
  user_id: string;
  role: OrgRole;
  project_roles: { project_id: string; role: ProjectRole }[] | null;
  created_at: Date;
}

/** Members of an organisation, oldest first, after a position; with `id`, that one. */
export function readMembers(
  sql: Sql,
  orgId: string,
  where: { id?: string; after?: readonly string[] | null; take: number },
): Promise<MemberRow[]> {
  const [at, afterId] = where.after ?? [];
  return sql<MemberRow>`
    SELECT m.id, m.user_id, m.role, m.created_at,
      (SELECT json_agg(json_build_object('project_id', p.project_id, 'role', p.role) ORDER BY p.project_id)
        FROM project_member p WHERE p.org_id = m.org_id AND p.user_id = m.user_id) AS project_roles
    FROM membership m
    WHERE m.org_id = ${orgId} AND (${where.id ?? null}::text IS NULL OR m.id = ${where.id ?? null})
      AND (${at ?? null}::timestamptz IS NULL OR (m.created_at, m.id) > (${at ?? null}::timestamptz, ${afterId ?? null}))
    ORDER BY m.created_at, m.id LIMIT ${where.take}`;
}

/** One member; with `lock`, nobody else changes it until the transaction ends. Throws `not_found`. */
export async function readMember(sql: Sql, orgId: string, id: string, lock = false): Promise<MemberRow> {
  if (lock) await sql`SELECT id FROM membership WHERE org_id = ${orgId} AND id = ${id} FOR UPDATE`;
  const [row] = await readMembers(sql, orgId, { id, take: 1 });
  if (!row) throw notFound();
  return row;
}

/** A member as the API shows it. */
export function memberAnswer(row: MemberRow, people: ReadonlyMap<string, Shown>): z.input<typeof member> {
  const { name = '', email = '', second_factor = false } = people.get(row.user_id) ?? {};
  return {
    id: row.id,
    user_id: row.user_id,
    name,
    email,
    role: row.role,
    project_roles: row.project_roles ?? [],
    second_factor,
    created_at: row.created_at.toISOString(),
  };
}
