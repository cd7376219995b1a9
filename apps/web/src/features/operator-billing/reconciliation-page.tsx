'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Reconciliation } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { MonoId } from '@/ui/mono-id';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { Stat, StatRow } from '@/ui/stat';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { BillingTabs } from './billing-tabs';
import { codeOf, PAIRS, type Pair, pairOf } from './pairs';
import { reconciliationQueryOf } from './queries';

/** Two records at a time, side by side: what agrees, and each thing that does not. */
export function ReconciliationPage({ nowMs }: { nowMs: number }) {
  const t = useTranslations('operatorBilling');
  const url = useUrlState();
  const [now] = useState(nowMs);
  const query = reconciliationQueryOf(url.get('month'), now);
  const found = useApi('operatorReconciliation', { query }, { keepPrevious: true });
  const chosen = PAIRS.find((one) => one === url.get('pair')) ?? null;
  const report = found.data;
  return (
    <>
      <PageHeader title={t('reconciliation')} description={t('reconciliationText')} />
      <BillingTabs />
      <Field label={t('month')} className="mb-4 w-44">
        {(control) => (
          <Input
            {...control}
            type="month"
            value={query.month}
            onChange={(event) => url.set({ month: event.target.value || null })}
          />
        )}
      </Field>
      {found.error && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      {!report && !found.error && <Skeleton className="h-60 w-full" />}
      {report && <Report report={report} chosen={chosen} onChoose={(pair) => url.set({ pair })} />}
    </>
  );
}

interface ReportProps {
  report: Reconciliation;
  chosen: Pair | null;
  onChoose: (pair: Pair | null) => void;
}

function Report({ report, chosen, onChoose }: ReportProps) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const shown = report.items.filter((one) => chosen === null || pairOf(one.code) === chosen);
  return (
    <div className="space-y-6">
      <StatRow>
        <Stat label={t('comparedPeriods')} value={format.count(report.periods)} />
        <Stat label={t('comparedInvoices')} value={format.count(report.invoices)} />
        <Stat label={t('comparedPayments')} value={format.count(report.payments)} />
        <Stat label={t('differences')} value={format.count(report.differences)} />
      </StatRow>
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-5">
        {PAIRS.map((pair) => {
          const count = report.items.filter((one) => pairOf(one.code) === pair).length;
          return (
            <li key={pair}>
              <button
                type="button"
                aria-pressed={chosen === pair}
                onClick={() => onChoose(chosen === pair ? null : pair)}
                className="h-full w-full rounded-lg border border-line bg-surface p-4 text-left shadow-card hover:bg-sunken aria-pressed:border-accent"
              >
                <span className="flex items-center justify-between gap-2 font-medium text-sm">
                  {t(`pairs.${pair}`)}
                  <Badge tone={count === 0 ? 'success' : 'danger'}>
                    {count === 0 ? t('agrees') : format.count(count)}
                  </Badge>
                </span>
                <span className="mt-1 block text-muted text-xs">{t(`pairTexts.${pair}`)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {shown.length === 0 ? (
        <Notice tone="success" title={t('allAgree')}>
          {t('allAgreeText')}
        </Notice>
      ) : (
        <Card flush className="overflow-hidden">
          <Differences items={shown} />
        </Card>
      )}
    </div>
  );
}

function Differences({ items }: { items: Reconciliation['items'] }) {
  const t = useTranslations('operatorBilling');
  return (
    <Table label={t('differences')}>
      <Head>
        <Th>{t('difference')}</Th>
        <Th>{t('subject')}</Th>
        <Th align="right">{t('expected')}</Th>
        <Th align="right">{t('found')}</Th>
        <Th from="lg">{t('organization')}</Th>
      </Head>
      <tbody>
        {items.map((one) => (
          <Tr key={`${one.code} ${one.subject_id} ${one.related}`}>
            <Td>
              {t(`codes.${codeOf(one.code)}`)}
              <code className="block font-mono text-subtle text-xs">{one.code}</code>
            </Td>
            <Td>
              <MonoId id={one.subject_id} full />
              {one.related && <span className="block text-subtle text-xs">{one.related}</span>}
            </Td>
            <Td align="right" className="tnum">
              {one.expected ?? '—'}
            </Td>
            <Td align="right" className="tnum font-medium">
              {one.found ?? '—'}
            </Td>
            <Td from="lg">
              {one.org_id ? (
                <Link href={paths.operatorOrganization(one.org_id)} className="hover:underline">
                  <MonoId id={one.org_id} />
                </Link>
              ) : (
                '—'
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
