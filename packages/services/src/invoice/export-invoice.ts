import { withOrgSql } from '@suanxiang/db/tenant';
import { focusCsv } from '@suanxiang/metering/exports/focus';
import { invoiceLinesCsv } from '@suanxiang/metering/exports/invoice-lines';
import { organizationLocale } from '../organization/organization-locale';
import type { UseCase } from '../use-case';
import { readView } from './read-view';

/** An invoice as CSV: its lines as they stand, or rows of the FOCUS specification. */
export const exportInvoice: UseCase<'exportInvoice'> = (ctx, { orgId }, _meta, { params, query }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const invoice = await readView(sql, orgId, params.invoice_id);
    const text =
      query.format === 'focus'
        ? focusCsv(invoice, { id: orgId, name: invoice.buyer.name })
        : invoiceLinesCsv(invoice, await organizationLocale(sql, orgId));
    const fileName = `${invoice.number ?? invoice.id}${query.format === 'focus' ? '-focus' : ''}.csv`;
    return { bytes: new TextEncoder().encode(text), fileName };
  });
