'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { CapacityPool } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Layers } from '@/ui/icons';
import { Meter } from '@/ui/meter';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Properties } from '@/ui/properties';

/** Pools with what is free in them, and how it lies. */
export function CapacityPage() {
  const t = useTranslations('scheduling');
  const nav = useTranslations('operator.nav');
  const capacity = useApi('operatorCapacity', {}, { pollMs: 5_000 });
  return (
    <>
      <PageHeader title={nav('capacity')} description={t('capacityText')} />
      {capacity.error && !capacity.data ? (
        <ErrorNotice error={capacity.error} onRetry={() => void capacity.refetch()} />
      ) : capacity.data?.items.length === 0 ? (
        <EmptyState icon={<Layers />} title={t('noCapacity')} />
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
          {capacity.data?.items.map((pool) => (
            <li key={`${pool.zone_id} ${pool.accelerator_id}`}>
              <PoolCard pool={pool} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function PoolCard({ pool }: { pool: CapacityPool }) {
  const t = useTranslations('scheduling');
  const format = useFormat();
  const used = pool.accelerators - pool.free;
  const text = t('freeOf', { free: format.count(pool.free), total: format.count(pool.accelerators) });
  return (
    <Card className="h-full">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h2 className="font-semibold text-base">{pool.accelerator_id}</h2>
        <p className="text-muted text-sm">{pool.zone_id}</p>
      </div>
      <p className="tnum mt-2 mb-1 text-muted text-xs">{text}</p>
      <Meter
        label={`${pool.zone_id} ${pool.accelerator_id}`}
        value={used}
        max={pool.accelerators}
        text={text}
        tone={pool.free === 0 ? 'danger' : used / pool.accelerators > 0.9 ? 'warning' : 'accent'}
      />
      <Properties
        className="mt-4"
        items={[
          { label: t('held'), value: format.count(pool.held) },
          { label: t('outOfService'), value: format.count(pool.out_of_service) },
          { label: t('unhealthy'), value: format.count(pool.unhealthy) },
          { label: t('waiting'), value: format.count(pool.waiting) },
          { label: t('wholeNodes'), value: format.count(pool.whole_nodes_free) },
          { label: t('largest'), value: format.count(pool.largest_free) },
          {
            label: t('fragmentation'),
            value: <span title={t('fragmentationHint')}>{format.percent(pool.fragmentation_ppm, 1)}</span>,
            wide: true,
          },
          { label: t('holes'), value: <Holes holes={pool.node_holes} />, wide: true },
          { label: t('islands'), value: <Holes holes={pool.island_holes} />, wide: true },
          { label: t('leaves'), value: <Holes holes={pool.leaf_holes} />, wide: true },
        ]}
      />
    </Card>
  );
}

/** How often each size of hole occurs, as bars with their figures. */
function Holes({ holes }: { holes: CapacityPool['node_holes'] }) {
  const t = useTranslations('scheduling');
  const format = useFormat();
  if (holes.length === 0) return <>—</>;
  const most = Math.max(...holes.map(({ count }) => count));
  return (
    <ul className="mt-1 space-y-1">
      {holes.map(({ free, count }) => (
        <li key={free} className="flex items-center gap-2 text-xs">
          <span className="tnum w-6 shrink-0 text-right text-muted">{free}</span>
          <span className="h-2 rounded-xs bg-accent" style={{ width: `${Math.max(2, (count / most) * 60)}%` }} />
          <span className="tnum" title={t('hole', { free: format.count(free), count: format.count(count) })}>
            {format.count(count)}
          </span>
        </li>
      ))}
    </ul>
  );
}
