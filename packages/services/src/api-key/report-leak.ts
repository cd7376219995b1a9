import { queueMail } from '@suanxiang/db/queue-mail';
import { singleSql } from '@suanxiang/db/tenant';
import { mutate } from '../access/mutate';
import type { AppContext } from '../context';
import { receiversOf } from '../mail/receivers';
import type { UseCase } from '../use-case';
import { displayKey, keyMac, macMatches, parseKey } from './format';

interface Row {
  id: string;
  org_id: string;
  name: string;
  env: string;
  lookup: string;
  last4: string;
  mac: string;
  created_by: string;
  revoked: boolean;
}

/** The key that a text is, if it is one of ours and complete: nobody gets a key revoked by naming its public part. */
async function find(ctx: AppContext, text: string): Promise<Row | null> {
  const parsed = parseKey(text);
  if (!parsed) return null;
  const [row] = await singleSql(ctx.auth)<Row>`
    SELECT id, org_id, name, env, lookup, last4, mac, created_by, revoked_at IS NOT NULL AS revoked
    FROM api_key WHERE lookup = ${parsed.lookup}`;
  const matches = macMatches(row?.mac ?? '00'.repeat(32), keyMac(ctx.secrets.apiKeyPepper, text));
  return row && matches && row.env === parsed.env ? row : null;
}

async function revoke(ctx: AppContext, row: Row, meta: Parameters<UseCase<'reportLeakedKeys'>>[2], source: string) {
  const actor = { orgId: row.org_id, actor: 'system:secret-scanning', authMethod: 'system' as const };
  // Each key has its own transaction; one Idempotency-Key cannot stand for several.
  await mutate<undefined>(ctx, actor, { ...meta, idempotencyKey: null }, 'api_key.leaked', async (sql) => {
    await sql`
      UPDATE api_key SET revoked_at = now(), revoked_by = 'system:secret-scanning'
      WHERE org_id = ${row.org_id} AND id = ${row.id} AND revoked_at IS NULL`;
    const [org] = await sql<{
      name: string;
      slug: string;
    }>`SELECT name, slug FROM organization WHERE id = ${row.org_id}`;
    for (const { to, name, locale } of await receiversOf(ctx, sql, row.org_id, row.created_by, true)) {
      const data = {
        name,
        organization: org!.name,
        key: `${row.name} (${displayKey(row.env, row.lookup, row.last4)})`,
        source: source || '–',
        link: `${ctx.webUrl}/${org!.slug}/api-keys`,
      };
      const key = `api_key_leaked:${row.id}:${to}`;
      await queueMail(sql, { to, locale, template: 'api_key_leaked', data, key, nowMs: meta.nowMs });
    }
    return { answer: undefined, resource: row.id, detail: { name: row.name, source, was_revoked: row.revoked } };
  });
  ctx.keyCache.drop(row.id);
}

/**
 * Takes reports of keys that were found where everybody can read them: each real one is revoked, its owners are told. Whoever
 * holds a whole key could use it, so that telling them whether it is one gives nothing away.
 */
export const reportLeakedKeys: UseCase<'reportLeakedKeys'> = async (ctx, _caller, meta, { body }) => {
  const items: { label: 'true_positive' | 'false_positive' }[] = [];
  for (const { token, url } of body.findings) {
    const row = await find(ctx, token);
    if (row && !row.revoked) await revoke(ctx, row, meta, url ?? '');
    items.push({ label: row ? 'true_positive' : 'false_positive' });
  }
  return { items };
};
