'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { OperatorRevenue } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { Section } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { Meter } from '@/ui/meter';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { Stat, StatRow } from '@/ui/stat';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { BillingTabs } from './billing-tabs';
import { REVENUE_DIMENSIONS, REVENUE_STEPS, revenueQueryOf } from './queries';

type Figures = OperatorRevenue['groups'][number];

/** What was earned, leased and used, by SKU, region or vendor. `nowMs` is the moment of the server's answer. */
export function RevenuePage({ nowMs }: { nowMs: number }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const url = useUrlState();
  const [now] = useState(nowMs);
  const search = { from: url.get('from'), to: url.get('to'), by: url.get('by'), step: url.get('step') };
  const query = revenueQueryOf(search, now);
  const found = useApi('operatorRevenue', { query }, { keepPrevious: true });
  const report = found.data;
  const sum = (of: (one: Figures) => number) => report?.groups.reduce((total, one) => total + of(one), 0) ?? 0;
  const [leased, capacity] = [sum((one) => one.allocated_hours), sum((one) => one.capacity_hours)];
  return (
    <>
      <PageHeader title={t('revenue')} description={t('revenueText')} />
      <BillingTabs />
      <div className="mb-4 flex flex-wrap items-end gap-3">
        {(['from', 'to'] as const).map((name) => (
          <Field key={name} label={t(name)} className="w-40">
            {(control) => (
              <Input
                {...control}
                type="date"
                value={query[name]}
                onChange={(event) => url.set({ [name]: event.target.value || null })}
              />
            )}
          </Field>
        ))}
        <Segmented
          label={t('by')}
          value={query.by}
          onChange={(by) => url.set({ by })}
          options={REVENUE_DIMENSIONS.map((value) => ({ value, label: t(`dimensions.${value}`) }))}
        />
        <Segmented
          label={t('step')}
          value={query.step}
          onChange={(step) => url.set({ step })}
          options={REVENUE_STEPS.map((value) => ({ value, label: t(`steps.${value}`) }))}
        />
      </div>
      {found.error && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} className="mb-4" />}
      {!report && !found.error && <Skeleton className="h-80 w-full" />}
      {report && (
        <div className="space-y-8">
          <StatRow>
            {report.totals.map((total) => (
              <Stat
                key={total.currency}
                label={t('revenueIn', { currency: total.currency })}
                value={format.money(total)}
              />
            ))}
            <Stat label={t('leasedHours')} value={format.count(leased, 1)} />
            <Stat
              label={t('leasedShare')}
              value={capacity === 0 ? '—' : format.percent((leased / capacity) * 1_000_000)}
              hint={t('leasedShareHint', { hours: format.count(capacity) })}
            />
          </StatRow>
          <Section title={t(`dimensions.${report.by}`)} description={t('groupsText')} flush>
            <FiguresTable rows={report.groups} label={t(`dimensions.${report.by}`)} />
          </Section>
          <Section title={t(`perStep.${report.step}`)} flush>
            <FiguresTable
              rows={report.buckets.filter((one) => one.allocated_hours > 0)}
              label={t(`perStep.${report.step}`)}
              withBucket
            />
          </Section>
        </div>
      )}
    </>
  );
}

interface FiguresTableProps {
  rows: readonly (Figures & { bucket?: string })[];
  label: string;
  withBucket?: boolean;
}

function FiguresTable({ rows, label, withBucket = false }: FiguresTableProps) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const share = (ppm: number | null) => (ppm === null ? '—' : format.percent(ppm));
  return (
    <Table label={label}>
      <Head>
        {withBucket && <Th>{t('bucket')}</Th>}
        <Th>{t('group')}</Th>
        <Th align="right">{t('earned')}</Th>
        <Th align="right">{t('leasedHours')}</Th>
        <Th align="right" from="sm">
          {t('leasedShare')}
        </Th>
        <Th align="right" from="md">
          {t('utilization')}
        </Th>
        <Th align="right" from="lg">
          {t('idle')}
        </Th>
      </Head>
      <tbody>
        {rows.map((one) => (
          <Tr key={`${one.bucket ?? ''} ${one.group}`}>
            {withBucket && <Td className="tnum whitespace-nowrap">{one.bucket}</Td>}
            <Td>
              <code className="font-mono text-xs">{one.group}</code>
            </Td>
            <Td align="right" className="tnum">
              {one.revenue.length === 0
                ? '—'
                : one.revenue.map((money) => (
                    <span key={money.currency} className="block">
                      {format.money(money)}
                    </span>
                  ))}
            </Td>
            <Td align="right" className="tnum">
              {format.count(one.allocated_hours, 1)}
            </Td>
            <Td align="right" from="sm" className="tnum">
              {share(one.allocated_ppm)}
              <Meter
                label={t('leasedShare')}
                value={one.allocated_ppm ?? 0}
                max={1_000_000}
                text={share(one.allocated_ppm)}
                className="ml-auto w-20"
              />
            </Td>
            <Td align="right" from="md" className="tnum">
              {share(one.utilization_ppm)}
            </Td>
            <Td align="right" from="lg" className="tnum text-muted">
              {share(one.idle_ppm)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
