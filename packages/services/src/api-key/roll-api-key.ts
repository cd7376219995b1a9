import { ProblemError } from '@suanxiang/domain/errors';
import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import { lockOrganization } from '../organization/lock-organization';
import type { AnswerOf, UseCase } from '../use-case';
import { type ApiKeyRow, apiKeyAnswer } from './api-key-answer';
import { readApiKeyRow } from './get-api-key';
import { countKey, insertApiKey, refuseMoreThanOwn, refuseWiderNetworks } from './insert-api-key';

function requireRollable(row: ApiKeyRow, nowMs: number): void {
  const expired = row.expires_at !== null && row.expires_at.getTime() <= nowMs;
  if (row.revoked_at || expired) {
    throw new ProblemError('conflict', 'This key does not open anything any more.', {
      suggestion: 'Create a new key.',
      members: { state: row.revoked_at ? 'revoked' : 'expired' },
    });
  }
  if (row.replaced_by) {
    throw new ProblemError('conflict', 'This key has been rolled already.', {
      suggestion: `Roll its successor ${row.replaced_by}.`,
      members: { replaced_by: row.replaced_by },
    });
  }
}

/**
 * Makes a key with the same rights, networks and version, and lets the old one live for the overlap and not a second
 * longer. The new secret is in this one answer; a repetition shows the key without it.
 */
export const rollApiKey: UseCase<'rollApiKey'> = async (ctx, principal, meta, { params, body }) => {
  const { orgId } = principal;
  const id = params.api_key_id;
  const answer = await mutate<AnswerOf<'rollApiKey'>>(ctx, principal, meta, 'api_key.roll', async (sql) => {
    await lockOrganization(sql, orgId);
    const before = await readApiKeyRow(sql, orgId, id, true);
    await requireMatch(meta, async () => apiKeyAnswer(before, meta.nowMs));
    requireRollable(before, meta.nowMs);
    refuseMoreThanOwn(principal, before.scopes, before.project_id !== null);
    refuseWiderNetworks(principal, before.allowed_cidrs);
    // Without an overlap the number of keys stays what it was.
    if (body.overlap_seconds > 0) await countKey(sql, orgId, before.project_id);
    const made = await insertApiKey(ctx, sql, principal, meta, {
      name: before.name,
      scopes: before.scopes,
      projectId: before.project_id,
      allowedCidrs: before.allowed_cidrs,
      apiVersion: before.api_version,
      expiresInDays: body.expires_in_days,
    });
    await sql`
      UPDATE api_key SET replaced_by = ${made.row.id},
        expires_at = least(expires_at, now() + make_interval(secs => ${body.overlap_seconds}))
      WHERE org_id = ${orgId} AND id = ${id}`;
    const previous = apiKeyAnswer(await readApiKeyRow(sql, orgId, id), meta.nowMs);
    const api_key = apiKeyAnswer(made.row, meta.nowMs);
    return {
      answer: { api_key, secret: made.secret, previous },
      replay: { api_key, secret: null, previous },
      resource: id,
      detail: { replaced_by: api_key.id, display: api_key.display, old_until: previous.expires_at },
    };
  });
  ctx.keyCache.drop(id);
  return answer;
};
