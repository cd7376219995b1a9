'use client';
import { useTranslations } from 'next-intl';
import type { QueueEntry } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { Badge } from '@/ui/badge';
import { Time } from '@/ui/time';

/** When a waiting request will start, with the interval and whether it is a promise. */
export function StartEstimate({ estimate }: { estimate: QueueEntry['estimate'] }) {
  const t = useTranslations('queue');
  const format = useFormat();
  const now = useNow(10_000);
  if (!estimate || estimate.basis === 'beyond') return <span className="text-subtle">{t('noEstimate')}</span>;
  const leftS = now === null ? null : (Date.parse(estimate.likely_at) - now) / 1000;
  return (
    <span>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
        {leftS === null ? <Time at={estimate.likely_at} /> : null}
        {leftS !== null && (leftS < 30 ? t('now') : t('in', { time: format.duration(Math.round(leftS / 60) * 60) }))}
        {estimate.basis === 'planned' && <Badge tone="success">{t('promised')}</Badge>}
      </span>
      <span className="block text-subtle text-xs">
        {t('between', { from: format.date(estimate.from_at, 'dateTime'), to: format.date(estimate.to_at, 'dateTime') })}
      </span>
    </span>
  );
}
