import type { Sql } from '@suanxiang/db/sql';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import { PROJECT_KEY_PERMISSIONS, permissionsOfScopes } from '@suanxiang/domain/permissions';
import { areInside } from '../access/networks';
import type { CallMeta, Principal } from '../access/principal';
import type { AppContext } from '../context';
import { checkQuotas } from '../quota/check-quota';
import { readQuotas } from '../quota/read-quotas';
import type { ApiKeyRow } from './api-key-answer';
import { keyMac, newKey, PEPPER_VERSION } from './format';
import { readApiKeyRow } from './get-api-key';

/** A key never opens more than its maker may do. Throws `permission_denied` naming what goes beyond. */
export function refuseMoreThanOwn(principal: Principal, scopes: readonly string[], bound: boolean): void {
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

/** Nor from more places: a key that is bound to networks makes and changes keys inside them only. */
export function refuseWiderNetworks(principal: Principal, cidrs: readonly string[]): void {
  if (areInside(principal.allowedCidrs, cidrs)) return;
  const detail = `Must lie inside ${principal.allowedCidrs.join(', ')}, where your own key may be used.`;
  throw new ProblemError('permission_denied', 'A key cannot be used from more networks than yours.', {
    errors: [{ pointer: '/body/allowed_cidrs', code: 'beyond_own', detail }],
  });
}

/** One more key. Throws `quota_exceeded`. The caller holds the organisation's lock. */
export async function countKey(sql: Sql, orgId: string, projectId: string | null): Promise<void> {
  checkQuotas(await readQuotas(sql, orgId), projectId, (metric) => (metric === 'api_keys' ? 1 : 0));
}

export interface NewApiKey {
  name: string;
  scopes: readonly string[];
  projectId: string | null;
  allowedCidrs: readonly string[];
  apiVersion: string;
  expiresInDays: number;
}

/** Makes a key. Its secret is in this answer and nowhere else. */
export async function insertApiKey(
  ctx: Pick<AppContext, 'secrets'>,
  sql: Sql,
  principal: Principal,
  meta: CallMeta,
  wanted: NewApiKey,
): Promise<{ row: ApiKeyRow; secret: string }> {
  const { orgId, actor } = principal;
  const [org] = await sql<{ env: 'live' | 'test' }>`
    SELECT CASE mode WHEN 'live' THEN 'live' ELSE 'test' END AS env FROM organization WHERE id = ${orgId}`;
  const made = newKey(org!.env);
  const id = mintId('apiKey', meta.nowMs);
  await sql`
    INSERT INTO api_key (id, org_id, project_id, name, lookup, last4, mac, pepper_v, env, scopes, allowed_cidrs, api_version,
      created_by, expires_at)
    VALUES (${id}, ${orgId}, ${wanted.projectId}, ${wanted.name}, ${made.lookup}, ${made.last4},
      ${keyMac(ctx.secrets.apiKeyPepper, made.key)}, ${PEPPER_VERSION}, ${org!.env}, ${[...wanted.scopes]}::text[],
      ${[...wanted.allowedCidrs]}::text[], ${wanted.apiVersion}, ${actor},
      now() + make_interval(days => ${wanted.expiresInDays}))`;
  return { row: await readApiKeyRow(sql, orgId, id), secret: made.key };
}
