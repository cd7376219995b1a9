import type { Sql } from '@suanxiang/db/sql';
import { draftInvoice } from '@suanxiang/metering/invoices/draft';
import { readInvoice } from '@suanxiang/metering/invoices/read';
import type { InvoiceView } from '@suanxiang/metering/invoices/view';
import { notFound } from '../problem';

/** An issued invoice, or with the id "draft" what the running period's would be. Throws `not_found`. */
export async function readView(sql: Sql, orgId: string, invoiceId: string): Promise<InvoiceView> {
  const found = invoiceId === 'draft' ? await draftInvoice(sql, orgId) : await readInvoice(sql, orgId, invoiceId);
  if (!found) throw notFound();
  return found;
}
