import { queueMail } from '@suanxiang/db/queue-mail';
import type { Sql } from '@suanxiang/db/sql';
import type { Locale } from '@suanxiang/domain/locale';
import { type Currency, formatDecimal } from '@suanxiang/domain/money';

interface Row {
  organization: string;
  slug: string;
  number: string;
  currency: Currency;
  total: string;
  due: string;
  to: string;
  locale: Locale;
}

const money = (minor: string, currency: Currency) => `${formatDecimal(BigInt(minor), currency)} ${currency}`;

/**
 * Queues the mail about an invoice to the organisation's owners and billing members, in the transaction that issues it (role
 * app_worker). The key makes it one mail a person and invoice, whatever is tried again.
 */
export async function mailInvoice(
  sql: Sql,
  issued: { orgId: string; invoiceId: string; webUrl: string; nowMs: number },
): Promise<void> {
  const { orgId, invoiceId, webUrl, nowMs } = issued;
  const rows = await sql<Row>`
    SELECT o.name AS organization, o.slug, i.number, i.currency, i.total_minor::text AS total, i.due_minor::text AS due,
      u.email AS to, u.locale
    FROM invoice i JOIN organization o ON o.id = i.org_id
    JOIN membership m ON m.org_id = i.org_id AND m.role IN ('owner', 'billing') JOIN auth_user u ON u.id = m.user_id
    WHERE i.org_id = ${orgId} AND i.id = ${invoiceId} ORDER BY u.id`;
  for (const { to, locale, organization, slug, number, currency, total, due } of rows) {
    const data = {
      organization,
      number,
      total: money(total, currency),
      due: BigInt(due) > 0n ? money(due, currency) : '',
      link: `${webUrl}/${slug}/invoices/${invoiceId}`,
      paper: { orgId, invoiceId },
    };
    await queueMail(sql, {
      to,
      locale,
      template: 'invoice_issued',
      data,
      key: `invoice_issued:${invoiceId}:${to}`,
      nowMs,
    });
  }
}
