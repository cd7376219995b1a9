import type { Route } from '@suanxiang/contract/route';
import { singleSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { type OrgRole, type ProjectRole, ROLE_PERMISSIONS } from '@suanxiang/domain/permissions';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { hashToken } from '../identity/token-hash';
import { unauthenticated } from '../problem';

export const IMPERSONATION_PREFIX = 'sxi_';
const TOKEN = /^sxi_[0-9A-Za-z_-]{43}$/;

interface Row {
  id: string;
  org_id: string;
  operator_id: string;
  operator_name: string;
  subject_user_id: string;
  ticket: string;
  expires_at: Date;
  role: OrgRole;
  project_roles: Record<string, ProjectRole> | null;
}

/** True for tokens with which an operator looks into an organisation. */
export function isImpersonationToken(token: string): boolean {
  return token.startsWith(IMPERSONATION_PREFIX);
}

/**
 * The principal behind such a token: its subject's eyes without hands, and the operator named beside it. Looked up every time,
 * so that ending it, or the subject's leaving, holds from the next request on. Throws `unauthenticated`.
 */
export async function findImpersonation(ctx: AppContext, token: string): Promise<Principal> {
  if (!TOKEN.test(token)) throw unauthenticated();
  const [row] = await singleSql(ctx.auth)<Row>`
    SELECT i.id, i.org_id, i.operator_id, i.operator_name, i.subject_user_id, i.ticket, i.expires_at, m.role,
      (SELECT json_object_agg(p.project_id, p.role) FROM project_member p
        WHERE p.org_id = m.org_id AND p.user_id = m.user_id) AS project_roles
    FROM impersonation i JOIN membership m ON m.org_id = i.org_id AND m.user_id = i.subject_user_id
    JOIN organization o ON o.id = i.org_id AND o.closed_at IS NULL
    WHERE i.token_hash = ${hashToken(token)} AND i.started_at IS NOT NULL AND i.ended_at IS NULL AND i.expires_at > now()`;
  if (!row) throw unauthenticated();
  const reads = [...ROLE_PERMISSIONS[row.role]].filter((permission) => permission.endsWith('.read'));
  return {
    kind: 'impersonation',
    id: row.id,
    name: row.operator_name,
    actor: `user:${row.subject_user_id}`,
    impersonator: `operator:${row.operator_id}`,
    orgId: row.org_id,
    permissions: new Set(reads),
    role: row.role,
    projectRoles: row.project_roles ?? {},
    projectIds: null,
    allowedCidrs: [],
    authMethod: 'impersonation',
    apiVersion: null,
    person: null,
    impersonation: {
      id: row.id,
      operator_name: row.operator_name,
      ticket: row.ticket,
      expires_at: row.expires_at.toISOString(),
    },
  };
}

/** Reads whose answers are made of what customers' programs write, secrets among it. */
const NOT_SHOWN: ReadonlySet<string> = new Set([
  'getInstanceLogs',
  'streamInstanceLogs',
  'getClusterLogs',
  'streamClusterLogs',
]);

/** Throws `permission_denied` for whatever changes something, and for what could show a secret. */
export function requireHarmless(route: Route): void {
  if (route.method === 'GET' && !NOT_SHOWN.has(route.operationId)) return;
  const what = route.method === 'GET' ? 'does not see this' : 'only reads';
  throw new ProblemError('permission_denied', `An operator who looks into an organization ${what}.`, {
    suggestion: 'Ask the customer to do it.',
    members: { reason: 'impersonation', ...(route.permission ? { required_permission: route.permission } : {}) },
  });
}

const HIDDEN = '[hidden]';

/** An answer with the values that may be secrets replaced: environments and start-up scripts of workloads. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).map(([name, inner]) => {
    if (name === 'startup_script' && inner !== null) return [name, HIDDEN];
    if (name === 'environment' && inner !== null && typeof inner === 'object') {
      return [name, Object.fromEntries(Object.keys(inner).map((key) => [key, HIDDEN]))];
    }
    return [name, withoutSecrets(inner)];
  });
  return Object.fromEntries(entries);
}
