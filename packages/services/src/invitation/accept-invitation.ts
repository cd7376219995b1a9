import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import {
  isWithin,
  type OrgRole,
  type Permission,
  permissionsOfScopes,
  ROLE_PERMISSIONS,
} from '@suanxiang/domain/permissions';
import { mutate } from '../access/mutate';
import type { Person } from '../access/principal';
import type { AppContext } from '../context';
import { hashToken } from '../identity/token-hash';
import { lockMembers } from '../member/standing';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { type InvitationRow, readInvitation } from './read-invitations';

function gone(detail: string): ProblemError {
  return new ProblemError('gone', detail, { suggestion: 'Ask for a new invitation.' });
}

/** The organisation and invitation of a token that is for this person. Throws `not_found`, `permission_denied`, `email_not_verified`. */
async function find(ctx: AppContext, person: Person, token: string): Promise<{ id: string; orgId: string }> {
  const sql = singleSql(ctx.auth);
  const [row] = await sql<{ id: string; org_id: string; email: string }>`
    SELECT id, org_id, email FROM invitation WHERE token_hash = ${hashToken(token)}`;
  if (!row) throw notFound();
  // As it stands now: the session may be older than a change of address.
  const [user] = await sql<{ email: string; verified: boolean }>`
    SELECT lower(email) AS email, "emailVerified" AS verified FROM auth_user WHERE id = ${person.id}`;
  if (user?.email !== row.email) {
    throw new ProblemError('permission_denied', 'This invitation is for another address than yours.', {
      suggestion: 'Sign in with the address that the mail was sent to.',
      members: { reason: 'other_address' },
    });
  }
  if (!user.verified) throw new ProblemError('email_not_verified', 'Verify your address first, then accept.');
  return { id: row.id, orgId: row.org_id };
}

/** True when whoever invited may still hand out the role: their own may have been taken since. */
async function inviterStillMay(sql: Sql, orgId: string, row: InvitationRow): Promise<boolean> {
  const [kind, id] = row.invited_by.split(':');
  const may = (own: ReadonlySet<Permission>) => own.has('member.create') && isWithin(ROLE_PERMISSIONS[row.role], own);
  if (kind === 'key') {
    const [key] = await sql<{ scopes: string[] }>`
      SELECT scopes FROM api_key WHERE org_id = ${orgId} AND id = ${id ?? ''} AND revoked_at IS NULL`;
    return key !== undefined && may(permissionsOfScopes(key.scopes));
  }
  const [member] = await sql<{ role: OrgRole }>`
    SELECT role FROM membership WHERE org_id = ${orgId} AND user_id = ${id ?? ''}`;
  return member !== undefined && may(ROLE_PERMISSIONS[member.role]);
}

async function joined(sql: Sql, orgId: string, userId: string): Promise<AnswerOf<'acceptInvitation'> | null> {
  const [row] = await sql<{ id: string; slug: string; name: string; membership_id: string; role: OrgRole }>`
    SELECT o.id, o.slug, o.name, m.id AS membership_id, m.role FROM membership m JOIN organization o ON o.id = m.org_id
    WHERE m.org_id = ${orgId} AND m.user_id = ${userId}`;
  if (!row) return null;
  const { membership_id, role, ...organization } = row;
  return { organization, membership_id, role };
}

/** Throws `gone` for what can no longer be accepted. */
async function requireOpen(sql: Sql, orgId: string, row: InvitationRow): Promise<void> {
  if (row.status === 'accepted') throw gone('This invitation has been used.');
  if (row.status !== 'pending')
    throw gone(`This invitation has been ${row.status === 'revoked' ? 'taken back' : 'open for too long'}.`);
  const closed = await sql`SELECT id FROM organization WHERE id = ${orgId} AND closed_at IS NOT NULL`;
  if (closed.length > 0) throw gone('The organization has been closed.');
  if (!(await inviterStillMay(sql, orgId, row))) throw gone('Whoever invited you may no longer hand out this role.');
}

/**
 * Joins the organisation of an invitation. Accepting again answers the same while one is still a member; who was a member already
 * keeps their role and gains the one in the project.
 */
export const acceptInvitation: UseCase<'acceptInvitation'> = async (ctx, { person }, meta, { body }) => {
  if (!person) {
    throw new ProblemError('permission_denied', 'Only a person can accept an invitation.', {
      suggestion: 'Sign in and send the session token.',
    });
  }
  const { id, orgId } = await find(ctx, person, body.token);
  const actor = { orgId, actor: `user:${person.id}`, authMethod: 'session' as const };
  return mutate<AnswerOf<'acceptInvitation'>>(ctx, actor, meta, 'invitation.accept', async (sql) => {
    await lockMembers(sql, orgId);
    const row = await readInvitation(sql, orgId, id, true);
    if (row.accepted_by === person.id) {
      const before = await joined(sql, orgId, person.id);
      if (!before) throw gone('This invitation has been used.');
      return { answer: before, resource: row.id, detail: { repeated: true } };
    }
    await requireOpen(sql, orgId, row);
    await sql`
      INSERT INTO membership (id, org_id, user_id, role)
      VALUES (${mintId('membership', meta.nowMs)}, ${orgId}, ${person.id}, ${row.role})
      ON CONFLICT (org_id, user_id) DO NOTHING`;
    if (row.project_id) {
      await sql`
        INSERT INTO project_member (org_id, project_id, user_id, role)
        VALUES (${orgId}, ${row.project_id}, ${person.id}, ${row.project_role})
        ON CONFLICT (org_id, project_id, user_id) DO UPDATE SET role = excluded.role`;
    }
    await sql`
      UPDATE invitation SET accepted_at = now(), accepted_by = ${person.id} WHERE org_id = ${orgId} AND id = ${row.id}`;
    const answer = (await joined(sql, orgId, person.id))!;
    return { answer, resource: row.id, detail: { membership_id: answer.membership_id, role: answer.role } };
  });
};
