import { Buffer } from 'node:buffer';
import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import type { PdfRenderer } from '@suanxiang/metering/invoices/pdf-renderer';
import { readInvoice } from '@suanxiang/metering/invoices/read';
import type { PrintPaper } from './send-mails';

/**
 * Prints the invoice that a mail tells of, in the language of its receiver, as it stands when the mail is sent (role
 * app_worker). An invoice that was voided meanwhile is not sent any more.
 */
export function invoicePrinter(db: Db, pdf: PdfRenderer): PrintPaper {
  return async ({ orgId, invoiceId }, locale) => {
    const invoice = await readInvoice(singleSql(db), orgId, invoiceId);
    if (!invoice || invoice.status === 'void') return null;
    const bytes = await pdf.render({ kind: 'invoice', invoice, locale });
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { filename: `${invoice.number}.pdf`, contentType: 'application/pdf', content };
  };
}
