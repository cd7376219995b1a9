import { mutate } from '../access/mutate';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';

/** Revokes a key: the next request with it is refused. Revoking one that is revoked changes nothing. */
export const revokeApiKey: UseCase<'revokeApiKey'> = (ctx, principal, meta, { params }) =>
  mutate(ctx, principal, meta, 'api_key.delete', async (sql) => {
    const [row] = await sql<{ name: string }>`
      UPDATE api_key SET revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, ${principal.actor})
      WHERE org_id = ${principal.orgId} AND id = ${params.api_key_id} RETURNING name`;
    if (!row) throw notFound();
    return { answer: undefined, resource: params.api_key_id, detail: row };
  });
