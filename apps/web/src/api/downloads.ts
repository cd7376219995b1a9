import { browserPath } from './browser-client';

/** Paths of what plain links download; the others are fetched with the first call (see `callApi`). */
export const DOWNLOADS = {
  getInvoicePdf: '/v1/invoices/{invoice_id}/pdf',
  getCreditNotePdf: '/v1/credit-notes/{credit_note_id}/pdf',
  operatorExportFapiao: '/v1/operator/fapiao-requests/csv',
} as const;

/** The address that downloads something. */
export function downloadPath(operationId: keyof typeof DOWNLOADS, input: { params?: object; query?: object }): string {
  return browserPath(DOWNLOADS[operationId], input);
}
