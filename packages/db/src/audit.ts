import { mintId } from '@suanxiang/domain/ids';
import type { Sql } from './sql';

export interface AuditEntry {
  orgId: string;
  /** `user:<id>`, `key:<id>` or `system:<part>`. */
  actor: string;
  /** The operator behind an impersonated actor, as `operator:<id>`. */
  impersonator?: string | null;
  authMethod: 'session' | 'api_key' | 'impersonation' | 'system';
  /** Permission-like verb, for example `instance.create`. */
  action: string;
  resource: string | null;
  /** unknown: something was begun outside the database, and nobody knows what became of it. */
  result: 'success' | 'denied' | 'unknown';
  detail?: object | null;
  requestId?: string | null;
  ip?: string | null;
  nowMs: number;
}

/**
 * Appends to the audit chains of organisations, to each no more than one entry, in the caller's transaction. Takes their chains'
 * locks until commit, in the order of their ids, so it belongs at the end of a transaction.
 */
export async function auditEach(sql: Sql, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({
    id: mintId('auditEvent', entry.nowMs),
    org_id: entry.orgId,
    actor: entry.actor,
    impersonator: entry.impersonator ?? null,
    auth_method: entry.authMethod,
    action: entry.action,
    resource: entry.resource,
    result: entry.result,
    detail: entry.detail ?? null,
    request_id: entry.requestId ?? null,
    ip: entry.ip ?? null,
  }));
  await sql`
    INSERT INTO audit_event (id, org_id, actor, impersonator, auth_method, action, resource, result, detail, request_id, ip, seq, prev_hash, hash)
    SELECT id, org_id, actor, impersonator, auth_method, action, resource, result, detail, request_id, ip, 0, '', ''
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS e(id text, org_id text, actor text, impersonator text,
      auth_method text, action text, resource text, result text, detail jsonb, request_id text, ip text)
    ORDER BY org_id`;
}

/**
 * Appends to the organisation's audit chain in the caller's transaction. Takes the organisation's chain lock until
 * commit, so it belongs at the end of a transaction.
 */
export function audit(sql: Sql, entry: AuditEntry): Promise<void> {
  return auditEach(sql, [entry]);
}
