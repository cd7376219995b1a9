'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { useUrlState } from '@/features/list/use-url-state';
import { PERIODS, parsePeriod } from '@/features/usage/period';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Section } from '@/ui/card';
import { Input } from '@/ui/field';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { Stat, StatRow } from '@/ui/stat';
import { CostGroups } from './cost-groups';
import { costsQueryOf, DIMENSIONS, parseDimension } from './costs-query';
import { ForecastFigures } from './forecast-figures';
import { IdlePolicies } from './idle-policies';
import { IdleTable } from './idle-table';

const HOUR_S = 3_600;

/** Costs along one dimension at a time, and the accelerators that burn money for nothing. */
export function CostsPage() {
  const t = useTranslations('costs');
  const usage = useTranslations('usage');
  const format = useFormat();
  const url = useUrlState();
  const { organization } = useConsole();
  const dimension = parseDimension(url.get('by'));
  const period = parsePeriod(url.get('period'));
  const search = { by: url.get('by'), label: url.get('label'), period: url.get('period') };
  const report = useApi(
    'getCosts',
    { query: costsQueryOf(search, organization) },
    { pollMs: 30_000, keepPrevious: true },
  );
  const balance = useApi('getBalance', {}, { pollMs: 30_000 });
  const idle = useApi('listIdle', { query: {} }, { pollMs: 60_000 });
  const seconds = report.data?.groups.reduce((sum, group) => sum + BigInt(group.gpu_seconds), 0n) ?? 0n;
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <ForecastFigures />
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <Segmented
          label={usage('period')}
          value={period}
          onChange={(value) => url.set({ period: value === 'current' ? null : value })}
          options={PERIODS.map((value) => ({ value, label: usage(`periods.${value}`) }))}
        />
        <Segmented
          label={t('by')}
          className="max-w-full flex-wrap"
          value={dimension}
          onChange={(value) => url.set({ by: value === 'project' ? null : value })}
          options={DIMENSIONS.map((value) => ({ value, label: t(`dimensions.${value}`) }))}
        />
        {dimension === 'label' && (
          <Input
            aria-label={t('labelName')}
            className="w-40"
            defaultValue={url.get('label') || 'team'}
            onBlur={(event) => url.set({ label: event.target.value.trim() || null })}
          />
        )}
      </div>
      {report.error && !report.data && <ErrorNotice error={report.error} onRetry={() => void report.refetch()} />}
      {!report.data && !report.error && <Skeleton className="h-80 w-full" />}
      <div className="space-y-8">
        {report.data && (
          <>
            <StatRow>
              <Stat label={t('total')} value={format.money(report.data.total)} />
              <Stat label={t('gpuHours')} value={format.count(Number(seconds) / HOUR_S, 1)} />
              <Stat label={t('burn')} value={balance.data ? format.money(balance.data.burn_per_hour) : '—'} />
              <Stat
                label={t('idleBurn')}
                value={idle.data ? format.money(idle.data.burn_per_hour) : '—'}
                hint={t('idleBurnHint')}
              />
            </StatRow>
            <Section title={t(`dimensions.${dimension}`)} flush={dimension !== 'day'}>
              <CostGroups report={report.data} dimension={dimension} />
            </Section>
          </>
        )}
        <IdleTable />
        <IdlePolicies />
      </div>
    </>
  );
}
