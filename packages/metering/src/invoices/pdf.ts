import { renderToBuffer } from '@react-pdf/renderer';
import type { Locale } from '@suanxiang/domain/locale';
import { CreditNoteDocument } from './print/credit-note';
import { InvoiceDocument } from './print/document';
import { registerFonts } from './print/fonts';
import type { CreditNoteView } from './read-credit-notes';
import type { InvoiceView } from './view';

/**
 * An invoice, or a draft, as a PDF of A4 pages in one language, with the fonts for Chinese names in either. No I/O but
 * the shipped font files, which the first call reads.
 */
export async function invoicePdf(invoice: InvoiceView, locale: Locale): Promise<Uint8Array> {
  registerFonts();
  return renderToBuffer(InvoiceDocument({ invoice, locale }));
}

/** A credit note as a PDF, in the same way. */
export async function creditNotePdf(note: CreditNoteView, locale: Locale): Promise<Uint8Array> {
  registerFonts();
  return renderToBuffer(CreditNoteDocument({ note, locale }));
}
