import { withOrgSql } from '@suanxiang/db/tenant';
import type { Locale } from '@suanxiang/domain/locale';
import { invoicePdf } from '@suanxiang/metering/invoices/pdf';
import type { UseCase } from '../use-case';
import { readView } from './read-view';

/** The invoice as a PDF in one of the two languages, by default the organisation's. */
export const getInvoicePdf: UseCase<'getInvoicePdf'> = async (ctx, { orgId }, _meta, { params, query }) => {
  const { view, locale } = await withOrgSql(ctx.api, orgId, async (sql) => {
    const [org] = await sql<{ locale: Locale }>`SELECT locale FROM organization WHERE id = ${orgId}`;
    return { view: await readView(sql, orgId, params.invoice_id), locale: query.locale ?? org!.locale };
  });
  return { bytes: await invoicePdf(view, locale), fileName: `${view.number ?? 'draft'}.pdf` };
};
