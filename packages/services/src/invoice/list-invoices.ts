import { withOrgSql } from '@suanxiang/db/tenant';
import { draftSummary } from '@suanxiang/metering/invoices/draft';
import { listInvoices as listIssued } from '@suanxiang/metering/invoices/read';
import type { InvoiceSummary } from '@suanxiang/metering/invoices/view';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { DRAFT } from './find-invoice';
import { summaryAnswer } from './invoice-answer';

/** Invoices, the newest period first; the draft of the running period is the first item of the first page. */
export const listInvoices: UseCase<'listInvoices'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, next_cursor } = await listPage<InvoiceSummary>(ctx, {
    orgId,
    operationId: 'listInvoices',
    query,
    parts: 2,
    positionOf: ({ fromS, id }) => [String(fromS), id],
    fetch: (after, take) =>
      withOrgSql(ctx.api, orgId, async (sql) => {
        if (after === null) {
          return [await draftSummary(sql, orgId), ...(await listIssued(sql, orgId, { limit: take - 1 }))];
        }
        const [fromS, id] = [Number(after[0]), after[1]!];
        return listIssued(sql, orgId, { limit: take, after: id === DRAFT ? null : { fromS, id } });
      }),
  });
  return { items: rows.map(summaryAnswer), next_cursor };
};
