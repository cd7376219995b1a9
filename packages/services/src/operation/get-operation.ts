import { withOrgSql } from '@suanxiang/db/tenant';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { readOperations } from './read-operations';

/** One operation with its steps. */
export const getOperation: UseCase<'getOperation'> = (ctx, { orgId, projectIds }, _meta, { params }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const [visible] = await sql`
      SELECT o.id FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
      WHERE o.org_id = ${orgId} AND o.id = ${params.operation_id}
        AND (${projectIds}::text[] IS NULL OR w.project_id = ANY (${projectIds}::text[]))`;
    const [operation] = visible ? await readOperations(sql, orgId, [params.operation_id]) : [];
    if (!operation) throw notFound();
    return operation;
  });
