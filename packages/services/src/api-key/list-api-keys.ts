import { withOrgSql } from '@suanxiang/db/tenant';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { type ApiKeyRow, apiKeyAnswer } from './api-key-answer';

/** API keys, newest first, revoked and expired ones included: rows are never deleted. */
export const listApiKeys: UseCase<'listApiKeys'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, next_cursor } = await listPage<ApiKeyRow>(ctx, {
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
          SELECT id, name, env, lookup, last4, scopes, project_id, expires_at, last_used_at, revoked_at, created_at
          FROM api_key
          WHERE org_id = ${orgId} AND (${after?.[0] ?? null}::timestamptz IS NULL
            OR (created_at, id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
          ORDER BY created_at DESC, id DESC LIMIT ${take}`,
      ),
  });
  return { items: rows.map(apiKeyAnswer), next_cursor };
};
