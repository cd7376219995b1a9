import type { Sql } from '@suanxiang/db/sql';
import { type OperationJson, operationAnswer } from './operation-answer';

interface Row extends Omit<OperationJson, 'created_at' | 'finished_at'> {
  created_at: Date;
  finished_at: Date | null;
}

/** Operations as the API shows them, in the order of the ids. Ids that are not there are left out. */
export async function readOperations(sql: Sql, orgId: string, ids: readonly string[]) {
  const rows = await sql<Row>`
    SELECT o.id, o.kind, o.status, o.workload_id AS resource_id, o.error, o.created_at, o.finished_at,
      (SELECT json_agg(json_build_object('name', s.name, 'status', s.status, 'detail', s.detail,
          'started_at', s.started_at, 'finished_at', s.finished_at) ORDER BY s.position)
        FROM operation_step s WHERE s.operation_id = o.id AND s.org_id = o.org_id) AS steps
    FROM operation o WHERE o.org_id = ${orgId} AND o.id = ANY (${[...ids]}::text[])`;
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (!row) return [];
    const times = { created_at: row.created_at.toISOString(), finished_at: row.finished_at?.toISOString() ?? null };
    return operationAnswer({ ...row, ...times });
  });
}
