import { singleOrgSql } from '@suanxiang/db/tenant';
import type { WorkloadState } from '@suanxiang/domain/workload-state';
import { countRows } from '../access/count-rows';
import { listPage, type PageEnd } from '../access/list-page';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { readWorkloads, type WorkloadAnswers } from './read-workloads';
import type { WorkloadKind } from './spec';

interface ListQuery extends Record<string, unknown> {
  limit: number;
  cursor?: string | undefined;
  project_id?: string | undefined;
  state?: WorkloadState | undefined;
  q?: string | undefined;
  live?: 'true' | 'false' | undefined;
  include?: 'total_count' | undefined;
}

/** Workloads of a kind, newest first. A key bound to a project sees that project's, whatever the filter says. */
export async function listWorkloads<K extends WorkloadKind>(
  ctx: AppContext,
  { orgId, projectIds }: Principal,
  kind: K,
  query: ListQuery,
): Promise<{ items: WorkloadAnswers[K][] } & PageEnd> {
  const { rows, end } = await listPage<WorkloadAnswers[K]>(ctx, {
    orgId,
    operationId: `list:${kind}`,
    query,
    parts: 2,
    positionOf: (row) => [row.created_at, row.id],
    fetch: async (after, take) => {
      const sql = singleOrgSql(ctx.api, orgId);
      const ids = await sql<{ id: string }>`
          SELECT id FROM workload WHERE org_id = ${orgId} AND kind = ${kind}
            AND (${projectIds}::text[] IS NULL OR project_id = ANY (${projectIds}::text[]))
            AND (${query.project_id ?? null}::text IS NULL OR project_id = ${query.project_id ?? null})
            AND (${query.state ?? null}::text IS NULL OR state = ${query.state ?? null})
            AND (${query.q ?? null}::text IS NULL OR position(lower(${query.q ?? null}) IN name) > 0)
            AND (${query.live ?? null}::text IS NULL
              OR (state NOT IN ('terminated', 'failed')) = (${query.live ?? null} = 'true'))
            AND (${after?.[0] ?? null}::timestamptz IS NULL
              OR (created_at, id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
          ORDER BY created_at DESC, id DESC LIMIT ${take}`;
      return readWorkloads(
        sql,
        orgId,
        kind,
        ids.map((row) => row.id),
      );
    },
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT 1 FROM workload WHERE org_id = ${orgId} AND kind = ${kind}
              AND (${projectIds}::text[] IS NULL OR project_id = ANY (${projectIds}::text[]))
              AND (${query.project_id ?? null}::text IS NULL OR project_id = ${query.project_id ?? null})
              AND (${query.state ?? null}::text IS NULL OR state = ${query.state ?? null})
              AND (${query.q ?? null}::text IS NULL OR position(lower(${query.q ?? null}) IN name) > 0)
              AND (${query.live ?? null}::text IS NULL
                OR (state NOT IN ('terminated', 'failed')) = (${query.live ?? null} = 'true')) LIMIT ${most}) counted`,
      ),
  });
  return { items: rows, ...end };
}
