import type { Sql } from '@suanxiang/db/sql';
import { openInvoice } from '@suanxiang/metering/invoices/draft';
import { readInvoice } from '@suanxiang/metering/invoices/read';
import type { InvoiceView } from '@suanxiang/metering/invoices/view';
import { notFound } from '../problem';

/** An issued invoice, or what the one of a period that is not final would be. Throws `not_found`. */
export async function readView(sql: Sql, orgId: string, invoiceId: string): Promise<InvoiceView> {
  const read = invoiceId.startsWith('inv_') ? readInvoice : openInvoice;
  const found = await read(sql, orgId, invoiceId);
  if (!found) throw notFound();
  return found;
}
