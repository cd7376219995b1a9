'use client';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import type { Workload } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { Card, Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Activity } from '@/ui/icons';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import type { WorkloadKind } from './kind';
import { type LiveSeries, type Sample, useLiveSeries } from './live-series';
import { WorkloadFrame } from './workload-frame';

const TimeChart = lazily(() => import('@/features/charts/time-chart'), <Skeleton className="h-55 w-full" />);

type Metric = 'utilization' | 'memory' | 'power' | 'temperature';
const READ: Record<Metric, (sample: Sample) => number | null> = {
  utilization: (sample) => sample.utilizationPpm,
  memory: (sample) => sample.memoryBytes,
  power: (sample) => sample.powerMilliwatt,
  temperature: (sample) => sample.temperatureMilliC,
};
const WINDOWS = ['5', '15', '60'] as const;
/** More lines than this cannot be told apart; then the nodes' mean, lowest and highest are drawn. */
const MOST_LINES = 5;

export function MetricsTab({ kind, id }: { kind: WorkloadKind; id: string }) {
  return (
    <WorkloadFrame kind={kind} id={id}>
      {(workload) => <Charts kind={kind} workload={workload} />}
    </WorkloadFrame>
  );
}

function Charts({ kind, workload }: { kind: WorkloadKind; workload: Workload }) {
  const t = useTranslations('workload');
  const url = useUrlState();
  const chosen = url.get('window');
  const [minutes, setMinutes] = useState<(typeof WINDOWS)[number]>(WINDOWS.find((value) => value === chosen) ?? '5');
  const live = useLiveSeries(kind, workload.id, Number(minutes) * 60);
  const metrics = useMemo(() => metricsWithData(live), [live]);
  const choose = (value: (typeof WINDOWS)[number]) => {
    setMinutes(value);
    url.set({ window: value === '5' ? null : value });
  };
  return (
    <div>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <Segmented
          label={t('window')}
          value={minutes}
          onChange={choose}
          options={WINDOWS.map((value) => ({ value, label: t('minutes', { minutes: Number(value) }) }))}
        />
        <LiveMark live={live} running={workload.state === 'running'} />
      </div>
      {live.toS > 0 && metrics.length === 0 ? (
        <Card flush>
          <EmptyState icon={<Activity />} title={t('noSamples')}>
            {workload.state === 'running' ? t('noSamplesRunning') : t('noSamplesStopped')}
          </EmptyState>
        </Card>
      ) : (
        <div className="grid gap-6 xl:grid-cols-2">
          {(live.toS === 0 ? (['utilization'] as const) : metrics).map((metric) => (
            <Section
              key={metric}
              title={t(`metrics.${metric}`)}
              className={metric === 'utilization' ? 'xl:col-span-2' : ''}
            >
              <Chart metric={metric} live={live} windowS={Number(minutes) * 60} />
            </Section>
          ))}
        </div>
      )}
    </div>
  );
}

function LiveMark({ live, running }: { live: LiveSeries; running: boolean }) {
  const t = useTranslations('workload');
  const format = useFormat();
  if (live.toS === 0) return null;
  return (
    <span className="tnum inline-flex items-center gap-1.5 text-muted text-xs" role="status">
      <span
        className={
          live.failing
            ? 'size-2 rounded-full bg-danger'
            : running
              ? 'size-2 animate-[breathe_2s_ease-in-out_infinite] rounded-full bg-success'
              : 'size-2 rounded-full bg-chart-rest'
        }
      />
      {live.failing ? t('notLive') : t('liveAt', { time: format.date(live.toS, 'time') })}
    </span>
  );
}

function metricsWithData(live: LiveSeries): Metric[] {
  return (Object.keys(READ) as Metric[]).filter((metric) =>
    live.nodes.some((node) => [...node.samples.values()].some((sample) => READ[metric](sample) !== null)),
  );
}

function Chart({ metric, live, windowS }: { metric: Metric; live: LiveSeries; windowS: number }) {
  const t = useTranslations('workload');
  const format = useFormat();
  const times = useMemo(
    () => Array.from({ length: live.toS > 0 ? windowS : 0 }, (_, index) => live.toS - windowS + index),
    [live.toS, windowS],
  );
  const series = useMemo(
    () => linesOf(metric, live, times, (rank) => t('nodeRank', { rank })),
    [metric, live, times, t],
  );
  const formatValue = (value: number) => {
    if (metric === 'utilization') return format.percent(value, 0);
    if (metric === 'memory') return format.bytes(value);
    if (metric === 'power') return `${format.count(value / 1000)} W`;
    return `${format.count(value / 1000)} °C`;
  };
  const latest = series.map(({ label, values }) => {
    const last = values.findLast((value) => value !== null);
    return { label, text: last === undefined || last === null ? '—' : formatValue(last) };
  });
  return (
    <figure>
      <TimeChart
        summary={t('chartText', {
          metric: t(`metrics.${metric}`),
          minutes: windowS / 60,
          latest: latest.map(({ label, text }) => `${label}: ${text}`).join(', '),
        })}
        times={times}
        series={series}
        range={metric === 'utilization' ? [0, 1_000_000] : null}
        formatValue={formatValue}
      />
      <figcaption className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {latest.map(({ label, text }, index) => (
          <span key={label} className="tnum inline-flex items-center gap-1.5">
            <span
              className="h-0.5 w-3 rounded-full"
              style={{ background: `var(--chart-${index < 5 ? index + 1 : 'rest'})` }}
              aria-hidden="true"
            />
            <span className="text-muted">{label}</span> {text}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface Line {
  label: string;
  values: (number | null)[];
}

/** A line for each node, or mean, lowest and highest of many nodes. */
function linesOf(metric: Metric, live: LiveSeries, times: readonly number[], name: (rank: number) => string): Line[] {
  const lines = live.nodes.map((node) => ({
    label: name(node.rank),
    values: times.map((second) => {
      const sample = node.samples.get(second);
      return sample ? READ[metric](sample) : null;
    }),
  }));
  if (lines.length <= MOST_LINES) return lines;
  const across = (pick: (values: number[]) => number) =>
    times.map((_, index) => {
      const present = lines.map(({ values }) => values[index] ?? null).filter((value) => value !== null);
      return present.length > 0 ? pick(present) : null;
    });
  return [
    { label: 'x̄', values: across((values) => values.reduce((a, b) => a + b, 0) / values.length) },
    { label: 'min', values: across((values) => Math.min(...values)) },
    { label: 'max', values: across((values) => Math.max(...values)) },
  ];
}
