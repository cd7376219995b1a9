'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { UsageReport } from '@/api/types';
import { DayBars } from '@/features/charts/day-bars';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Select } from '@/ui/field';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { Stat, StatRow } from '@/ui/stat';
import { datesBetween, dayQueryOf, neighbourDay, PERIODS, parseDay, parsePeriod, usageQueryOf } from './period';
import { UsageRows } from './usage-rows';

const HOUR_S = 3_600;

export function UsagePage() {
  const t = useTranslations('usage');
  const url = useUrlState();
  const { organization, projects } = useConsole();
  const period = parsePeriod(url.get('period'));
  const projectId = projects.find(({ slug }) => slug === url.get('project'))?.id;
  const day = parseDay(url.get('day'));
  const report = useApi(
    'getUsage',
    {
      query: day ? dayQueryOf(day, projectId, organization.time_zone) : usageQueryOf(period, projectId, organization),
    },
    { pollMs: 30_000, keepPrevious: true },
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <Segmented
          label={t('period')}
          value={period}
          onChange={(value) => url.set({ period: value === 'current' ? null : value, day: null })}
          options={PERIODS.map((value) => ({ value, label: t(`periods.${value}`) }))}
        />
        <Select
          className="w-48"
          aria-label={t('project')}
          value={url.get('project')}
          onChange={(event) => url.set({ project: event.target.value || null })}
        >
          <option value="">{t('allProjects')}</option>
          {projects.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      {day && <DayBar day={day} onGo={(next) => url.set({ day: next }, 'push')} />}
      {report.data ? (
        <Report report={report.data} oneDay={Boolean(day)} />
      ) : report.error ? (
        <ErrorNotice error={report.error} onRetry={() => void report.refetch()} />
      ) : (
        <Skeleton className="h-80 w-full" />
      )}
    </>
  );
}

/** Which day is shown, with the days beside it and the way back to the whole period. */
function DayBar({ day, onGo }: { day: string; onGo: (day: string | null) => void }) {
  const t = useTranslations('usage');
  const format = useFormat();
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <h2 className="mr-2 font-semibold text-base">{format.date(`${day}T12:00:00Z`, 'date')}</h2>
      <Button size="sm" onClick={() => onGo(neighbourDay(day, -1))}>
        {t('previousDay')}
      </Button>
      <Button size="sm" onClick={() => onGo(neighbourDay(day, 1))}>
        {t('nextDay')}
      </Button>
      <Button size="sm" variant="ghost" onClick={() => onGo(null)}>
        {t('wholePeriod')}
      </Button>
    </div>
  );
}

function Report({ report, oneDay }: { report: UsageReport; oneDay: boolean }) {
  const t = useTranslations('usage');
  const format = useFormat();
  const undelivered = report.rows.reduce((sum, row) => sum + row.undelivered_seconds, 0);
  return (
    <div className="space-y-8">
      <StatRow>
        <Stat label={t('total')} value={format.money(report.total)} />
        <Stat label={t('gpuHours')} value={format.count(Number(BigInt(report.gpu_seconds)) / HOUR_S, 1)} />
        <Stat label={t('undelivered')} value={format.duration(undelivered)} hint={t('undeliveredHint')} />
        <Stat
          label={t('period')}
          value={
            <span className="text-base">
              {format.date(report.from_s, 'day')} – {format.date(report.to_s, 'day')}
            </span>
          }
          hint={format.timeZone}
        />
      </StatRow>
      {!oneDay && (
        <Section title={t('byDay')}>
          <Days report={report} />
        </Section>
      )}
      <Section title={t('allocations')} bare>
        <UsageRows rows={report.rows} />
      </Section>
    </div>
  );
}

function Days({ report }: { report: UsageReport }) {
  const t = useTranslations('usage');
  const format = useFormat();
  const url = useUrlState();
  const byDay = new Map(report.days.map((day) => [day.day, day]));
  const nothing = { amount: '0', currency: report.currency };
  const bars = datesBetween(report.from_s, report.to_s, format.timeZone).map((date) => {
    const day = byDay.get(date);
    const amount = day?.amount ?? nothing;
    const label = format.date(`${date}T12:00:00Z`, 'day');
    return {
      key: date,
      label,
      value: Number(amount.amount),
      text: t('dayText', {
        day: label,
        amount: format.money(amount),
        hours: format.count(Number(day?.gpu_seconds ?? 0) / HOUR_S, 1),
      }),
    };
  });
  const highest = report.days.reduce(
    (most, day) => (Number(day.amount.amount) > Number(most.amount) ? day.amount : most),
    nothing,
  );
  return (
    <DayBars
      summary={t('chartText', {
        from: bars[0]?.label ?? '',
        to: bars.at(-1)?.label ?? '',
        total: format.money(report.total),
      })}
      bars={bars}
      topText={format.money(highest)}
      onPick={{ run: (day) => url.set({ day }, 'push'), hint: t('openDay') }}
    />
  );
}
