import { withOrgSql } from '@suanxiang/db/tenant';
import { type CreditNoteSummary, listCreditNotes as listNotes } from '@suanxiang/metering/invoices/read-credit-notes';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { noteSummaryAnswer } from './credit-note-answer';

/** Credit notes, the newest first; all, or those of one invoice. */
export const listCreditNotes: UseCase<'listCreditNotes'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<CreditNoteSummary>(ctx, {
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
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (SELECT 1 FROM credit_note WHERE org_id = ${orgId}
            AND (${query.invoice_id ?? null}::text IS NULL OR invoice_id = ${query.invoice_id ?? null}::text)
            LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map(noteSummaryAnswer), ...end };
};
