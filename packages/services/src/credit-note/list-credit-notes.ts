import { withOrgSql } from '@suanxiang/db/tenant';
import { type CreditNoteSummary, listCreditNotes as listNotes } from '@suanxiang/metering/invoices/read-credit-notes';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { noteSummaryAnswer } from './credit-note-answer';

/** Credit notes, the newest first; all, or those of one invoice. */
export const listCreditNotes: UseCase<'listCreditNotes'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, next_cursor } = await listPage<CreditNoteSummary>(ctx, {
    orgId,
    operationId: 'listCreditNotes',
    query,
    parts: 2,
    positionOf: (row) => [String(row.issuedS), row.id],
    fetch: (after, take) =>
      withOrgSql(ctx.api, orgId, (sql) =>
        listNotes(sql, orgId, {
          limit: take,
          after: after === null ? null : { issuedS: Number(after[0]), id: after[1]! },
          invoiceId: query.invoice_id ?? null,
        }),
      ),
  });
  return { items: rows.map(noteSummaryAnswer), next_cursor };
};
