import type { drain } from '@suanxiang/contract/schemas/scheduling';
import type { Sql } from '@suanxiang/db/sql';
import type { z } from 'zod';

interface Row {
  id: string;
  node_id: string;
  node: string;
  zone_id: string;
  state: 'draining' | 'drained' | 'cancelled';
  at_deadline: 'interrupt' | 'wait';
  deadline_at: Date;
  overdue: boolean;
  reason: string;
  requested_by: string;
  created_at: Date;
  finished_at: Date | null;
  left: (Omit<z.input<typeof drain>['left'][number], 'leave_at'> & { leave_at: string | null })[];
}

const MOST = 200;

/** Drains with what is left on their nodes: the one with an id, or all, those under way first. */
export async function readDrains(sql: Sql, id: string | null): Promise<z.input<typeof drain>[]> {
  const rows = await sql<Row>`
    SELECT d.id, d.node_id, n.name AS node, n.zone_id, d.state, d.at_deadline, d.deadline_at,
      d.state = 'draining' AND d.deadline_at < clock_timestamp() AS overdue, d.reason, d.requested_by, d.created_at,
      d.finished_at,
      (SELECT coalesce(json_agg(json_build_object('workload_id', w.id, 'org_id', w.org_id, 'name', w.name,
          'state', w.state, 'accelerators', a.gpus, 'moves', w.movable OR w.preemptible,
          'leave_at', (SELECT e.leave_at FROM eviction e WHERE e.workload_id = w.id AND e.state = 'told')) ORDER BY w.id), '[]')
        FROM allocation a JOIN workload w ON w.org_id = a.org_id AND w.id = a.workload_id
        WHERE d.state = 'draining' AND a.node_id = d.node_id AND a.released_at IS NULL) AS left
    FROM node_drain d JOIN node n ON n.id = d.node_id WHERE ${id}::text IS NULL OR d.id = ${id}
    ORDER BY d.state <> 'draining', d.created_at DESC, d.id LIMIT ${MOST}`;
  return rows.map((row) => ({
    ...row,
    deadline_at: row.deadline_at.toISOString(),
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    left: row.left.map((one) => ({
      ...one,
      leave_at: one.leave_at === null ? null : new Date(one.leave_at).toISOString(),
    })),
  }));
}
