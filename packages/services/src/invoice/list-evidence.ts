import { withOrgSql } from '@suanxiang/db/tenant';
import { invoiceEvidence } from '@suanxiang/metering/invoices/evidence';
import { readCursor, writeCursor } from '../access/cursor';
import { notFound } from '../problem';
import { blockAnswer } from '../usage/block-answer';
import type { UseCase } from '../use-case';

/** The usage blocks that a line was made of, exactly those that were read when it was rated. */
export const listInvoiceEvidence: UseCase<'listInvoiceEvidence'> = async (ctx, { orgId }, _meta, { params, query }) => {
  const { limit, cursor, key } = query;
  const { invoice_id: invoiceId } = params;
  const scope = { orgId, operationId: 'listInvoiceEvidence', filters: { invoiceId, key } };
  const [after = null] = readCursor(ctx.secrets.cursorKey, scope, cursor, 1) ?? [];
  const page = await withOrgSql(ctx.api, orgId, (sql) => invoiceEvidence(sql, orgId, { invoiceId, key, after, limit }));
  if (!page) throw notFound();
  const next_cursor = page.next === null ? null : writeCursor(ctx.secrets.cursorKey, scope, [page.next]);
  return { items: page.blocks.map(blockAnswer), next_cursor };
};
