'use client';
import { useTranslations } from 'next-intl';
import type { QueueEntry } from '@/api/types';
import { cx } from '@/lib/cx';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { Section } from '@/ui/card';
import { timelineOf } from './timeline';

interface QueueTimelineProps<E> {
  entries: readonly E[];
  nameOf: (entry: E) => string;
}

/**
 * When what waits will start, drawn on one axis from now on: a bar from the earliest to the latest start, a mark where it is
 * most likely. Nothing is drawn when no start is in sight.
 */
export default function QueueTimeline<E extends QueueEntry>({ entries, nameOf }: QueueTimelineProps<E>) {
  const t = useTranslations('queue');
  const format = useFormat();
  const now = useNow(10_000);
  if (now === null) return null;
  const { rows, spanS } = timelineOf(entries, now);
  if (rows.length === 0) return null;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  return (
    <Section title={t('timeline')} description={t('timelineText')} className="mb-8">
      <ul className="space-y-1.5" aria-label={t('timeline')}>
        {rows.map(({ entry, from, likely, to, planned }) => (
          <li
            key={entry.operation_id}
            className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-x-3 sm:grid-cols-[12rem_minmax(0,1fr)]"
          >
            <span className="truncate font-medium text-sm">{nameOf(entry)}</span>
            <span className="relative block h-5 rounded-xs bg-sunken">
              <span className="sr-only">
                {t('timelineRow', {
                  likely: format.date(entry.estimate?.likely_at ?? '', 'dateTime'),
                  from: format.date(entry.estimate?.from_at ?? '', 'dateTime'),
                  to: format.date(entry.estimate?.to_at ?? '', 'dateTime'),
                })}
              </span>
              <span
                aria-hidden="true"
                className={cx(
                  'absolute inset-y-1 min-w-1 rounded-xs opacity-45',
                  planned ? 'bg-chart-2' : 'bg-chart-1',
                )}
                style={{ left: percent(from), width: percent(Math.max(0, to - from)) }}
              />
              <span
                aria-hidden="true"
                className={cx(
                  'absolute inset-y-0 w-1 -translate-x-1/2 rounded-xs',
                  planned ? 'bg-chart-2' : 'bg-chart-1',
                )}
                style={{ left: percent(likely) }}
              />
            </span>
          </li>
        ))}
      </ul>
      <div
        aria-hidden="true"
        className="tnum mt-1.5 ml-[7.75rem] flex justify-between text-subtle text-xs sm:ml-[12.75rem]"
      >
        {ticks.map((share) => (
          <span key={share} className={share === 0.25 || share === 0.75 ? 'hidden sm:block' : ''}>
            {share === 0 ? t('timelineNow') : t('in', { time: format.duration(Math.round((share * spanS) / 60) * 60) })}
          </span>
        ))}
      </div>
    </Section>
  );
}
