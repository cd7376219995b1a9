import { z } from 'zod';
import { binary, ok, route } from '../route';
import * as billing from '../schemas/billing';
import { countedPage, idOf } from '../schemas/common';
import { text } from './shared';

const byNote = z.strictObject({ credit_note_id: idOf('creditNote') });

/** What was given back on issued invoices. */
export const creditNoteRoutes = [
  route({
    operationId: 'listCreditNotes',
    method: 'GET',
    path: '/v1/credit-notes',
    tag: 'Credit notes',
    permission: 'billing.read',
    summary: text('Credit notes, newest first', '贷项通知单列表（最新在前）'),
    cli: 'credit-notes list',
    query: billing.creditNotesQuery,
    response: ok(countedPage(billing.creditNoteSummary)),
  }),
  route({
    operationId: 'getCreditNote',
    method: 'GET',
    path: '/v1/credit-notes/{credit_note_id}',
    tag: 'Credit notes',
    permission: 'billing.read',
    summary: text('Read a credit note with its lines', '查看贷项通知单与明细行'),
    cli: 'credit-notes get',
    params: byNote,
    response: ok(billing.creditNote),
  }),
  route({
    operationId: 'getCreditNotePdf',
    method: 'GET',
    path: '/v1/credit-notes/{credit_note_id}/pdf',
    tag: 'Credit notes',
    permission: 'billing.read',
    summary: text('The credit note as PDF', '贷项通知单 PDF'),
    cli: 'credit-notes pdf',
    params: byNote,
    query: billing.pdfQuery,
    response: binary('application/pdf'),
  }),
] as const;
