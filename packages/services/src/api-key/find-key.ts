import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { PROJECT_KEY_PERMISSIONS, permissionsOfScopes } from '@suanxiang/domain/permissions';
import { isInside } from '../access/networks';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { unauthenticated } from '../problem';
import { keyMac, macMatches, parseKey } from './format';
import type { KnownKey } from './key-cache';

interface KeyRow {
  id: string;
  org_id: string;
  name: string;
  project_id: string | null;
  mac: string;
  env: string;
  scopes: string[];
  allowed_cidrs: string[];
  api_version: string;
  expires_at: Date | null;
  usable: boolean;
}

function principalOf(row: KeyRow): Principal {
  const granted = permissionsOfScopes(row.scopes);
  return {
    kind: 'api_key',
    id: row.id,
    name: row.name,
    actor: `key:${row.id}`,
    impersonator: null,
    orgId: row.org_id,
    permissions: row.project_id ? new Set([...granted].filter((p) => PROJECT_KEY_PERMISSIONS.has(p))) : granted,
    role: null,
    projectRoles: {},
    projectIds: row.project_id === null ? null : [row.project_id],
    allowedCidrs: row.allowed_cidrs,
    authMethod: 'api_key',
    apiVersion: row.api_version,
    person: null,
    impersonation: null,
  };
}

async function lookUp(ctx: AppContext, lookup: string): Promise<KnownKey | null> {
  const [row] = await singleSql(ctx.auth)<KeyRow>`
    SELECT id, org_id, name, project_id, mac, env, scopes, allowed_cidrs, api_version, expires_at,
      revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AS usable
    FROM api_key WHERE lookup = ${lookup}`;
  if (!row?.usable) return null;
  return { principal: principalOf(row), mac: row.mac, env: row.env, expiresAtMs: row.expires_at?.getTime() ?? null };
}

/** The principal behind a key. Throws `unauthenticated`; for a wrong checksum without asking the database. */
export async function findKey(ctx: AppContext, key: string): Promise<Principal> {
  const parsed = parseKey(key);
  if (!parsed) throw unauthenticated();
  const cached = ctx.keyCache.find(parsed.lookup);
  const known = cached ?? (await lookUp(ctx, parsed.lookup));
  // The comparison is made for an unknown key, too.
  const matches = macMatches(known?.mac ?? '00'.repeat(32), keyMac(ctx.secrets.apiKeyPepper, key));
  if (!known || !matches || known.env !== parsed.env) throw unauthenticated();
  if (known.expiresAtMs !== null && known.expiresAtMs <= ctx.clock.nowMs()) throw unauthenticated();
  if (!cached) ctx.keyCache.keep(parsed.lookup, known);
  return known.principal;
}

/** The principal of a key that was shown before, as it is at this moment. Throws `unauthenticated`. */
export async function findKeyById(ctx: AppContext, id: string): Promise<Principal> {
  const [row] = await singleSql(ctx.auth)<KeyRow>`
    SELECT id, org_id, name, project_id, mac, env, scopes, allowed_cidrs, api_version, expires_at,
      revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AS usable
    FROM api_key WHERE id = ${id}`;
  if (!row?.usable) throw unauthenticated();
  return principalOf(row);
}

/** Throws `address_not_allowed` when a key is used from outside its networks. */
export function requireAddress(principal: Principal, ip: string): void {
  if (isInside(principal.allowedCidrs, ip)) return;
  throw new ProblemError('address_not_allowed', `This API key may not be used from ${ip}.`);
}
