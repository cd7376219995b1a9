import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { PROJECT_KEY_PERMISSIONS, permissionsOfScopes } from '@suanxiang/domain/permissions';
import { mutate } from '../access/mutate';
import type { Principal } from '../access/principal';
import { lockOrganization } from '../organization/lock-organization';
import { unusable } from '../problem';
import { checkQuota } from '../quota/check-quota';
import { readQuotas } from '../quota/read-quotas';
import type { AnswerOf, UseCase } from '../use-case';
import { type ApiKeyRow, apiKeyAnswer } from './api-key-answer';
import { keyMac, newKey, PEPPER_VERSION } from './format';

/** A key never opens more than its maker may do. Throws `permission_denied` naming what goes beyond. */
function refuseMoreThanOwn(principal: Principal, scopes: readonly string[], bound: boolean): void {
  const opened = [...permissionsOfScopes(scopes)].filter((p) => !bound || PROJECT_KEY_PERMISSIONS.has(p));
  const beyond = opened.filter((permission) => !principal.permissions.has(permission));
  if (beyond.length === 0) return;
  throw new ProblemError('permission_denied', 'A key cannot open more than you may do yourself.', {
    suggestion: 'Choose narrower scopes, or let somebody with these permissions create the key.',
    members: { required_permission: beyond[0], missing_permissions: beyond },
    errors: [
      { pointer: '/body/scopes', code: 'beyond_own', detail: `Opens ${beyond.join(', ')}, which you do not have.` },
    ],
  });
}

async function requireProject(sql: Sql, orgId: string, projectId: string | undefined): Promise<void> {
  if (projectId === undefined) return;
  const [row] = await sql`SELECT id FROM project WHERE org_id = ${orgId} AND id = ${projectId}`;
  if (!row) throw unusable([{ pointer: '/body/project_id', code: 'not_found', detail: 'There is no such project.' }]);
}

/** Creates a key. Its secret is in this one answer and nowhere else; a repetition shows the key without it. */
export const createApiKey: UseCase<'createApiKey'> = (ctx, principal, meta, { body }) => {
  const scopes = [...new Set(body.scopes)].sort();
  refuseMoreThanOwn(principal, scopes, body.project_id !== undefined);
  return mutate<AnswerOf<'createApiKey'>>(ctx, principal, meta, 'api_key.create', async (sql) => {
    await lockOrganization(sql, principal.orgId);
    await requireProject(sql, principal.orgId, body.project_id);
    const quota = (await readQuotas(sql, principal.orgId)).find(({ metric }) => metric === 'api_keys');
    checkQuota('api_keys', quota?.limit ?? null, quota?.used ?? 0, 1);
    const [org] = await sql<{ env: 'live' | 'test' }>`
      SELECT CASE mode WHEN 'live' THEN 'live' ELSE 'test' END AS env FROM organization WHERE id = ${principal.orgId}`;
    const made = newKey(org!.env);
    const [row] = await sql<ApiKeyRow>`
      INSERT INTO api_key (id, org_id, project_id, name, lookup, last4, mac, pepper_v, env, scopes, created_by, expires_at)
      VALUES (${mintId('apiKey', meta.nowMs)}, ${principal.orgId}, ${body.project_id ?? null}, ${body.name}, ${made.lookup},
        ${made.last4}, ${keyMac(ctx.secrets.apiKeyPepper, made.key)}, ${PEPPER_VERSION}, ${org!.env}, ${scopes}::text[],
        ${principal.actor}, now() + make_interval(days => ${body.expires_in_days}))
      RETURNING id, name, env, lookup, last4, scopes, project_id, expires_at, last_used_at, revoked_at, created_at`;
    const answer = apiKeyAnswer(row!);
    return {
      answer: { api_key: answer, secret: made.key },
      replay: { api_key: answer, secret: null },
      resource: answer.id,
      detail: {
        name: answer.name,
        display: answer.display,
        scopes,
        project_id: answer.project_id,
        expires_at: answer.expires_at,
      },
    };
  });
};
