'use client';
import { useTranslations } from 'next-intl';
import { browserPath } from '@/api/browser-client';
import { useApi } from '@/api/hooks';
import type { Invoice } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Breadcrumbs } from '@/ui/breadcrumbs';
import { buttonClass } from '@/ui/button';
import { Card, Section } from '@/ui/card';
import { Download, ShieldCheck } from '@/ui/icons';
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
  const { orgSlug } = useConsole();
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
              <PdfLink invoice={invoice} locale="en" label={t('pdf', { language: 'English' })} />
              <PdfLink invoice={invoice} locale="zh-CN" label={t('pdf', { language: '中文' })} />
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
            <Party title={t('seller')} party={invoice.seller} />
            <Party title={t('buyer')} party={invoice.buyer} />
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
        <Section title={t('lines')} description={t('linesText')} bare>
          <InvoiceLines invoice={invoice} />
        </Section>
        <Totals invoice={invoice} />
        <Evidence invoice={invoice} />
      </div>
    </>
  );
}

function PdfLink({ invoice, locale, label }: { invoice: Invoice; locale: 'en' | 'zh-CN'; label: string }) {
  const { organization } = useConsole();
  const path = browserPath('getInvoicePdf', {
    params: { invoice_id: invoice.id },
    query: { locale, organization_id: organization.id },
  });
  return (
    <a href={path} download={`${invoice.number ?? invoice.id}-${locale}.pdf`} className={buttonClass()}>
      <Download className="size-4" />
      {label}
    </a>
  );
}

function Party({ title, party }: { title: string; party: Invoice['seller'] }) {
  const t = useTranslations('invoices');
  return (
    <div className="min-w-0 text-sm">
      <p className="text-subtle text-xs">{title}</p>
      <p className="mt-1 break-words font-medium">{party.name || '—'}</p>
      <p className="break-words text-muted">{party.address}</p>
      {party.tax_id && (
        <p className="text-muted">
          {t('taxId')} <code className="font-mono text-xs">{party.tax_id}</code>
        </p>
      )}
    </div>
  );
}

function Totals({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const format = useFormat();
  const rows = [
    { key: 'subtotal', label: t('subtotal'), amount: invoice.subtotal },
    { key: 'tax', label: t('tax', { rate: format.percent(invoice.tax_rate_ppm) }), amount: invoice.tax },
    { key: 'total', label: t('total'), amount: invoice.total },
    { key: 'paid', label: t('paid'), amount: invoice.paid },
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
