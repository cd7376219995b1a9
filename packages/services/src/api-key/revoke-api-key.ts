import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import type { UseCase } from '../use-case';
import { apiKeyAnswer } from './api-key-answer';
import { readApiKeyRow } from './get-api-key';

/**
 * Revokes a key: refused here from the next request on, by other processes within seconds. Revoking one that is revoked
 * changes nothing.
 */
export const revokeApiKey: UseCase<'revokeApiKey'> = async (ctx, principal, meta, { params }) => {
  const id = params.api_key_id;
  await mutate(ctx, principal, meta, 'api_key.delete', async (sql) => {
    const row = await readApiKeyRow(sql, principal.orgId, id, true);
    await requireMatch(meta, async () => apiKeyAnswer(row, meta.nowMs));
    await sql`
      UPDATE api_key SET revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, ${principal.actor})
      WHERE org_id = ${principal.orgId} AND id = ${id}`;
    return { answer: undefined, resource: id, detail: { name: row.name } };
  });
  ctx.keyCache.drop(id);
  return undefined;
};
