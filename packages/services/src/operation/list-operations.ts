import { withOrgSql } from '@suanxiang/db/tenant';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import type { operationAnswer } from './operation-answer';
import { readOperations } from './read-operations';

/** Operations, newest first. */
export const listOperations: UseCase<'listOperations'> = async (ctx, { orgId, projectIds }, _meta, { query }) => {
  const { rows, end } = await listPage<ReturnType<typeof operationAnswer>>(ctx, {
    orgId,
    operationId: 'listOperations',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at, row.id],
    fetch: (after, take) =>
      withOrgSql(ctx.api, orgId, async (sql) => {
        const ids = await sql<{ id: string }>`
          SELECT o.id FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
          WHERE o.org_id = ${orgId} AND (${projectIds}::text[] IS NULL OR w.project_id = ANY (${projectIds}::text[]))
            AND (${query.resource_id ?? null}::text IS NULL OR o.workload_id = ${query.resource_id ?? null})
            AND (${after?.[0] ?? null}::timestamptz IS NULL
              OR (o.created_at, o.id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
          ORDER BY o.created_at DESC, o.id DESC LIMIT ${take}`;
        return readOperations(
          sql,
          orgId,
          ids.map((row) => row.id),
        );
      }),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT 1 FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
            WHERE o.org_id = ${orgId} AND (${projectIds}::text[] IS NULL OR w.project_id = ANY (${projectIds}::text[]))
              AND (${query.resource_id ?? null}::text IS NULL OR o.workload_id = ${query.resource_id ?? null}) LIMIT ${most}) counted`,
      ),
  });
  return { items: rows, ...end };
};
