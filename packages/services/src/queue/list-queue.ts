import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { type QueueRow, queueEntryAnswer } from './queue-answer';

interface Filter {
  orgId: string;
  /** The projects the caller reaches; null: all. */
  within: readonly string[] | null;
  projectId: string | null;
  regionId: string | null;
  resourceId: string | null;
}

function readEntries(sql: Sql, filter: Filter, after: readonly string[] | null, take: number): Promise<QueueRow[]> {
  const { orgId, within, projectId, regionId, resourceId } = filter;
  return sql<QueueRow>`
    SELECT q.workload_id AS resource_id, w.kind, w.name, q.project_id, q.operation_id, q.region_id, q.model_id,
      w.node_count, w.gpus_per_node, w.priority_class, w.preemptible, q.place, q.binding, q.reason, q.would_start,
      q.estimate_likely_at AS likely_at, q.estimate_from_at AS from_at, q.estimate_to_at AS to_at,
      q.estimate_basis AS basis, q.waiting_since, q.refreshed_at
    FROM queue_entry q JOIN workload w ON w.org_id = q.org_id AND w.id = q.workload_id
    WHERE q.org_id = ${orgId} AND (${within}::text[] IS NULL OR q.project_id = ANY (${within}::text[]))
      AND (${projectId}::text IS NULL OR q.project_id = ${projectId})
      AND (${regionId}::text IS NULL OR q.region_id = ${regionId})
      AND (${resourceId}::text IS NULL OR q.workload_id = ${resourceId})
      AND (${after?.[0] ?? null}::timestamptz IS NULL
        OR (q.waiting_since, q.operation_id) > (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
    ORDER BY q.waiting_since, q.operation_id LIMIT ${take}`;
}

/** What waits, longest first, as the last placement round saw it. A key bound to a project sees that project's. */
export const listQueue: UseCase<'listQueue'> = async (ctx, { orgId, projectIds }, _meta, { query }) => {
  const filter: Filter = {
    orgId,
    within: projectIds,
    projectId: query.project_id ?? null,
    regionId: query.region_id ?? null,
    resourceId: null,
  };
  const { rows, end } = await listPage<QueueRow>(ctx, {
    orgId,
    operationId: 'listQueue',
    query,
    parts: 2,
    positionOf: (row) => [new Date(row.waiting_since).toISOString(), row.operation_id],
    fetch: (after, take) => withOrgSql(ctx.api, orgId, (sql) => readEntries(sql, filter, after, take)),
    count: (most) =>
      countRows(ctx.api, orgId, async (sql) => [{ n: (await readEntries(sql, filter, null, most)).length }]),
  });
  return { items: rows.map(queueEntryAnswer), ...end };
};

/** One waiting instance or cluster. Throws `not_found` for what does not wait, as for what is not there. */
export const getQueueEntry: UseCase<'getQueueEntry'> = async (ctx, { orgId, projectIds }, _meta, { params }) => {
  const filter = { orgId, within: projectIds, projectId: null, regionId: null, resourceId: params.resource_id };
  const [row] = await withOrgSql(ctx.api, orgId, (sql) => readEntries(sql, filter, null, 1));
  if (!row) throw notFound();
  return queueEntryAnswer(row);
};
