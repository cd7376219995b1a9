'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { UsageRow } from '@/api/types';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';

/** Enough for the last two years. */
const MONTHS = 24;

/** From a row of usage to its line on every invoice that bills a part of it. */
export default function InvoiceLink({ row }: { row: Pick<UsageRow, 'allocation_id' | 'from_s' | 'to_s'> }) {
  const t = useTranslations('usage');
  const { orgSlug, can } = useConsole();
  const invoices = useApi('listInvoices', { query: { limit: MONTHS } }, { enabled: can('billing.read') });
  const found = invoices.data?.items.filter(
    ({ status, period_from, period_to }) =>
      status !== 'void' && Date.parse(period_from) / 1000 < row.to_s && Date.parse(period_to) / 1000 > row.from_s,
  );
  if (!found || found.length === 0) return null;
  return (
    <p className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {found.map((invoice) => (
        <Link
          key={invoice.id}
          href={`${paths.invoice(orgSlug, invoice.id)}?allocation=${row.allocation_id}`}
          className="rounded-sm text-accent hover:underline"
        >
          {invoice.number ? t('onInvoice', { number: invoice.number }) : t('onDraft')}
        </Link>
      ))}
    </p>
  );
}
