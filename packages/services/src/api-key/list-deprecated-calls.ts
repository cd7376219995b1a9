import { singleOrgSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';

interface Row {
  actor: string;
  operation_id: string;
  name: string | null;
  since: string;
  sunset: string;
  successor: string | null;
  calls: string;
  first_used_at: Date;
  last_used_at: Date;
}

const MOST = 200;

/** Who of the organisation still calls operations that are going, those that end soonest first. A project's key sees its project's keys. */
export const listDeprecatedCalls: UseCase<'listDeprecatedCalls'> = async (ctx, { orgId, projectIds }) => {
  const rows = await singleOrgSql(ctx.api, orgId)<Row>`
    SELECT d.actor, d.operation_id, k.name, d.since::text, d.sunset::text, d.successor, d.calls::text, d.first_used_at, d.last_used_at
    FROM deprecated_call d LEFT JOIN api_key k ON k.org_id = d.org_id AND 'key:' || k.id = d.actor
    WHERE d.org_id = ${orgId} AND (${projectIds}::text[] IS NULL OR k.project_id = ANY (${projectIds}::text[]))
    ORDER BY d.sunset, d.last_used_at DESC, d.actor, d.operation_id LIMIT ${MOST}`;
  return {
    items: rows.map(({ calls, first_used_at, last_used_at, ...row }) => ({
      ...row,
      calls: Number(calls),
      first_used_at: first_used_at.toISOString(),
      last_used_at: last_used_at.toISOString(),
    })),
  };
};
