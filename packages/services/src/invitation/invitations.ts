import { randomBytes } from 'node:crypto';
import { queueMail } from '@suanxiang/db/queue-mail';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { Locale } from '@suanxiang/domain/locale';
import { PROJECT_ROLE_PERMISSIONS, ROLE_PERMISSIONS } from '@suanxiang/domain/permissions';
import { countRows } from '../access/count-rows';
import { requireMatch } from '../access/etag';
import { listPage } from '../access/list-page';
import { mutate } from '../access/mutate';
import type { Principal } from '../access/principal';
import { requireFreshPerson } from '../access/step-up';
import type { AppContext } from '../context';
import { hashToken } from '../identity/token-hash';
import { isMember } from '../member/people-of';
import { lockMembers, permissionsNow, requireWithinOwn } from '../member/standing';
import { lockOrganization } from '../organization/lock-organization';
import { invalid, unusable } from '../problem';
import type { AnswerOf, InputOf, UseCase } from '../use-case';
import { type InvitationRow, invitationAnswer, readInvitation, readInvitations } from './read-invitations';

const LIFETIME_HOURS = 72;
/** Mails that one organisation's invitations may cause in a day, and how often one of them. */
const MAILS_A_DAY = 100;
const MOST_SENDS = 5;
const BETWEEN_SENDS_S = 60;

/** Invitations, newest first. */
export const listInvitations: UseCase<'listInvitations'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<InvitationRow>(ctx, {
    orgId,
    operationId: 'listInvitations',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) => withOrgSql(ctx.api, orgId, (sql) => readInvitations(sql, orgId, { after, take })),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (SELECT 1 FROM invitation WHERE org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map(invitationAnswer), ...end };
};

/** One invitation. */
export const getInvitation: UseCase<'getInvitation'> = async (ctx, { orgId }, _meta, { params }) =>
  invitationAnswer(await withOrgSql(ctx.api, orgId, (sql) => readInvitation(sql, orgId, params.invitation_id)));

/** Throws `rate_limited` when the organisation has caused its mails of a day. The caller holds the organisation's lock. */
async function countMail(sql: Sql, orgId: string): Promise<void> {
  const [row] = await sql<{ mails: number }>`
    SELECT coalesce(sum(sends), 0)::int AS mails FROM invitation
    WHERE org_id = ${orgId} AND sent_at > now() - interval '1 day'`;
  if (row!.mails < MAILS_A_DAY) return;
  throw new ProblemError('rate_limited', `At most ${MAILS_A_DAY} mails with invitations a day.`, { retryAfterS: 3600 });
}

/** Queues the mail in the transaction that made the token, which is kept nowhere else. */
async function mail(ctx: AppContext, sql: Sql, principal: Principal, row: InvitationRow, token: string, nowMs: number) {
  const [org] = await sql<{ name: string; locale: Locale }>`
    SELECT name, locale FROM organization WHERE id = ${principal.orgId}`;
  await queueMail(sql, {
    to: row.email,
    locale: org!.locale,
    template: 'invitation',
    data: {
      organization: org!.name,
      inviter: principal.name,
      role: row.role,
      link: `${ctx.webUrl}/invitations/accept?token=${token}`,
      expires_at: `${row.expires_at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    },
    nowMs,
  });
}

/** A project without a role is one to look at. */
const projectRoleOf = (body: Offer) => body.project_role ?? (body.project_id ? 'viewer' : null);

const newToken = () => randomBytes(32).toString('base64url');

type Offer = InputOf<'createInvitation'>['body'];

/** Throws unless the caller may hand out these roles and the project is there. */
async function checkOffer(sql: Sql, principal: Principal, body: Offer): Promise<void> {
  const own = await permissionsNow(sql, principal);
  requireWithinOwn(own, body.role, ROLE_PERMISSIONS[body.role], '/body/role');
  const projectRole = projectRoleOf(body);
  if (!body.project_id || !projectRole) return;
  requireWithinOwn(own, projectRole, PROJECT_ROLE_PERMISSIONS[projectRole], '/body/project_role');
  const found = await sql`SELECT id FROM project WHERE org_id = ${principal.orgId} AND id = ${body.project_id}`;
  if (found.length > 0) return;
  throw unusable([{ pointer: '/body/project_id', code: 'not_found', detail: 'There is no such project.' }]);
}

/**
 * Invites an address. The answer is the same whether or not somebody has an account with it; that a member has it is known to
 * whoever may read the members.
 */
export const createInvitation: UseCase<'createInvitation'> = async (ctx, principal, meta, { body }) => {
  const { orgId } = principal;
  if (body.project_role !== undefined && body.project_id === undefined) {
    throw invalid('/body/project_id', 'Must say in which project the role is.', 'required');
  }
  return mutate<AnswerOf<'createInvitation'>>(ctx, principal, meta, 'invitation.create', async (sql) => {
    await lockOrganization(sql, orgId);
    await lockMembers(sql, orgId);
    await checkOffer(sql, principal, body);
    if (body.role === 'owner') requireFreshPerson(principal, meta.nowMs);
    if (await isMember(ctx, orgId, body.email)) {
      throw new ProblemError('conflict', 'Somebody with this address is a member already.', {
        suggestion: 'Change their role instead.',
        members: { reason: 'member' },
      });
    }
    await countMail(sql, orgId);
    // One that has run out makes room for a new one.
    await sql`
      UPDATE invitation SET revoked_at = now() WHERE org_id = ${orgId} AND email = ${body.email}
        AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at <= now()`;
    const id = mintId('invitation', meta.nowMs);
    const token = newToken();
    const made = await sql`
      INSERT INTO invitation (id, org_id, email, role, project_id, project_role, token_hash, invited_by, expires_at)
      VALUES (${id}, ${orgId}, ${body.email}, ${body.role}, ${body.project_id ?? null}, ${projectRoleOf(body)},
        ${hashToken(token)}, ${principal.actor}, now() + make_interval(hours => ${LIFETIME_HOURS}))
      ON CONFLICT (org_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL DO NOTHING RETURNING id`;
    if (made.length === 0) {
      throw new ProblemError('conflict', 'This address has an open invitation.', {
        suggestion: 'Send it again, or revoke it first.',
        members: { reason: 'invited' },
      });
    }
    const row = await readInvitation(sql, orgId, id);
    await mail(ctx, sql, principal, row, token, meta.nowMs);
    const { email, role, project_id, project_role } = row;
    return { answer: invitationAnswer(row), resource: id, detail: { email, role, project_id, project_role } };
  });
};

/** Sends the mail again. The new link lives 72 hours; the old one opens nothing any more. */
export const resendInvitation: UseCase<'resendInvitation'> = (ctx, principal, meta, { params }) => {
  const { orgId } = principal;
  return mutate<AnswerOf<'resendInvitation'>>(ctx, principal, meta, 'invitation.resend', async (sql) => {
    await lockOrganization(sql, orgId);
    await lockMembers(sql, orgId);
    const before = await readInvitation(sql, orgId, params.invitation_id, true);
    await requireMatch(meta, async () => invitationAnswer(before));
    requireWithinOwn(await permissionsNow(sql, principal), before.role, ROLE_PERMISSIONS[before.role], null);
    requireUnused(before);
    const waitS = BETWEEN_SENDS_S - Math.floor((meta.nowMs - before.sent_at.getTime()) / 1000);
    if (before.sends >= MOST_SENDS || waitS > 0) {
      const detail = `An invitation is mailed ${MOST_SENDS} times at most, and once a minute.`;
      throw new ProblemError('rate_limited', detail, { retryAfterS: Math.max(waitS, 1) });
    }
    await countMail(sql, orgId);
    const token = newToken();
    // Whoever sends it again answers for it.
    await sql`
      UPDATE invitation SET token_hash = ${hashToken(token)}, sends = sends + 1, sent_at = now(),
        invited_by = ${principal.actor}, expires_at = now() + make_interval(hours => ${LIFETIME_HOURS})
      WHERE org_id = ${orgId} AND id = ${before.id}`;
    const row = await readInvitation(sql, orgId, before.id);
    await mail(ctx, sql, principal, row, token, meta.nowMs);
    return { answer: invitationAnswer(row), resource: row.id, detail: { email: row.email, sends: row.sends } };
  });
};

function requireUnused(row: InvitationRow): void {
  if (row.status === 'pending' || row.status === 'expired') return;
  throw new ProblemError('conflict', `This invitation has been ${row.status}.`, { members: { state: row.status } });
}

/** Takes an invitation back; doing so again changes nothing. */
export const revokeInvitation: UseCase<'revokeInvitation'> = (ctx, principal, meta, { params }) => {
  const { orgId } = principal;
  return mutate<undefined>(ctx, principal, meta, 'invitation.revoke', async (sql) => {
    const row = await readInvitation(sql, orgId, params.invitation_id, true);
    await requireMatch(meta, async () => invitationAnswer(row));
    if (row.status !== 'revoked') {
      requireUnused(row);
      await sql`UPDATE invitation SET revoked_at = now() WHERE org_id = ${orgId} AND id = ${row.id}`;
    }
    return { answer: undefined, resource: row.id, detail: { email: row.email, role: row.role } };
  });
};
