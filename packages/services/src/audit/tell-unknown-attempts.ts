import { audit } from '@suanxiang/db/audit';
import type { Attempt } from '@suanxiang/db/audit-attempt';
import type { Db } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';

/** Longer than any call to a provider may take. */
const PATIENCE_S = 120;

/**
 * Tells the audit log of attempts of which nothing has been heard for two minutes: whoever began them is dead, or was not
 * answered. Each is told once; what becomes known later has a row of its own. Returns how many were told (role app_worker).
 */
export async function tellUnknownAttempts(db: Db, nowMs: number): Promise<number> {
  let told = 0;
  for (;;) {
    const one = await withSql(db, async (sql) => {
      const [lost] = await sql<Attempt & { startedAt: Date }>`
        UPDATE audit_attempt SET told_at = clock_timestamp() WHERE id = (
          SELECT id FROM audit_attempt WHERE told_at IS NULL AND started_at < clock_timestamp() - make_interval(secs => ${PATIENCE_S})
          ORDER BY started_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING org_id AS "orgId", actor, action, resource, started_at AS "startedAt"`;
      if (!lost) return false;
      const { startedAt, ...attempt } = lost;
      const detail = { started_at: startedAt.toISOString() };
      await audit(sql, { ...attempt, authMethod: 'system', result: 'unknown', detail, nowMs });
      return true;
    });
    if (!one) return told;
    told += 1;
  }
}
