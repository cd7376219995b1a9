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
 * Appends to the organisation's audit chain in the caller's transaction. Takes the organisation's chain lock until
 * commit, so it belongs at the end of a transaction.
 */
export async function audit(sql: Sql, entry: AuditEntry): Promise<void> {
  await sql`
    INSERT INTO audit_event (id, org_id, actor, impersonator, auth_method, action, resource, result, detail, request_id, ip, seq, prev_hash, hash)
    VALUES (${mintId('auditEvent', entry.nowMs)}, ${entry.orgId}, ${entry.actor}, ${entry.impersonator ?? null}, ${entry.authMethod}, ${entry.action},
      ${entry.resource}, ${entry.result}, ${entry.detail ?? null}::jsonb, ${entry.requestId ?? null}, ${entry.ip ?? null},
      0, '', '')`;
}
