import { audit } from './audit';
import type { Sql } from './sql';

/** An effect outside the database, by what is done to which resource. */
export interface Attempt {
  orgId: string;
  /** `system:<part>`: who carries it out. */
  actor: string;
  /** Permission-like verb, for example `payment.charge`. */
  action: string;
  resource: string;
}

const idOf = ({ action, resource }: Pick<Attempt, 'action' | 'resource'>) => `${action}:${resource}`;

/**
 * Notes that an effect outside the database is about to be begun; to be committed before it is. Asking again for the same
 * effect, as after a crash, is the same attempt.
 */
export async function beginAttempt(sql: Sql, attempt: Attempt): Promise<void> {
  const { orgId, actor, action, resource } = attempt;
  await sql`
    INSERT INTO audit_attempt (id, org_id, actor, action, resource) VALUES (${idOf(attempt)}, ${orgId}, ${actor}, ${action}, ${resource})
    ON CONFLICT (id) DO NOTHING`;
}

/**
 * Writes the audit row of an attempt whose outcome is known, in the transaction that keeps the outcome; once, whoever learns of
 * it first. Takes the organisation's chain lock, so it belongs at the end of a transaction.
 */
export async function endAttempt(
  sql: Sql,
  attempt: Pick<Attempt, 'action' | 'resource'>,
  outcome: { result: 'success' | 'denied'; detail: object },
  nowMs: number,
): Promise<void> {
  const [begun] = await sql<{ org_id: string; actor: string }>`
    DELETE FROM audit_attempt WHERE id = ${idOf(attempt)} RETURNING org_id, actor`;
  if (!begun) return;
  const { action, resource } = attempt;
  const entry = { orgId: begun.org_id, actor: begun.actor, authMethod: 'system' as const, action, resource };
  await audit(sql, { ...entry, ...outcome, nowMs });
}
