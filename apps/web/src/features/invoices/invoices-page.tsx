'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { InvoiceSummary } from '@/api/types';
import { Pager } from '@/features/list/pager';
import { useRowKeys } from '@/features/list/use-row-keys';
import { useUrlState } from '@/features/list/use-url-state';
import { formatDate } from '@/lib/format';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { buttonClass } from '@/ui/button-class';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ReceiptText } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { InvoiceStatus } from './invoice-status';
import { INVOICES_PAGE } from './pages';

export function InvoicesPage() {
  const t = useTranslations('invoices');
  const { orgSlug } = useConsole();
  const url = useUrlState();
  const ref = useRowKeys<HTMLTableSectionElement>();
  const cursor = url.get('cursor');
  const invoices = useApi(
    'listInvoices',
    { query: { limit: INVOICES_PAGE, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true, pollMs: 60_000 },
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <Link href={paths.creditNotes(orgSlug)} className={buttonClass()}>
            {t('creditNotes')}
          </Link>
        }
      />
      {invoices.error && !invoices.data ? (
        <ErrorNotice error={invoices.error} onRetry={() => void invoices.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {invoices.data?.items.length === 0 ? (
            <EmptyState icon={<ReceiptText />} title={t('emptyTitle')}>
              {t('emptyText')}
            </EmptyState>
          ) : (
            <Table label={t('title')}>
              <Head>
                <Th>{t('number')}</Th>
                <Th from="sm">{t('period')}</Th>
                <Th>{t('statusTitle')}</Th>
                <Th from="lg">{t('issued')}</Th>
                <Th align="right" from="md">
                  {t('due')}
                </Th>
                <Th align="right">{t('total')}</Th>
              </Head>
              <tbody ref={ref}>
                {invoices.data?.items.map((invoice) => (
                  <InvoiceRow key={invoice.id} invoice={invoice} />
                ))}
              </tbody>
            </Table>
          )}
        </Card>
      )}
      <Pager
        cursor={cursor}
        nextCursor={invoices.data?.next_cursor}
        onGo={(next) => url.set({ cursor: next }, 'push')}
      />
    </>
  );
}

/** The month an invoice covers, in its own time zone. */
export function usePeriodName(invoice: Pick<InvoiceSummary, 'period_from' | 'time_zone'>): string {
  const { locale } = useFormat();
  return formatDate(invoice.period_from, 'month', locale, invoice.time_zone);
}

function InvoiceRow({ invoice }: { invoice: InvoiceSummary }) {
  const t = useTranslations('invoices');
  const format = useFormat();
  const { orgSlug } = useConsole();
  const period = usePeriodName(invoice);
  return (
    <Tr>
      <Td>
        <Link data-row href={paths.invoice(orgSlug, invoice.id)} className="rounded-sm font-medium hover:underline">
          {invoice.number ?? t(invoice.status === 'closing' ? 'closing' : 'running')}
        </Link>
        <span className="block text-subtle text-xs sm:hidden">{period}</span>
      </Td>
      <Td from="sm" className="text-muted">
        {period}
      </Td>
      <Td>
        <InvoiceStatus invoice={invoice} />
      </Td>
      <Td from="lg" className="text-muted">
        {invoice.issued_at && <Time at={invoice.issued_at} style="date" />}
        {invoice.status === 'closing' && t('finalOn', { date: format.date(invoice.final_at ?? '', 'dateTime') })}
        {invoice.status === 'draft' && '—'}
      </Td>
      <Td align="right" from="md" className="text-muted">
        {format.money(invoice.due)}
      </Td>
      <Td align="right" className="font-medium">
        {format.money(invoice.total)}
      </Td>
    </Tr>
  );
}
