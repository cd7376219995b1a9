import { withOrgSql } from '@suanxiang/db/tenant';
import { readCreditNote } from '@suanxiang/metering/invoices/read-credit-notes';
import { organizationLocale } from '../organization/organization-locale';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';

/** The credit note as a PDF in one of the two languages, by default the organisation's. */
export const getCreditNotePdf: UseCase<'getCreditNotePdf'> = async (ctx, { orgId }, _meta, { params, query }) => {
  const { note, locale } = await withOrgSql(ctx.api, orgId, async (sql) => ({
    note: await readCreditNote(sql, orgId, params.credit_note_id),
    locale: query.locale ?? (await organizationLocale(sql, orgId)),
  }));
  if (!note) throw notFound();
  return { bytes: await ctx.pdf.render({ kind: 'credit-note', note, locale }), fileName: `${note.number}.pdf` };
};
