'use client';
import { useTranslations } from 'next-intl';
import type { QueueEntry } from '@/api/types';
import { useFormat } from '@/lib/use-format';

type Change = QueueEntry['would_start'][number];

/** One change in words. */
function useChangeText(): (change: Change) => string {
  const t = useTranslations('queue');
  const workload = useTranslations('workload');
  const format = useFormat();
  return (one) => {
    switch (one.change) {
      case 'size':
        return one.node_count === 1
          ? t('change.sizeOne', { gpus: format.count(one.gpus_per_node ?? 0) })
          : t('change.size', { count: format.count(one.node_count ?? 0), gpus: format.count(one.gpus_per_node ?? 0) });
      case 'topology': {
        const key = `topologies.${one.topology}` as Parameters<typeof workload>[0];
        return t('change.topology', { topology: workload.has(key) ? workload(key) : (one.topology ?? '') });
      }
      case 'without':
        return t('change.without', { constraint: one.constraint ?? '' });
      case 'region':
        return t('change.region', { region: one.region_id ?? '' });
      case 'model':
        return t('change.model', { model: one.accelerator_id ?? '' });
      case 'preemptible':
        return t('change.preemptible');
      case 'limit':
        return t('change.limit', { time: format.duration(one.limit_duration_s ?? 0) });
    }
  };
}

/** What would start it now; every change was tried by the scheduler. */
export function NearestChanges({ changes }: { changes: readonly Change[] }) {
  const t = useTranslations('queue');
  const textOf = useChangeText();
  if (changes.length === 0) return null;
  return (
    <div>
      <p className="text-subtle text-xs">{t('wouldStart')}</p>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {changes.map((change) => (
          <li key={JSON.stringify(change)} className="rounded-sm bg-hover px-1.5 py-0.5 text-xs">
            {textOf(change)}
          </li>
        ))}
      </ul>
    </div>
  );
}
