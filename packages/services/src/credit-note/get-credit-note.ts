import { withOrgSql } from '@suanxiang/db/tenant';
import { readCreditNote } from '@suanxiang/metering/invoices/read-credit-notes';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { noteAnswer } from './credit-note-answer';

/** A credit note with its lines. */
export const getCreditNote: UseCase<'getCreditNote'> = async (ctx, { orgId }, _meta, { params }) => {
  const found = await withOrgSql(ctx.api, orgId, (sql) => readCreditNote(sql, orgId, params.credit_note_id));
  if (!found) throw notFound();
  return noteAnswer(found);
};
