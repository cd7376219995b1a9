'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { downloadPath } from '@/api/downloads';
import { useApi } from '@/api/hooks';
import type { CreditNote } from '@/api/types';
import { PaperParty } from '@/features/invoices/paper-party';
import { PdfLinks } from '@/features/invoices/pdf-links';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Breadcrumbs } from '@/ui/breadcrumbs';
import { Card, Section } from '@/ui/card';
import { MonoId } from '@/ui/mono-id';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Properties } from '@/ui/properties';
import { Skeleton } from '@/ui/skeleton';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

export function CreditNotePage({ id }: { id: string }) {
  const note = useApi('getCreditNote', { params: { credit_note_id: id } });
  if (note.data) return <Document note={note.data} />;
  return note.error ? <ErrorNotice error={note.error} /> : <Skeleton className="h-96 w-full" />;
}

function Document({ note }: { note: CreditNote }) {
  const t = useTranslations('creditNotes');
  const nav = useTranslations('nav.items');
  const { orgSlug, organization } = useConsole();
  const params = { credit_note_id: note.id };
  return (
    <>
      <Breadcrumbs
        label={t('breadcrumbs')}
        items={[
          { label: nav('invoices'), href: paths.invoices(orgSlug) },
          { label: t('title'), href: paths.creditNotes(orgSlug) },
        ]}
      />
      <PageHeader
        title={note.number}
        description={t('one')}
        actions={
          <PdfLinks
            name={note.number}
            pathOf={(locale) =>
              downloadPath('getCreditNotePdf', { params, query: { locale, organization_id: organization.id } })
            }
          />
        }
      />
      <Notice tone="info" className="mb-6">
        {t('why')}
      </Notice>
      <div className="space-y-8">
        <Card>
          <div className="grid gap-6 sm:grid-cols-2">
            <PaperParty title={t('seller')} party={note.seller} />
            <PaperParty title={t('buyer')} party={note.buyer} />
          </div>
          <div className="mt-6 border-line border-t pt-5">
            <Facts note={note} />
          </div>
        </Card>
        <Lines note={note} />
        <Totals note={note} />
        <Card className="text-sm">
          <p className="text-subtle text-xs">{t('digest')}</p>
          <MonoId id={note.digest} full />
        </Card>
      </div>
    </>
  );
}

function Facts({ note }: { note: CreditNote }) {
  const t = useTranslations('creditNotes');
  const { orgSlug } = useConsole();
  const invoice = (
    <Link href={paths.invoice(orgSlug, note.invoice_id)} className="rounded-sm underline underline-offset-2">
      {note.invoice_number}
    </Link>
  );
  const period = (
    <>
      <Time at={note.period_from} /> – <Time at={note.period_to} />
    </>
  );
  return (
    <Properties
      items={[
        { label: t('corrects'), value: invoice },
        { label: t('period'), value: period },
        { label: t('issued'), value: <Time at={note.issued_at} /> },
        { label: t('currency'), value: note.total.currency },
      ]}
    />
  );
}

function Lines({ note }: { note: CreditNote }) {
  const t = useTranslations('creditNotes');
  const format = useFormat();
  return (
    <Section title={t('lines')} flush>
      <Table label={t('lines')}>
        <Head>
          <Th>{t('line')}</Th>
          <Th align="right">{t('amount')}</Th>
        </Head>
        <tbody>
          {note.lines.map((line) => (
            <Tr key={line.key} className="h-14">
              <Td>
                <span className="font-medium">{format.text(line.description)}</span>
                <code className="block break-all font-mono text-subtle text-xs">{line.key}</code>
              </Td>
              <Td align="right" className="font-medium">
                {format.money(line.amount)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

function Totals({ note }: { note: CreditNote }) {
  const t = useTranslations('creditNotes');
  const format = useFormat();
  const rows = [
    { key: 'net', label: t('net'), amount: note.net },
    { key: 'tax', label: t('tax', { rate: format.percent(note.tax_rate_ppm) }), amount: note.tax },
    { key: 'total', label: t('total'), amount: note.total },
    { key: 'settled', label: t('settled'), amount: note.settled },
    { key: 'balance', label: t('toBalance'), amount: note.to_balance },
  ];
  return (
    <dl className="ml-auto max-w-sm space-y-1.5 text-sm">
      {rows.map(({ key, label, amount }) => (
        <div
          key={key}
          className={
            key === 'total'
              ? 'flex justify-between gap-6 border-line border-t pt-2 font-semibold text-base'
              : 'flex justify-between gap-6'
          }
        >
          <dt className={key === 'total' ? '' : 'text-muted'}>{label}</dt>
          <dd className="tnum">{format.money(amount)}</dd>
        </div>
      ))}
    </dl>
  );
}
