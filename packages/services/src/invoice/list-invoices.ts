import { withOrgSql } from '@suanxiang/db/tenant';
import { draftSummary } from '@suanxiang/metering/invoices/draft';
import { listInvoices as listIssued } from '@suanxiang/metering/invoices/read';
import type { InvoiceSummary } from '@suanxiang/metering/invoices/view';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { summaryAnswer } from './invoice-answer';

/** Invoices, the newest period first, with the running period's draft on top of the first page. */
export const listInvoices: UseCase<'listInvoices'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<InvoiceSummary>(ctx, {
    orgId,
    operationId: 'listInvoices',
    query,
    parts: 2,
    positionOf: (row) => [String(row.fromS), row.id],
    fetch: (after, take) =>
      withOrgSql(ctx.api, orgId, async (sql) => {
        if (after === null)
          return [await draftSummary(sql, orgId), ...(await listIssued(sql, orgId, { limit: take - 1 }))];
        // The draft lies behind nothing: what follows it are all issued ones.
        const place = after[1] === 'draft' ? null : { fromS: Number(after[0]), id: after[1]! };
        return listIssued(sql, orgId, { limit: take, after: place });
      }),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT 1 FROM invoice WHERE org_id = ${orgId} UNION ALL SELECT 1 LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map(summaryAnswer), ...end };
};
