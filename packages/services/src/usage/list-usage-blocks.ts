import { withOrgSql } from '@suanxiang/db/tenant';
import { allocationBlocks } from '@suanxiang/metering/invoices/evidence';
import { readCursor, writeCursor } from '../access/cursor';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { blockAnswer } from './block-answer';

/** All usage blocks of one run of a node, in the order of time. */
export const listUsageBlocks: UseCase<'listUsageBlocks'> = async (ctx, principal, _meta, { params, query }) => {
  const { orgId, projectIds } = principal;
  const { allocation_id: allocationId } = params;
  const scope = { orgId, operationId: 'listUsageBlocks', filters: { allocationId } };
  const [after = null] = readCursor(ctx.secrets.cursorKey, scope, query.cursor, 1) ?? [];
  const page = await withOrgSql(ctx.api, orgId, async (sql) => {
    const [visible] = await sql`
      SELECT id FROM allocation WHERE org_id = ${orgId} AND id = ${allocationId}
        AND (${projectIds}::text[] IS NULL OR project_id = ANY (${projectIds}::text[]))`;
    return visible ? allocationBlocks(sql, orgId, { allocationId, after, limit: query.limit }) : null;
  });
  if (!page) throw notFound();
  const next_cursor = page.next === null ? null : writeCursor(ctx.secrets.cursorKey, scope, [page.next]);
  return { items: page.blocks.map(blockAnswer), next_cursor };
};
