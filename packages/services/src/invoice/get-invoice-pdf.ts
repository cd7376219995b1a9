import { withOrgSql } from '@suanxiang/db/tenant';
import { organizationLocale } from '../organization/organization-locale';
import type { UseCase } from '../use-case';
import { readView } from './read-view';

/** The invoice as a PDF in one of the two languages, by default the organisation's. */
export const getInvoicePdf: UseCase<'getInvoicePdf'> = async (ctx, { orgId }, _meta, { params, query }) => {
  const { invoice, locale } = await withOrgSql(ctx.api, orgId, async (sql) => ({
    invoice: await readView(sql, orgId, params.invoice_id),
    locale: query.locale ?? (await organizationLocale(sql, orgId)),
  }));
  const bytes = await ctx.pdf.render({ kind: 'invoice', invoice, locale });
  return { bytes, fileName: `${invoice.number ?? invoice.id}.pdf` };
};
