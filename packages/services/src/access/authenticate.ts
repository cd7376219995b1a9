import { singleSql } from '@suanxiang/db/tenant';
import { isId } from '@suanxiang/domain/ids';
import type { Locale } from '@suanxiang/domain/locale';
import { type OrgRole, type ProjectRole, ROLE_PERMISSIONS } from '@suanxiang/domain/permissions';
import { findKey, findKeyById } from '../api-key/find-key';
import type { AppContext } from '../context';
import { hashToken } from '../identity/token-hash';
import { findImpersonation, isImpersonationToken } from '../impersonation/session';
import { isOperatorToken } from '../operator/session';
import { invalid, notFound, unauthenticated } from '../problem';
import type { Person, Principal, SignedIn } from './principal';
import { mfaRequired } from './step-up';

export const ORGANIZATION_HEADER = '/header/organization-id';
const SESSION_TOKEN = /^[0-9A-Za-z]{32}$/;

interface SessionRow {
  id: string;
  email: string;
  name: string;
  locale: Locale;
  aal: number;
  reauthenticated_at: Date;
}

/** What a person is in an organisation. */
interface Standing {
  /** The organisation demands a second factor and this session has shown none. */
  lacksFactor: boolean;
  role: OrgRole;
  projectRoles: Record<string, ProjectRole>;
}

/** A session's person and, where an organisation is named, their role in it: one query. */
async function findSession(ctx: AppContext, token: string, orgId: string | null): Promise<[Person, Standing | null]> {
  if (!SESSION_TOKEN.test(token)) throw unauthenticated();
  return findSessionOf(ctx, hashToken(token), orgId);
}

async function findSessionOf(
  ctx: AppContext,
  sessionHash: string,
  orgId: string | null,
): Promise<[Person, Standing | null]> {
  const [row] = await singleSql(ctx.auth)<
    SessionRow & {
      role: OrgRole | null;
      project_roles: Record<string, ProjectRole> | null;
      require_mfa: boolean | null;
      stale: boolean;
    }
  >`
    SELECT u.id, u.email, u.name, u.locale, s.aal, s.reauthenticated_at, m.role, o.require_mfa,
      s.last_seen_at < now() - interval '1 minute' AS stale,
      (SELECT json_object_agg(p.project_id, p.role) FROM project_member p
        WHERE p.org_id = m.org_id AND p.user_id = m.user_id) AS project_roles
    FROM auth_session s JOIN auth_user u ON u.id = s."userId"
    LEFT JOIN (membership m JOIN organization o ON o.id = m.org_id AND o.closed_at IS NULL)
      ON m.user_id = u.id AND m.org_id = ${orgId}
    WHERE s.token = ${sessionHash} AND s."expiresAt" > now()`;
  if (!row) throw unauthenticated();
  if (row.stale) noteSeen(ctx, sessionHash);
  const { role, project_roles, require_mfa, stale: _, reauthenticated_at: reauthenticatedAt, ...person } = row;
  const lacksFactor = require_mfa === true && person.aal < 2;
  return [
    { ...person, reauthenticatedAt, sessionHash },
    role === null ? null : { role, projectRoles: project_roles ?? {}, lacksFactor },
  ];
}

/** Notes that a session is in use, at most once a minute; nobody waits for it. */
function noteSeen(ctx: AppContext, sessionHash: string): void {
  void singleSql(ctx.auth)`UPDATE auth_session SET last_seen_at = now() WHERE token = ${sessionHash}`.catch(() => {});
}

/** Kind of a credential by its form alone. */
function isKey(token: string): boolean {
  return token.startsWith('sx_sk_');
}

/** Who is signed in, without acting in an organisation. Throws `unauthenticated`. */
export async function authenticateSignedIn(ctx: AppContext, token: string | null): Promise<SignedIn> {
  if (!token || isOperatorToken(token)) throw unauthenticated();
  if (isKey(token)) return { person: null, key: await findKey(ctx, token) };
  if (isImpersonationToken(token)) return { person: null, key: await findImpersonation(ctx, token) };
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
  if (isKey(token) || isImpersonationToken(token)) {
    const principal = await (isKey(token) ? findKey : findImpersonation)(ctx, token);
    if ([hint.header, hint.path].some((orgId) => orgId !== null && orgId !== principal.orgId)) throw notFound();
    return principal;
  }
  const orgId = hint.header ?? hint.path;
  const isOrganization = orgId !== null && isId('organization', orgId);
  const [person, standing] = await findSession(ctx, token, isOrganization ? orgId : null);
  if (orgId === null) {
    throw invalid(
      ORGANIZATION_HEADER,
      'A session must name the organization it acts in: send the header Organization-Id (GET /v1/me lists yours).',
      'required',
    );
  }
  if (!isOrganization) throw invalid(ORGANIZATION_HEADER, 'Must be an id like org_...', 'invalid_format');
  if (standing === null || (hint.path !== null && hint.path !== orgId)) throw notFound();
  if (standing.lacksFactor) throw mfaRequired();
  return memberOf(person, standing, orgId);
}

function memberOf(person: Person, standing: Standing, orgId: string): Principal {
  const { role, projectRoles } = standing;
  return {
    kind: 'user',
    id: person.id,
    name: person.name,
    actor: `user:${person.id}`,
    impersonator: null,
    orgId,
    permissions: ROLE_PERMISSIONS[role],
    role,
    projectRoles,
    projectIds: null,
    allowedCidrs: [],
    authMethod: 'session',
    apiVersion: null,
    person,
    impersonation: null,
  };
}

/** Names a credential without holding it: what a session that lasts keeps, to look again whether it still opens anything. */
export type CredentialRef = { session: string } | { key: string };

/** The reference of a caller's credential; null for one that no lasting session may be opened with. */
export function credentialOf(principal: Principal): CredentialRef | null {
  if (principal.kind === 'api_key') return { key: principal.id };
  return principal.person ? { session: principal.person.sessionHash } : null;
}

/** Who is behind a reference now, in an organisation. Throws as the first look would when it opens nothing any more. */
export async function authenticateAgain(ctx: AppContext, credential: CredentialRef, orgId: string): Promise<Principal> {
  if ('key' in credential) return findKeyById(ctx, credential.key);
  const [person, standing] = await findSessionOf(ctx, credential.session, orgId);
  if (standing === null) throw notFound();
  if (standing.lacksFactor) throw mfaRequired();
  return memberOf(person, standing, orgId);
}
