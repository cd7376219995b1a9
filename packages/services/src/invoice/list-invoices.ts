import { withOrgSql } from '@suanxiang/db/tenant';
import { openSummaries } from '@suanxiang/metering/invoices/draft';
import { listInvoices as listIssued } from '@suanxiang/metering/invoices/read';
import type { InvoiceSummary } from '@suanxiang/metering/invoices/view';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { summaryAnswer } from './invoice-answer';

const isIssued = (id: string) => id.startsWith('inv_');

/** Invoices, the newest period first: the running period's draft and the closing ones before the issued. */
export const listInvoices: UseCase<'listInvoices'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<InvoiceSummary>(ctx, {
    orgId,
    operationId: 'listInvoices',
    query,
    parts: 2,
    positionOf: (row) => [String(row.fromS), row.id],
    fetch: (after, take) =>
      withOrgSql(ctx.api, orgId, async (sql) => {
        const [fromS, id = ''] = after ?? [String(Number.MAX_SAFE_INTEGER)];
        if (isIssued(id)) return listIssued(sql, orgId, { limit: take, after: { fromS: Number(fromS), id } });
        // Periods become final in their order, so that all issued ones lie behind those that are open.
        const open = (await openSummaries(sql, orgId)).filter((row) => row.fromS < Number(fromS)).slice(0, take);
        const left = take - open.length;
        return left > 0 ? [...open, ...(await listIssued(sql, orgId, { limit: left }))] : open;
      }),
    count: (most) =>
      withOrgSql(ctx.api, orgId, async (sql) => {
        const [issued] = await sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (SELECT 1 FROM invoice WHERE org_id = ${orgId} LIMIT ${most}) counted`;
        return issued!.n + (await openSummaries(sql, orgId)).length;
      }),
  });
  return { items: rows.map(summaryAnswer), ...end };
};
