import type { Sql } from '@suanxiang/db/sql';
import type { StatusReason } from '@suanxiang/db/transition';
import { mintId } from '@suanxiang/domain/ids';
import type { Plan } from '../queue/look';

/** A running workload that has to make room. */
export interface Notice {
  workloadId: string;
  cause: 'priority' | 'reclaim' | 'reservation' | 'maintenance';
  /** The request, reservation or drain it makes room for. */
  forId: string;
  /** Database clock, Unix seconds. */
  leaveAtS: number;
  reason: StatusReason;
}

/**
 * Tells running workloads to go: they are interrupted at the stated time (see carry-out.ts). Those that do not run
 * any more, are being worked on, or were told already are left alone. Returns the number told.
 */
export async function tellToGo(sql: Sql, notices: readonly Notice[], nowMs: number): Promise<number> {
  let told = 0;
  for (const notice of notices) {
    const { workloadId, cause, forId, leaveAtS, reason } = notice;
    const rows = await sql`
      WITH free AS MATERIALIZED (
        SELECT org_id, id FROM workload WHERE id = ${workloadId} AND state = 'running' FOR UPDATE SKIP LOCKED)
      INSERT INTO eviction (id, org_id, workload_id, cause, for_id, reason, leave_at)
      SELECT ${mintId('eviction', nowMs)}, org_id, id, ${cause}, ${forId}, ${reason}::jsonb, to_timestamp(${leaveAtS}::float8)
      FROM free WHERE NOT EXISTS (
        SELECT 1 FROM operation o WHERE o.workload_id = free.id AND o.status IN ('pending', 'running'))
      ON CONFLICT DO NOTHING RETURNING 1 AS one`;
    told += rows.length;
  }
  return told;
}

/** Writes whom a round sends away and whom it lets stay. What leaves for a drain goes on leaving. */
export async function writePreemptions(
  sql: Sql,
  plan: Pick<Plan, 'preemptions' | 'spared'>,
  nowMs: number,
): Promise<void> {
  if (plan.spared.length > 0) {
    await sql`
      UPDATE eviction SET state = 'spared', settled_at = clock_timestamp()
      WHERE state = 'told' AND cause <> 'maintenance' AND workload_id = ANY (${[...plan.spared]}::text[])`;
  }
  const notices = plan.preemptions.flatMap(({ for: whom, kind, victims, reason }) =>
    victims.map((victim) => ({
      workloadId: victim.workId,
      cause: kind,
      forId: Object.values(whom)[0] as string,
      leaveAtS: victim.leaveAtS,
      reason,
    })),
  );
  await tellToGo(sql, notices, nowMs);
}
