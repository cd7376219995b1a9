'use client';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/lib/use-format';
import { BlockStrip, trimMissing } from '@/ui/block-strip';
import type { LiveSeries } from './live-series';

const SECONDS = 60;

interface LiveStripProps {
  series: LiveSeries;
  /** One node; left out, the mean of all. */
  rank?: number;
}

/** Utilization of a second: of one node, or the mean of those that measured it. */
function valueAt(series: LiveSeries, second: number, rank: number | undefined): number | null {
  const values = series.nodes
    .filter((node) => rank === undefined || node.rank === rank)
    .map((node) => node.samples.get(second)?.utilizationPpm ?? null)
    .filter((ppm) => ppm !== null);
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null;
}

/** The last minute, a bar for each second. */
export function LiveStrip({ series, rank }: LiveStripProps) {
  const t = useTranslations('workload');
  const format = useFormat();
  const values = Array.from({ length: SECONDS }, (_, index) => valueAt(series, series.toS - SECONDS + index, rank));
  const measured = values.filter((ppm) => ppm !== null);
  const last = measured.at(-1);
  return (
    <div>
      <div className="mb-2 flex items-baseline justify-between gap-3 text-xs">
        <span className="text-muted">{t('lastMinute')}</span>
        <span className="tnum font-medium text-sm">{last === undefined ? '—' : format.percent(last, 0)}</span>
      </div>
      <BlockStrip
        values={trimMissing(values)}
        label={last === undefined ? t('noSamples') : t('lastMinuteText', { now: format.percent(last, 0) })}
        className="h-12"
      />
    </div>
  );
}
