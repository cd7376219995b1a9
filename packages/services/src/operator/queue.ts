import { singleSql } from '@suanxiang/db/tenant';
import { type QueueRow, queueEntryAnswer } from '../queue/queue-answer';
import type { UseCase } from '../use-case';

interface Row extends QueueRow {
  org_id: string;
  org_name: string;
  rank: number;
  promised: boolean;
}

interface LeavingRow {
  id: string;
  workload_id: string;
  org_id: string;
  name: string;
  cause: string;
  for_id: string;
  told_at: Date;
  leave_at: Date;
}

const MOST = 500;

/** What waits everywhere in the order in which it is served, and what has been told to go. */
export const operatorQueue: UseCase<'operatorQueue'> = async (ctx, _operator, _meta, { query }) => {
  const sql = singleSql(ctx.ops);
  const regionId = query.region_id ?? null;
  const rows = await sql<Row>`
    SELECT q.workload_id AS resource_id, w.kind, w.name, q.project_id, q.operation_id, q.region_id, q.model_id,
      w.node_count, w.gpus_per_node, w.priority_class, w.preemptible, q.place, q.binding, q.reason, q.would_start,
      q.estimate_likely_at AS likely_at, q.estimate_from_at AS from_at, q.estimate_to_at AS to_at,
      q.estimate_basis AS basis, q.waiting_since, q.refreshed_at, q.org_id, o.name AS org_name, c.rank,
      EXISTS (SELECT 1 FROM queue_state s, jsonb_array_elements(s.plans) p
        WHERE s.region_id = q.region_id AND p->>'requestId' = q.operation_id) AS promised
    FROM queue_entry q JOIN workload w ON w.org_id = q.org_id AND w.id = q.workload_id
      JOIN organization o ON o.id = q.org_id JOIN priority_class c ON c.id = w.priority_class
    WHERE ${regionId}::text IS NULL OR q.region_id = ${regionId}
    ORDER BY q.region_id, q.model_id, q.place, q.operation_id LIMIT ${MOST}`;
  const leaving = await sql<LeavingRow>`
    SELECT e.id, e.workload_id, e.org_id, w.name, e.cause, e.for_id, e.told_at, e.leave_at
    FROM eviction e JOIN workload w ON w.org_id = e.org_id AND w.id = e.workload_id
    WHERE e.state = 'told' AND (${regionId}::text IS NULL OR w.region_id = ${regionId})
    ORDER BY e.leave_at, e.id LIMIT ${MOST}`;
  return {
    items: rows.map((row) => {
      const { org_id, org_name, rank, promised } = row;
      return { ...queueEntryAnswer(row), org_id, org_name, rank, promised };
    }),
    leaving: leaving.map((row) => ({
      ...row,
      told_at: row.told_at.toISOString(),
      leave_at: row.leave_at.toISOString(),
    })),
  };
};
