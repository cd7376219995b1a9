import { withOrgSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';
import { findInvoice } from './find-invoice';
import { invoiceAnswer } from './invoice-answer';

export const getInvoice: UseCase<'getInvoice'> = async (ctx, { orgId }, _meta, { params }) =>
  invoiceAnswer(await withOrgSql(ctx.api, orgId, (sql) => findInvoice(sql, orgId, params.invoice_id)));
