import { withOrgSql } from '@suanxiang/db/tenant';
import { invoiceEvidence } from '@suanxiang/metering/invoices/evidence';
import { evidenceAnswer } from '../usage/evidence-answer';
import type { UseCase } from '../use-case';

/** The usage blocks that one line of an invoice, or of the draft, was made of. */
export const listInvoiceEvidence: UseCase<'listInvoiceEvidence'> = (ctx, { orgId }, _meta, { params, query }) => {
  const { invoice_id: invoiceId } = params;
  const scope = { orgId, operationId: 'listInvoiceEvidence', filters: { ...params, key: query.key } };
  return evidenceAnswer(ctx, scope, query, (page) =>
    withOrgSql(ctx.api, orgId, (sql) => invoiceEvidence(sql, orgId, { invoiceId, key: query.key, ...page })),
  );
};
