import { singleSql } from '@suanxiang/db/tenant';
import type { Provisioner } from './context';

const MOST = 500;
const GRACE_MS = 1_000;

/**
 * Rings for everything that is due and that nobody works on, whatever became of its doorbell: operations without a
 * living lease, regions with operations waiting for devices, test clocks that were moved but not applied. The database
 * alone decides. Returns the number of rings.
 */
export async function sweep(ctx: Provisioner): Promise<number> {
  const rung = await singleSql(ctx.db)`
    WITH due AS (
      SELECT 'operation' AS topic, id AS key FROM (
        SELECT id FROM operation
        WHERE status IN ('pending', 'running') AND step <> 'place'
          AND next_attempt_at < clock_timestamp() - ${GRACE_MS} * interval '1 millisecond'
          AND (lease_until IS NULL OR lease_until < clock_timestamp())
        ORDER BY next_attempt_at LIMIT ${MOST}) o
      UNION ALL
      SELECT 'placement', region_id FROM (
        SELECT DISTINCT w.region_id FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
        WHERE o.status = 'pending' AND o.step = 'place') p
      UNION ALL
      SELECT 'what_if', id FROM what_if WHERE state = 'pending' AND created_at < clock_timestamp() - interval '5 seconds'
      UNION ALL
      SELECT 'billing', 'clock:' || id FROM organization WHERE clock_applied_s < clock_offset_s
    )
    INSERT INTO outbox (topic, key) SELECT topic, key FROM due RETURNING 1 AS one`;
  return rung.length;
}

/** Forgets doorbells that were rung more than a quarter of an hour ago. Returns how many. */
export async function pruneOutbox(ctx: Provisioner): Promise<number> {
  const gone = await singleSql(ctx.db)`
    DELETE FROM outbox WHERE sent_at < clock_timestamp() - interval '15 minutes' RETURNING 1 AS one`;
  return gone.length;
}
