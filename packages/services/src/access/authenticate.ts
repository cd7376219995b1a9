import { singleSql } from '@suanxiang/db/tenant';
import { isId } from '@suanxiang/domain/ids';
import type { Locale } from '@suanxiang/domain/locale';
import {
  type OrgRole,
  PROJECT_KEY_PERMISSIONS,
  permissionsOfScopes,
  ROLE_PERMISSIONS,
} from '@suanxiang/domain/permissions';
import { keyMac, macMatches, parseKey } from '../api-key/format';
import type { AppContext } from '../context';
import { hashToken } from '../identity/token-hash';
import { isOperatorToken } from '../operator/session';
import { invalid, notFound, unauthenticated } from '../problem';
import type { Person, Principal, SignedIn } from './principal';

export const ORGANIZATION_HEADER = '/header/organization-id';
const SESSION_TOKEN = /^[0-9A-Za-z]{32}$/;

interface SessionRow {
  id: string;
  email: string;
  name: string;
  locale: Locale;
  role: OrgRole | null;
}

/** A session's person and, where an organisation is named, their role in it: one query. */
async function findSession(ctx: AppContext, token: string, orgId: string | null): Promise<[Person, OrgRole | null]> {
  if (!SESSION_TOKEN.test(token)) throw unauthenticated();
  const sessionHash = hashToken(token);
  const [row] = await singleSql(ctx.auth)<SessionRow>`
    SELECT u.id, u.email, u.name, u.locale, m.role
    FROM auth_session s JOIN auth_user u ON u.id = s."userId"
    LEFT JOIN membership m ON m.user_id = u.id AND m.org_id = ${orgId}
    WHERE s.token = ${sessionHash} AND s."expiresAt" > now()`;
  if (!row) throw unauthenticated();
  const { role, ...person } = row;
  return [{ ...person, sessionHash }, role];
}

interface KeyRow {
  id: string;
  org_id: string;
  name: string;
  project_id: string | null;
  mac: string;
  env: string;
  scopes: string[];
  usable: boolean;
}

async function findKey(ctx: AppContext, key: string): Promise<Principal> {
  const parsed = parseKey(key);
  if (!parsed) throw unauthenticated();
  const [row] = await singleSql(ctx.auth)<KeyRow>`
    SELECT id, org_id, name, project_id, mac, env, scopes,
      revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AS usable
    FROM api_key WHERE lookup = ${parsed.lookup}`;
  // The comparison is made for an unknown key, too.
  const matches = macMatches(row?.mac ?? '00'.repeat(32), keyMac(ctx.secrets.apiKeyPepper, key));
  if (!row || !matches || !row.usable || row.env !== parsed.env) throw unauthenticated();
  ctx.keyUse.mark(row.id);
  const granted = permissionsOfScopes(row.scopes);
  return {
    kind: 'api_key',
    id: row.id,
    name: row.name,
    actor: `key:${row.id}`,
    orgId: row.org_id,
    permissions: row.project_id ? new Set([...granted].filter((p) => PROJECT_KEY_PERMISSIONS.has(p))) : granted,
    role: null,
    projectId: row.project_id,
    authMethod: 'api_key',
    person: null,
  };
}

/** Kind of a credential by its form alone. */
function isKey(token: string): boolean {
  return token.startsWith('sx_sk_');
}

/** Who is signed in, without acting in an organisation. Throws `unauthenticated`. */
export async function authenticateSignedIn(ctx: AppContext, token: string | null): Promise<SignedIn> {
  if (!token || isOperatorToken(token)) throw unauthenticated();
  if (isKey(token)) return { person: null, key: await findKey(ctx, token) };
  const [person] = await findSession(ctx, token, null);
  return { person, key: null };
}

/** What a request says about the organisation it acts in. */
export interface OrganizationHint {
  /** Organization-Id header. */
  header: string | null;
  /** `organization_id` of the path, on routes that have it. */
  path: string | null;
}

/**
 * The principal acting in an organisation. A key brings its own; a session names it by header or path. An organisation in
 * which the caller is nobody is answered like one that does not exist. Throws `unauthenticated`, `invalid_request`,
 * `not_found`.
 */
export async function authenticatePrincipal(
  ctx: AppContext,
  token: string | null,
  hint: OrganizationHint,
): Promise<Principal> {
  if (!token || isOperatorToken(token)) throw unauthenticated();
  if (isKey(token)) {
    const principal = await findKey(ctx, token);
    if ([hint.header, hint.path].some((orgId) => orgId !== null && orgId !== principal.orgId)) throw notFound();
    return principal;
  }
  const orgId = hint.header ?? hint.path;
  const [person, role] = await findSession(ctx, token, orgId);
  if (orgId === null) {
    throw invalid(
      ORGANIZATION_HEADER,
      'A session must name the organization it acts in: send the header Organization-Id (GET /v1/me lists yours).',
      'required',
    );
  }
  if (!isId('organization', orgId)) throw invalid(ORGANIZATION_HEADER, 'Must be an id like org_...', 'invalid_format');
  if (role === null || (hint.path !== null && hint.path !== orgId)) throw notFound();
  return {
    kind: 'user',
    id: person.id,
    name: person.name,
    actor: `user:${person.id}`,
    orgId,
    permissions: ROLE_PERMISSIONS[role],
    role,
    projectId: null,
    authMethod: 'session',
    person,
  };
}
