import { withOrgSql } from '@suanxiang/db/tenant';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { type ProjectRow, projectAnswer } from './project-answer';

/** One project; a key bound to another one does not see it. */
export const getProject: UseCase<'getProject'> = (ctx, { orgId, projectIds }, _meta, { params }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const [row] = await sql<ProjectRow>`
      SELECT id, slug, name, created_at FROM project
      WHERE org_id = ${orgId} AND id = ${params.project_id} AND (${projectIds}::text[] IS NULL OR id = ANY (${projectIds}::text[]))`;
    if (!row) throw notFound();
    return projectAnswer(row);
  });
