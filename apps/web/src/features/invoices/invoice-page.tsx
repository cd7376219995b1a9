'use client';
import { useTranslations } from 'next-intl';
import { downloadPath } from '@/api/downloads';
import { useApi } from '@/api/hooks';
import type { Invoice } from '@/api/types';
import { CreditNotesTable } from '@/features/credit-notes/credit-notes-table';
import { CREDIT_NOTES_PAGE } from '@/features/credit-notes/pages';
import { InvoiceFapiao } from '@/features/fapiao/invoice-fapiao';
import { compareDecimal } from '@/lib/decimal';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Breadcrumbs } from '@/ui/breadcrumbs';
import { Card, Section } from '@/ui/card';
import { ShieldCheck } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Properties } from '@/ui/properties';
import { Skeleton } from '@/ui/skeleton';
import { Time } from '@/ui/time';
import { InvoiceLines } from './invoice-lines';
import { InvoiceStatus } from './invoice-status';
import { usePeriodName } from './invoices-page';
import { PaperParty } from './paper-party';
import { PayInvoice } from './pay-invoice';
import { PdfLinks } from './pdf-links';

const InvoiceWaterfall = lazily(() => import('./invoice-waterfall'));

export function InvoicePage({ id }: { id: string }) {
  const invoice = useApi(
    'getInvoice',
    { params: { invoice_id: id } },
    { pollMs: id.startsWith('inv_') ? false : 30_000 },
  );
  if (invoice.data) return <InvoiceDocument invoice={invoice.data} />;
  return invoice.error ? <ErrorNotice error={invoice.error} /> : <Skeleton className="h-96 w-full" />;
}

function InvoiceDocument({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const nav = useTranslations('nav.items');
  const { orgSlug, organization } = useConsole();
  const params = { invoice_id: invoice.id };
  const period = usePeriodName(invoice);
  const format = useFormat();
  const closing = invoice.status === 'closing';
  const open = closing || invoice.status === 'draft';
  return (
    <>
      <Breadcrumbs label={t('breadcrumbs')} items={[{ label: nav('invoices'), href: paths.invoices(orgSlug) }]} />
      <PageHeader
        title={invoice.number ?? t(closing ? 'closing' : 'running')}
        meta={<InvoiceStatus invoice={invoice} />}
        description={period}
        actions={
          !open && (
            <>
              <PdfLinks
                name={invoice.number ?? invoice.id}
                pathOf={(locale) =>
                  downloadPath('getInvoicePdf', { params, query: { locale, organization_id: organization.id } })
                }
              />
              <PayInvoice invoice={invoice} />
            </>
          )
        }
      />
      {open && (
        <Notice tone="info" className="mb-6">
          {closing ? t('closingText', { date: format.date(invoice.final_at ?? '', 'seconds') }) : t('draftText')}
        </Notice>
      )}
      <div className="space-y-8">
        <Card>
          <div className="grid gap-6 sm:grid-cols-2">
            <PaperParty title={t('seller')} party={invoice.seller} />
            <PaperParty title={t('buyer')} party={invoice.buyer} />
          </div>
          <div className="mt-6 border-line border-t pt-5">
            <Properties
              items={[
                {
                  label: t('period'),
                  value: (
                    <>
                      <Time at={invoice.period_from} /> – <Time at={invoice.period_to} />
                    </>
                  ),
                },
                { label: t('timeZone'), value: invoice.time_zone },
                { label: t('issued'), value: invoice.issued_at ? <Time at={invoice.issued_at} /> : '—' },
                { label: t('currency'), value: invoice.total.currency },
              ]}
            />
          </div>
        </Card>
        {invoice.lines.length > 0 && <InvoiceWaterfall invoice={invoice} />}
        <Section title={t('lines')} description={t('linesText')} bare>
          <InvoiceLines invoice={invoice} />
        </Section>
        <Totals invoice={invoice} />
        {compareDecimal(invoice.credited.amount, '0') > 0 && <CreditNotes invoiceId={invoice.id} />}
        <InvoiceFapiao invoice={invoice} />
        <Evidence invoice={invoice} />
      </div>
    </>
  );
}

function Totals({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const format = useFormat();
  const rows = [
    { key: 'subtotal', label: t('subtotal'), amount: invoice.subtotal },
    ...(compareDecimal(invoice.promotional.amount, '0') > 0
      ? [
          {
            key: 'promotional',
            label: t('promotional'),
            amount: { ...invoice.promotional, amount: `-${invoice.promotional.amount}` },
          },
        ]
      : []),
    { key: 'tax', label: t('tax', { rate: format.percent(invoice.tax_rate_ppm) }), amount: invoice.tax },
    { key: 'total', label: t('total'), amount: invoice.total },
    { key: 'paid', label: t('paid'), amount: invoice.paid },
    ...(compareDecimal(invoice.credited.amount, '0') > 0
      ? [{ key: 'credited', label: t('credited'), amount: invoice.credited }]
      : []),
    { key: 'due', label: t('due'), amount: invoice.due },
  ];
  return (
    <dl className="ml-auto max-w-sm space-y-1.5 text-sm">
      {rows.map(({ key, label, amount }) => (
        <div
          key={key}
          className={
            key === 'total' || key === 'due'
              ? 'flex justify-between gap-6 border-line border-t pt-2 font-semibold text-base'
              : 'flex justify-between gap-6'
          }
        >
          <dt className={key === 'total' || key === 'due' ? '' : 'text-muted'}>{label}</dt>
          <dd className="tnum">{format.money(amount)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What was given back on this invoice since it was issued. */
function CreditNotes({ invoiceId }: { invoiceId: string }) {
  const t = useTranslations('creditNotes');
  const notes = useApi('listCreditNotes', { query: { limit: CREDIT_NOTES_PAGE, invoice_id: invoiceId } });
  return (
    <Section title={t('title')} description={t('why')} flush>
      <CreditNotesTable notes={notes.data?.items ?? []} />
    </Section>
  );
}

/** What makes the bill provable: the digest over everything above, and how to recompute it. */
function Evidence({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const blocks = invoice.lines.reduce((sum, line) => sum + line.block_count, 0);
  const format = useFormat();
  return (
    <Card className="flex flex-wrap items-start gap-x-6 gap-y-4">
      <ShieldCheck className="size-5 shrink-0 text-success" strokeWidth={1.75} aria-hidden="true" />
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-medium">{t('evidence')}</p>
        <p className="mt-0.5 max-w-prose text-muted">{t('evidenceText', { blocks: format.count(blocks) })}</p>
        <div className="mt-3 flex flex-wrap gap-x-8 gap-y-2">
          {invoice.digest && (
            <span className="min-w-0">
              <span className="block text-subtle text-xs">{t('digest')}</span>
              <MonoId id={invoice.digest} full />
            </span>
          )}
          <span>
            <span className="block text-subtle text-xs">{t('engine')}</span>
            <code className="font-mono text-xs">{invoice.engine_version}</code>
          </span>
        </div>
      </div>
    </Card>
  );
}
