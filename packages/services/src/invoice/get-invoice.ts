import { withOrgSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';
import { invoiceAnswer } from './invoice-answer';
import { readView } from './read-view';

/** An invoice with its lines. */
export const getInvoice: UseCase<'getInvoice'> = async (ctx, { orgId }, _meta, { params }) =>
  invoiceAnswer(await withOrgSql(ctx.api, orgId, (sql) => readView(sql, orgId, params.invoice_id)));
