import { withOrgSql } from '@suanxiang/db/tenant';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { type ProjectRow, projectAnswer } from './project-answer';

/** Projects, oldest first; a key bound to one sees that one. */
export const listProjects: UseCase<'listProjects'> = async (ctx, { orgId, projectIds }, _meta, { query }) => {
  const { rows, end } = await listPage<ProjectRow>(ctx, {
    orgId,
    operationId: 'listProjects',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<ProjectRow>`
          SELECT id, slug, name, created_at FROM project
          WHERE org_id = ${orgId} AND (${projectIds}::text[] IS NULL OR id = ANY (${projectIds}::text[]))
            AND (${after?.[0] ?? null}::timestamptz IS NULL
              OR (created_at, id) > (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
          ORDER BY created_at, id LIMIT ${take}`,
      ),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT 1 FROM project WHERE org_id = ${orgId} AND (${projectIds}::text[] IS NULL OR id = ANY (${projectIds}::text[])) LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map(projectAnswer), ...end };
};
