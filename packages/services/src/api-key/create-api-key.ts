import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import type { Sql } from '@suanxiang/db/sql';
import { mutate } from '../access/mutate';
import type { Principal } from '../access/principal';
import { lockOrganization } from '../organization/lock-organization';
import { unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { apiKeyAnswer } from './api-key-answer';
import { countKey, insertApiKey, refuseMoreThanOwn, refuseWiderNetworks } from './insert-api-key';

async function requireProject(sql: Sql, orgId: string, projectId: string | undefined): Promise<void> {
  if (projectId === undefined) return;
  const [row] = await sql`SELECT id FROM project WHERE org_id = ${orgId} AND id = ${projectId}`;
  if (!row) throw unusable([{ pointer: '/body/project_id', code: 'not_found', detail: 'There is no such project.' }]);
}

/** Without a wish of its own a key is bound to its maker's networks. */
function networksOf(principal: Principal, wanted: readonly string[]): readonly string[] {
  const cidrs = wanted.length > 0 ? wanted : principal.allowedCidrs;
  refuseWiderNetworks(principal, cidrs);
  return cidrs;
}

/** Creates a key. Its secret is in this one answer and nowhere else; a repetition shows the key without it. */
export const createApiKey: UseCase<'createApiKey'> = (ctx, principal, meta, { body }) => {
  const scopes = [...new Set(body.scopes)].sort();
  refuseMoreThanOwn(principal, scopes, body.project_id !== undefined);
  const allowedCidrs = networksOf(principal, body.allowed_cidrs);
  return mutate<AnswerOf<'createApiKey'>>(ctx, principal, meta, 'api_key.create', async (sql) => {
    await lockOrganization(sql, principal.orgId);
    await requireProject(sql, principal.orgId, body.project_id);
    await countKey(sql, principal.orgId, body.project_id ?? null);
    const { row, secret } = await insertApiKey(ctx, sql, principal, meta, {
      name: body.name,
      scopes,
      projectId: body.project_id ?? null,
      allowedCidrs,
      apiVersion: NEWEST_API_VERSION,
      expiresInDays: body.expires_in_days,
    });
    const answer = apiKeyAnswer(row, meta.nowMs);
    const { name, display, project_id, allowed_cidrs, expires_at } = answer;
    return {
      answer: { api_key: answer, secret },
      replay: { api_key: answer, secret: null },
      resource: answer.id,
      detail: { name, display, scopes, project_id, allowed_cidrs, expires_at },
    };
  });
};
