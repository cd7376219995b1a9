import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { ROLE_PERMISSIONS } from '@suanxiang/domain/permissions';
import { countRows } from '../access/count-rows';
import { requireMatch } from '../access/etag';
import { listPage } from '../access/list-page';
import { mutate } from '../access/mutate';
import type { Principal } from '../access/principal';
import { requireFreshPerson } from '../access/step-up';
import { unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { peopleOf } from './people-of';
import { type MemberRow, memberAnswer, readMember, readMembers } from './read-members';
import { keepingAnOwner, lockMembers, permissionsNow, requireWithinOwn } from './standing';

/** Members, oldest first. */
export const listMembers: UseCase<'listMembers'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<MemberRow>(ctx, {
    orgId,
    operationId: 'listMembers',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) => withOrgSql(ctx.api, orgId, (sql) => readMembers(sql, orgId, { after, take })),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (SELECT 1 FROM membership WHERE org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  const people = await peopleOf(
    ctx,
    rows.map((row) => row.user_id),
  );
  return { items: rows.map((row) => memberAnswer(row, people)), ...end };
};

/** One member. */
export const getMember: UseCase<'getMember'> = async (ctx, { orgId }, _meta, { params }) => {
  const row = await withOrgSql(ctx.api, orgId, (sql) => readMember(sql, orgId, params.membership_id));
  return memberAnswer(row, await peopleOf(ctx, [row.user_id]));
};

/** Locks a member whose role is within the caller's own. Throws `not_found`, `permission_denied`. */
async function lockWithinOwn(sql: Sql, principal: Principal, id: string): Promise<MemberRow> {
  await lockMembers(sql, principal.orgId);
  const row = await readMember(sql, principal.orgId, id, true);
  requireWithinOwn(await permissionsNow(sql, principal), row.role, ROLE_PERMISSIONS[row.role], null);
  return row;
}

/** Changes a member's role, which holds from their next request on. */
export const updateMember: UseCase<'updateMember'> = (ctx, principal, meta, { params, body }) => {
  const { orgId } = principal;
  const change = () =>
    mutate<AnswerOf<'updateMember'>>(ctx, principal, meta, 'member.modify', async (sql) => {
      const before = await lockWithinOwn(sql, principal, params.membership_id);
      const people = await peopleOf(ctx, [before.user_id]);
      await requireMatch(meta, async () => memberAnswer(before, people));
      requireWithinOwn(await permissionsNow(sql, principal), body.role, ROLE_PERMISSIONS[body.role], '/body/role');
      if (before.role === 'owner' || body.role === 'owner') requireFreshPerson(principal, meta.nowMs);
      await sql`UPDATE membership SET role = ${body.role} WHERE org_id = ${orgId} AND id = ${before.id}`;
      const detail = { user_id: before.user_id, before: { role: before.role }, after: { role: body.role } };
      return { answer: memberAnswer({ ...before, role: body.role }, people), resource: before.id, detail };
    });
  return keepingAnOwner(change);
};

async function deleteMember(sql: Sql, orgId: string, row: MemberRow) {
  await sql`DELETE FROM membership WHERE org_id = ${orgId} AND id = ${row.id}`;
  return { answer: undefined, resource: row.id, detail: { user_id: row.user_id, before: { role: row.role } } };
}

/** Removes a member with their roles in projects. What they made stays; keys they made are marked for review. */
export const removeMember: UseCase<'removeMember'> = (ctx, principal, meta, { params }) => {
  const change = () =>
    mutate<undefined>(ctx, principal, meta, 'member.delete', async (sql) => {
      const row = await lockWithinOwn(sql, principal, params.membership_id);
      await requireMatch(meta, async () => memberAnswer(row, await peopleOf(ctx, [row.user_id])));
      if (row.role === 'owner') requireFreshPerson(principal, meta.nowMs);
      return deleteMember(sql, principal.orgId, row);
    });
  return keepingAnOwner(change);
};

/** Throws `permission_denied` for a key: it belongs to the organisation and is no member. */
export function requirePerson(principal: Principal): void {
  if (principal.kind === 'user') return;
  throw new ProblemError('permission_denied', 'Only a person can do this; an API key is no member.', {
    suggestion: 'Sign in and send the session token.',
  });
}

async function ownMember(sql: Sql, principal: Principal): Promise<MemberRow> {
  const [own] = await sql<{ id: string }>`
    SELECT id FROM membership WHERE org_id = ${principal.orgId} AND user_id = ${principal.id}`;
  return readMember(sql, principal.orgId, own?.id ?? '', true);
}

/** Ends the caller's own membership. */
export const leaveOrganization: UseCase<'leaveOrganization'> = (ctx, principal, meta) => {
  requirePerson(principal);
  const change = () =>
    mutate<undefined>(ctx, principal, meta, 'member.leave', async (sql) => {
      await lockMembers(sql, principal.orgId);
      return deleteMember(sql, principal.orgId, await ownMember(sql, principal));
    });
  return keepingAnOwner(change);
};

/** Makes a member an owner and the caller an admin, both or neither. */
export const transferOwnership: UseCase<'transferOwnership'> = async (ctx, principal, meta, { body }) => {
  requirePerson(principal);
  const { orgId } = principal;
  const target = await withOrgSql(ctx.api, orgId, (sql) =>
    readMembers(sql, orgId, { id: body.membership_id, take: 1 }),
  );
  const pointer = '/body/membership_id';
  if (!target[0]) throw unusable([{ pointer, code: 'not_found', detail: 'There is no such member.' }]);
  if (target[0].user_id === principal.id) {
    throw unusable([{ pointer, code: 'own', detail: 'Is your own membership.' }]);
  }
  const people = await peopleOf(ctx, [target[0].user_id]);
  return mutate<AnswerOf<'transferOwnership'>>(ctx, principal, meta, 'organization.transfer', async (sql) => {
    await lockMembers(sql, orgId);
    requireWithinOwn(await permissionsNow(sql, principal), 'owner', ROLE_PERMISSIONS.owner, null);
    const own = await ownMember(sql, principal);
    const next = await readMember(sql, orgId, body.membership_id, true);
    await sql`UPDATE membership SET role = 'owner' WHERE org_id = ${orgId} AND id = ${next.id}`;
    await sql`UPDATE membership SET role = 'admin' WHERE org_id = ${orgId} AND id = ${own.id}`;
    const detail = { from: own.user_id, to: next.user_id, before: { role: next.role }, after: { role: 'owner' } };
    return { answer: memberAnswer({ ...next, role: 'owner' }, people), resource: next.id, detail };
  });
};
