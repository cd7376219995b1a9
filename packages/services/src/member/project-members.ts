import type { projectMember } from '@suanxiang/contract/schemas/members';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { PROJECT_ROLE_PERMISSIONS, type ProjectRole } from '@suanxiang/domain/permissions';
import type { z } from 'zod';
import { mutate } from '../access/mutate';
import type { Principal } from '../access/principal';
import { notFound, unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { peopleOf, type Shown } from './people-of';
import { lockMembers, permissionsNow, requireWithinOwn } from './standing';

interface Row {
  membership_id: string;
  user_id: string;
  role: ProjectRole;
  created_at: Date;
}

function answerOf(row: Row, people: ReadonlyMap<string, Shown>): z.input<typeof projectMember> {
  const { name = '', email = '' } = people.get(row.user_id) ?? {};
  return { ...row, name, email, created_at: row.created_at.toISOString() };
}

/** Throws `not_found` unless the caller reaches the project with the right it came for. */
async function requireProject(sql: Sql, { orgId, projectIds }: Principal, projectId: string): Promise<void> {
  const [row] = await sql`
    SELECT id FROM project WHERE org_id = ${orgId} AND id = ${projectId}
      AND (${projectIds}::text[] IS NULL OR id = ANY (${projectIds}::text[]))`;
  if (!row) throw notFound();
}

function readRows(sql: Sql, orgId: string, projectId: string, membershipId: string | null): Promise<Row[]> {
  return sql<Row>`
    SELECT m.id AS membership_id, p.user_id, p.role, p.created_at
    FROM project_member p JOIN membership m ON m.org_id = p.org_id AND m.user_id = p.user_id
    WHERE p.org_id = ${orgId} AND p.project_id = ${projectId} AND (${membershipId}::text IS NULL OR m.id = ${membershipId})
    ORDER BY p.created_at, m.id`;
}

/** Members with a role in a project. Who may act in it by a role in the organisation is not among them. */
export const listProjectMembers: UseCase<'listProjectMembers'> = async (ctx, principal, _meta, { params }) => {
  const rows = await withOrgSql(ctx.api, principal.orgId, async (sql) => {
    await requireProject(sql, principal, params.project_id);
    return readRows(sql, principal.orgId, params.project_id, null);
  });
  const people = await peopleOf(
    ctx,
    rows.map((row) => row.user_id),
  );
  return { items: rows.map((row) => answerOf(row, people)) };
};

/** Gives a member a role in a project, in place of the one they had there. */
export const setProjectMember: UseCase<'setProjectMember'> = async (ctx, principal, meta, { params, body }) => {
  const { orgId } = principal;
  const { project_id } = params;
  const [member] = await withOrgSql(ctx.api, orgId, async (sql) => {
    await requireProject(sql, principal, project_id);
    return sql<{ user_id: string }>`
      SELECT user_id FROM membership WHERE org_id = ${orgId} AND id = ${body.membership_id}`;
  });
  if (!member) {
    throw unusable([{ pointer: '/body/membership_id', code: 'not_found', detail: 'There is no such member.' }]);
  }
  const people = await peopleOf(ctx, [member.user_id]);
  return mutate<AnswerOf<'setProjectMember'>>(ctx, principal, meta, 'project_member.modify', async (sql) => {
    await lockMembers(sql, orgId);
    const own = await permissionsNow(sql, principal, project_id);
    const [before] = await readRows(sql, orgId, project_id, body.membership_id);
    if (before) requireWithinOwn(own, before.role, PROJECT_ROLE_PERMISSIONS[before.role], null);
    requireWithinOwn(own, body.role, PROJECT_ROLE_PERMISSIONS[body.role], '/body/role');
    await sql`
      INSERT INTO project_member (org_id, project_id, user_id, role)
      SELECT ${orgId}, ${project_id}, user_id, ${body.role} FROM membership
      WHERE org_id = ${orgId} AND id = ${body.membership_id}
      ON CONFLICT (org_id, project_id, user_id) DO UPDATE SET role = excluded.role`;
    const [row] = await readRows(sql, orgId, project_id, body.membership_id);
    // Removed between the two readings.
    if (!row) throw notFound();
    const detail = {
      project_id,
      user_id: row.user_id,
      before: { role: before?.role ?? null },
      after: { role: row.role },
    };
    return { answer: answerOf(row, people), resource: body.membership_id, detail };
  });
};

/** Takes a member's role in a project away; doing so again answers 404. */
export const removeProjectMember: UseCase<'removeProjectMember'> = (ctx, principal, meta, { params }) => {
  const { orgId } = principal;
  const { project_id, membership_id } = params;
  return mutate<undefined>(ctx, principal, meta, 'project_member.delete', async (sql) => {
    await requireProject(sql, principal, project_id);
    await lockMembers(sql, orgId);
    const [before] = await readRows(sql, orgId, project_id, membership_id);
    if (!before) throw notFound();
    const own = await permissionsNow(sql, principal, project_id);
    requireWithinOwn(own, before.role, PROJECT_ROLE_PERMISSIONS[before.role], null);
    await sql`
      DELETE FROM project_member WHERE org_id = ${orgId} AND project_id = ${project_id} AND user_id = ${before.user_id}`;
    const detail = { project_id, user_id: before.user_id, before: { role: before.role } };
    return { answer: undefined, resource: membership_id, detail };
  });
};
