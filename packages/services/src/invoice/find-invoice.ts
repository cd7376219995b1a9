import type { Sql } from '@suanxiang/db/sql';
import { draftInvoice } from '@suanxiang/metering/invoices/draft';
import { readInvoice } from '@suanxiang/metering/invoices/read';
import type { InvoiceView } from '@suanxiang/metering/invoices/view';
import { notFound } from '../problem';

/** Id under which the running period is read. */
export const DRAFT = 'draft';

/** An issued invoice of an organisation, or its draft. Throws `not_found`. */
export async function findInvoice(sql: Sql, orgId: string, invoiceId: string): Promise<InvoiceView> {
  const view = invoiceId === DRAFT ? await draftInvoice(sql, orgId) : await readInvoice(sql, orgId, invoiceId);
  if (!view) throw notFound();
  return view;
}
