import { changes } from '../access/changes';
import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import { invalid } from '../problem';
import type { UseCase } from '../use-case';
import { apiKeyAnswer } from './api-key-answer';
import { readApiKeyRow } from './get-api-key';
import { refuseWiderNetworks } from './insert-api-key';

/** Changes a key's name or the networks it may be used from, which holds from the next request on. */
export const updateApiKey: UseCase<'updateApiKey'> = async (ctx, principal, meta, { params, body }) => {
  if (Object.keys(body).length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  if (body.allowed_cidrs) refuseWiderNetworks(principal, body.allowed_cidrs);
  const { orgId } = principal;
  const id = params.api_key_id;
  const answer = await mutate(ctx, principal, meta, 'api_key.modify', async (sql) => {
    const before = await readApiKeyRow(sql, orgId, id, true);
    await requireMatch(meta, async () => apiKeyAnswer(before, meta.nowMs));
    await sql`
      UPDATE api_key SET name = ${body.name ?? before.name},
        allowed_cidrs = ${[...(body.allowed_cidrs ?? before.allowed_cidrs)]}::text[]
      WHERE org_id = ${orgId} AND id = ${id}`;
    const row = await readApiKeyRow(sql, orgId, id);
    return { answer: apiKeyAnswer(row, meta.nowMs), resource: id, detail: changes(before, body) };
  });
  ctx.keyCache.drop(id);
  return answer;
};
