import { withOrgSql } from '@suanxiang/db/tenant';
import { allocationBlocks } from '@suanxiang/metering/invoices/evidence';
import type { UseCase } from '../use-case';
import { evidenceAnswer } from './evidence-answer';

/** Every usage block of one allocation in the order of time. A key bound to a project sees its own allocations. */
export const listUsageBlocks: UseCase<'listUsageBlocks'> = (ctx, { orgId, projectId }, _meta, { params, query }) => {
  const allocationId = params.allocation_id;
  const scope = { orgId, operationId: 'listUsageBlocks', filters: params };
  return evidenceAnswer(ctx, scope, query, (page) =>
    withOrgSql(ctx.api, orgId, async (sql) => {
      if (projectId !== null) {
        const [own] = await sql`
          SELECT 1 AS one FROM allocation WHERE org_id = ${orgId} AND id = ${allocationId} AND project_id = ${projectId}`;
        if (!own) return null;
      }
      return allocationBlocks(sql, orgId, { allocationId, ...page });
    }),
  );
};
