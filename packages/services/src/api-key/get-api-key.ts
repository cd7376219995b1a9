import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { type ApiKeyRow, apiKeyAnswer } from './api-key-answer';

/** The row of a key; with `lock`, nobody else changes it until the transaction ends. Throws `not_found`. */
export async function readApiKeyRow(sql: Sql, orgId: string, id: string, lock = false): Promise<ApiKeyRow> {
  if (lock) await sql`SELECT id FROM api_key WHERE org_id = ${orgId} AND id = ${id} FOR UPDATE`;
  const [row] = await sql<ApiKeyRow>`
    SELECT id, name, env, lookup, last4, scopes, project_id, allowed_cidrs, api_version, expires_at, replaced_by,
      last_used_at, last_used_ip_prefix, last_used_agent, revoked_at, created_at,
        revoked_at IS NULL AND created_by LIKE 'user:%' AND NOT EXISTS (SELECT 1 FROM membership m
          WHERE m.org_id = api_key.org_id AND 'user:' || m.user_id = api_key.created_by) AS needs_review
    FROM api_key WHERE org_id = ${orgId} AND id = ${id}`;
  if (!row) throw notFound();
  return row;
}

/** One API key, without its secret. */
export const getApiKey: UseCase<'getApiKey'> = (ctx, { orgId }, meta, { params }) =>
  withOrgSql(ctx.api, orgId, async (sql) =>
    apiKeyAnswer(await readApiKeyRow(sql, orgId, params.api_key_id), meta.nowMs),
  );
