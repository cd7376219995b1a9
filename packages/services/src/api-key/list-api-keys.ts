import { withOrgSql } from '@suanxiang/db/tenant';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { type ApiKeyRow, apiKeyAnswer } from './api-key-answer';

/** API keys, newest first, revoked and expired ones included: rows are never deleted. */
export const listApiKeys: UseCase<'listApiKeys'> = async (ctx, { orgId }, meta, { query }) => {
  const { rows, end } = await listPage<ApiKeyRow>(ctx, {
    orgId,
    operationId: 'listApiKeys',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<ApiKeyRow>`
          SELECT id, name, env, lookup, last4, scopes, project_id, allowed_cidrs, api_version, expires_at, replaced_by,
            last_used_at, last_used_ip_prefix, last_used_agent, revoked_at, created_at,
        revoked_at IS NULL AND created_by LIKE 'user:%' AND NOT EXISTS (SELECT 1 FROM membership m
          WHERE m.org_id = api_key.org_id AND 'user:' || m.user_id = api_key.created_by) AS needs_review
          FROM api_key
          WHERE org_id = ${orgId} AND (${after?.[0] ?? null}::timestamptz IS NULL
            OR (created_at, id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
          ORDER BY created_at DESC, id DESC LIMIT ${take}`,
      ),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT 1 FROM api_key WHERE org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map((row) => apiKeyAnswer(row, meta.nowMs)), ...end };
};
