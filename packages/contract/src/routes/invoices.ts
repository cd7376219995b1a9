import { z } from 'zod';
import { binary, ok, route } from '../route';
import * as billing from '../schemas/billing';
import { countedPage, page } from '../schemas/common';
import { pages, text } from './shared';

const byInvoice = z.strictObject({
  invoice_id: z
    .string()
    .regex(/^(draft|closing-\d{1,12}|inv_[0-9a-hjkmnp-tv-z]{26})$/, 'an invoice id, draft or closing-…'),
});

/** Invoices and their evidence. */
export const invoiceRoutes = [
  route({
    operationId: 'listInvoices',
    method: 'GET',
    path: '/v1/invoices',
    tag: 'Invoices',
    permission: 'billing.read',
    summary: text('Invoices, newest first, those not final yet on top', '账单列表（最新在前，含未定稿账期）'),
    cli: 'invoices list',
    query: pages,
    response: ok(countedPage(billing.invoiceSummary)),
  }),
  route({
    operationId: 'getInvoice',
    method: 'GET',
    path: '/v1/invoices/{invoice_id}',
    tag: 'Invoices',
    permission: 'billing.read',
    summary: text('Read an invoice with its lines', '查看账单与明细行'),
    cli: 'invoices get',
    params: byInvoice,
    response: ok(billing.invoice),
  }),
  route({
    operationId: 'listInvoiceEvidence',
    method: 'GET',
    path: '/v1/invoices/{invoice_id}/evidence',
    tag: 'Invoices',
    permission: 'billing.read',
    summary: text('The usage blocks a line was made of', '账单行所依据的用量区块'),
    cli: 'invoices evidence',
    params: byInvoice,
    query: billing.evidenceQuery,
    response: ok(page(billing.evidenceBlock)),
  }),
  route({
    operationId: 'getInvoiceProof',
    method: 'GET',
    path: '/v1/invoices/{invoice_id}/proof',
    tag: 'Invoices',
    permission: 'billing.read',
    summary: text('Prices, terms and seals, to derive the invoice again', '用于重新推导账单的价格、条款与摘要'),
    cli: 'invoices proof',
    params: byInvoice,
    response: ok(billing.invoiceProof),
    errors: ['conflict'],
  }),
  route({
    operationId: 'exportInvoice',
    method: 'GET',
    path: '/v1/invoices/{invoice_id}/csv',
    tag: 'Invoices',
    permission: 'billing.read',
    summary: text('The invoice as CSV: lines, or rows of FOCUS', '账单 CSV：明细行或 FOCUS 格式'),
    cli: 'invoices csv',
    params: byInvoice,
    query: billing.exportQuery,
    response: binary('text/csv'),
  }),
  route({
    operationId: 'getInvoicePdf',
    method: 'GET',
    path: '/v1/invoices/{invoice_id}/pdf',
    tag: 'Invoices',
    permission: 'billing.read',
    summary: text('The invoice as PDF', '账单 PDF'),
    cli: 'invoices pdf',
    params: byInvoice,
    query: billing.pdfQuery,
    response: binary('application/pdf'),
  }),
] as const;
