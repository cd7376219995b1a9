import type { Locale } from '@suanxiang/domain/locale';
import type { OperatorPermission } from '@suanxiang/domain/operator-permissions';
import type { OrgRole, Permission, ProjectRole } from '@suanxiang/domain/permissions';

/** A person who is signed in. */
export interface Person {
  id: string;
  email: string;
  name: string;
  locale: Locale;
  /** SHA-256 (hex) of the session's token. */
  sessionHash: string;
  /** 1: the session was started with one factor; 2: with two, or with a passkey. */
  aal: number;
  /** When the session last proved who it is. */
  reauthenticatedAt: Date;
}

/** Someone acting in one organisation: a member through a session, or an API key. */
export interface Principal {
  kind: 'user' | 'api_key' | 'impersonation';
  id: string;
  name: string;
  /** As it stands in history and audit: `user:<id>` or `key:<id>`. */
  actor: string;
  /** The operator (`operator:<id>`) who looks in the actor's place; null: nobody does. */
  impersonator: string | null;
  orgId: string;
  permissions: ReadonlySet<Permission>;
  /** Role of a member, null for a key. */
  role: OrgRole | null;
  /** Roles of a member in single projects, by project. */
  projectRoles: Readonly<Record<string, ProjectRole>>;
  /**
   * The projects this call reaches; null: all of them. A key bound to a project reaches that one; a member whose right to
   * the call comes from roles in projects reaches those (see `authorise`).
   */
  projectIds: readonly string[] | null;
  /** Networks a key may be used from; empty: from anywhere. */
  allowedCidrs: readonly string[];
  authMethod: 'session' | 'api_key' | 'impersonation';
  /** Version of the API that a key was created with; null for a session. */
  apiVersion: string | null;
  /** Who is behind a session; null for a key. */
  person: Person | null;
  /** What an operator who looks in is shown of it. */
  impersonation: { id: string; operator_name: string; ticket: string; expires_at: string } | null;
}

/** Someone of the operator plane. */
export interface Operator {
  permissions: ReadonlySet<OperatorPermission>;
  id: string;
  email: string;
  name: string;
  actor: string;
}

/** Whom routes with `auth: 'user'` accept: a person, or a key (which some of them refuse). */
export type SignedIn = { person: Person; key: null } | { person: null; key: Principal };

/** Everybody who can be behind a call. */
export type Caller =
  | { plane: 'public' }
  | { plane: 'user'; signedIn: SignedIn }
  | { plane: 'org'; principal: Principal }
  | { plane: 'operator'; operator: Operator };

/** What an answer that lasts may ask of its connection. */
export interface StreamMeta {
  lastEventId: string | null;
  /** Who calls, found out anew. Throws as at the beginning when the credential no longer opens anything. */
  again(): Promise<Principal>;
  /** Aborted when the caller left or the server stops. */
  signal: AbortSignal;
}

/** What else is known about a call. */
export interface CallMeta {
  requestId: string;
  ip: string;
  userAgent: string | null;
  idempotencyKey: string | null;
  /** Entity tags of If-Match; null when the change does not depend on any. */
  ifMatch: string | null;
  /** Unix milliseconds. */
  nowMs: number;
  /** For answers that last longer than a request; absent where the transport has no such thing. */
  stream?: StreamMeta;
  /** Fingerprint of operation and input; set by the dispatcher where there is an idempotency key. */
  requestHash: string;
}

/**
 * Actions of people outside any organisation (signing in, creating one) are audited, and their idempotency keys kept,
 * under a scope of the person's own. It never equals an organisation's id.
 */
export function personScope(userId: string): string {
  return `person:${userId}`;
}
