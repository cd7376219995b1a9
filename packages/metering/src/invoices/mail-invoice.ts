import { queueMails } from '@suanxiang/db/queue-mail';
import type { Sql } from '@suanxiang/db/sql';
import type { Locale } from '@suanxiang/domain/locale';
import { type Currency, formatDecimal } from '@suanxiang/domain/money';

interface Row {
  org_id: string;
  invoice_id: string;
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
 * Queues the mails about invoices to their organisations' owners and billing members, in the transaction that issues them (role
 * app_worker). The key makes it one mail a person and invoice, whatever is tried again. The paper is printed when it is sent.
 */
export async function mailInvoices(
  sql: Sql,
  issued: readonly { orgId: string; invoiceId: string }[],
  webUrl: string,
  nowMs: number,
): Promise<void> {
  if (issued.length === 0) return;
  const rows = await sql<Row>`
    SELECT i.org_id, i.id AS invoice_id, o.name AS organization, o.slug, i.number, i.currency, i.total_minor::text AS total, i.due_minor::text AS due,
      u.email AS to, u.locale
    FROM invoice i JOIN organization o ON o.id = i.org_id
    JOIN membership m ON m.org_id = i.org_id AND m.role IN ('owner', 'billing') JOIN auth_user u ON u.id = m.user_id
    WHERE i.org_id = ANY (${issued.map((one) => one.orgId)}::text[]) AND i.id = ANY (${issued.map((one) => one.invoiceId)}::text[])
    ORDER BY i.org_id, u.id`;
  const mails = rows.map(({ to, locale, organization, slug, number, currency, total, due, ...row }) => {
    const { org_id: orgId, invoice_id: invoiceId } = row;
    const data = {
      organization,
      number,
      total: money(total, currency),
      due: BigInt(due) > 0n ? money(due, currency) : '',
      link: `${webUrl}/${slug}/invoices/${invoiceId}`,
      paper: { orgId, invoiceId },
    };
    const key = `invoice_issued:${invoiceId}:${to}`;
    return { to, locale, template: 'invoice_issued' as const, data, key, nowMs };
  });
  await queueMails(sql, mails);
}
