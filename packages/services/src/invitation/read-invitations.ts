import type { invitation } from '@suanxiang/contract/schemas/invitations';
import type { Sql } from '@suanxiang/db/sql';
import type { OrgRole, ProjectRole } from '@suanxiang/domain/permissions';
import type { z } from 'zod';
import { notFound } from '../problem';

export interface InvitationRow {
  id: string;
  email: string;
  role: OrgRole;
  project_id: string | null;
  project_role: ProjectRole | null;
  invited_by: string;
  created_at: Date;
  expires_at: Date;
  sends: number;
  sent_at: Date;
  accepted_at: Date | null;
  accepted_by: string | null;
  revoked_at: Date | null;
  status: z.input<typeof invitation>['status'];
}

/** Invitations of an organisation, newest first, after a position; with `id`, that one. */
export function readInvitations(
  sql: Sql,
  orgId: string,
  where: { id?: string; after?: readonly string[] | null; take: number },
): Promise<InvitationRow[]> {
  const [at, afterId] = where.after ?? [];
  return sql<InvitationRow>`
    SELECT id, email, role, project_id, project_role, invited_by, created_at, expires_at, sends, sent_at, accepted_at,
      accepted_by, revoked_at,
      CASE WHEN accepted_at IS NOT NULL THEN 'accepted' WHEN revoked_at IS NOT NULL THEN 'revoked'
        WHEN expires_at <= now() THEN 'expired' ELSE 'pending' END AS status
    FROM invitation
    WHERE org_id = ${orgId} AND (${where.id ?? null}::text IS NULL OR id = ${where.id ?? null})
      AND (${at ?? null}::timestamptz IS NULL OR (created_at, id) < (${at ?? null}::timestamptz, ${afterId ?? null}))
    ORDER BY created_at DESC, id DESC LIMIT ${where.take}`;
}

/** One invitation; with `lock`, nobody else changes it until the transaction ends. Throws `not_found`. */
export async function readInvitation(sql: Sql, orgId: string, id: string, lock = false): Promise<InvitationRow> {
  if (lock) await sql`SELECT id FROM invitation WHERE org_id = ${orgId} AND id = ${id} FOR UPDATE`;
  const [row] = await readInvitations(sql, orgId, { id, take: 1 });
  if (!row) throw notFound();
  return row;
}

/** An invitation as the API shows it. Its token is in the mail and nowhere else. */
export function invitationAnswer(row: InvitationRow): z.input<typeof invitation> {
  const { accepted_by: _, revoked_at: __, ...rest } = row;
  return {
    ...rest,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    sent_at: row.sent_at.toISOString(),
    accepted_at: row.accepted_at?.toISOString() ?? null,
  };
}
