import type { impersonation, operatorImpersonation } from '@suanxiang/contract/schemas/impersonation';
import type { Sql } from '@suanxiang/db/sql';
import type { z } from 'zod';

export interface ImpersonationRow {
  id: string;
  org_id: string;
  organization_name: string;
  operator_id: string;
  operator_name: string;
  subject_user_id: string;
  ticket: string;
  reason: string;
  duration_s: number;
  consent_required: boolean;
  consented_by: string | null;
  created_at: Date;
  started_at: Date | null;
  expires_at: Date | null;
  ended_at: Date | null;
  ended_by: string | null;
  state: z.input<typeof impersonation>['state'];
}

const MOST = 200;
/** A wish that nobody has agreed to lapses. */
export const CONSENT_WITHIN_HOURS = 24;

/** Newest first; of one organisation, or of all where the handle may see them. */
export function readImpersonations(
  sql: Sql,
  where: { orgId: string | null; id: string | null },
): Promise<ImpersonationRow[]> {
  return sql<ImpersonationRow>`
    SELECT i.id, i.org_id, o.name AS organization_name, i.operator_id, i.operator_name, i.subject_user_id, i.ticket,
      i.reason, i.duration_s, i.consent_required, i.consented_by, i.created_at, i.started_at, i.expires_at, i.ended_at,
      i.ended_by,
      CASE WHEN i.ended_at IS NOT NULL THEN 'ended' WHEN i.expires_at <= now() THEN 'expired'
        WHEN i.started_at IS NOT NULL THEN 'active'
        WHEN i.created_at < now() - make_interval(hours => ${CONSENT_WITHIN_HOURS}) THEN 'expired'
        ELSE 'awaiting_consent' END AS state
    FROM impersonation i JOIN organization o ON o.id = i.org_id
    WHERE (${where.orgId}::text IS NULL OR i.org_id = ${where.orgId}) AND (${where.id}::text IS NULL OR i.id = ${where.id})
    ORDER BY i.created_at DESC, i.id DESC LIMIT ${MOST}`;
}

/** As the organisation sees it. */
export function impersonationAnswer(row: ImpersonationRow): z.input<typeof impersonation> {
  const { org_id: _, organization_name: __, operator_id: ___, duration_s: ____, ...rest } = row;
  return {
    ...rest,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    expires_at: row.expires_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
  };
}

/** As operators see it. */
export function operatorImpersonationAnswer(row: ImpersonationRow): z.input<typeof operatorImpersonation> {
  return { ...impersonationAnswer(row), org_id: row.org_id, organization_name: row.organization_name };
}
