'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { FleetZone } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { cx } from '@/lib/cx';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Meter } from '@/ui/meter';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { HeatMap } from './heat-map';

/** Zones and models as figures, and the chosen zone's devices as a heat map. */
export function FleetPage() {
  const t = useTranslations('operator');
  const url = useUrlState();
  const fleet = useApi('operatorFleet', {}, { pollMs: 5_000 });
  if (!fleet.data)
    return fleet.error ? (
      <ErrorNotice error={fleet.error} onRetry={() => void fleet.refetch()} />
    ) : (
      <Skeleton className="h-64 w-full" />
    );
  const { zones } = fleet.data;
  const zone = zones.find(({ id }) => id === url.get('zone')) ?? zones[0];
  return (
    <>
      <PageHeader title={t('nav.fleet')} description={t('fleetText')} />
      {zone ? (
        <div className="space-y-8">
          <ul className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
            {zones.map((each) => (
              <li key={each.id}>
                <ZoneCard zone={each} chosen={each.id === zone.id} onChoose={() => url.set({ zone: each.id })} />
              </li>
            ))}
          </ul>
          <ZoneMap zoneId={zone.id} />
        </div>
      ) : (
        <EmptyState title={t('noZones')}>{t('noZonesText')}</EmptyState>
      )}
    </>
  );
}

function ZoneCard({ zone, chosen, onChoose }: { zone: FleetZone; chosen: boolean; onChoose: () => void }) {
  const t = useTranslations('operator');
  const format = useFormat();
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={cx(
        'flex h-full w-full flex-col justify-start rounded-lg border bg-surface p-4 text-left shadow-card sm:p-5',
        chosen ? 'border-content ring-1 ring-content' : 'border-line hover:border-line-strong',
      )}
    >
      <span className="flex items-center justify-between gap-3">
        <span className="font-semibold">{zone.id}</span>
        <span className="flex gap-1.5">
          {zone.nodes_lost > 0 && <Badge tone="danger">{t('nodesLost', { count: zone.nodes_lost })}</Badge>}
          <Badge>{zone.driver}</Badge>
        </span>
      </span>
      <span className="block text-muted text-xs">{t('nodeCount', { count: zone.nodes })}</span>
      <span className="mt-4 block space-y-2.5">
        {zone.models.map((model) => {
          const text = t('heldOf', { held: format.count(model.held), devices: format.count(model.devices) });
          return (
            <span key={model.model_id} className="block">
              <span className="mb-1 flex justify-between gap-3 text-xs">
                <span>{model.model_id}</span>
                <span className="tnum text-muted">
                  {model.failed > 0 && <span className="text-danger">{t('failed', { count: model.failed })} · </span>}
                  {text}
                </span>
              </span>
              <Meter label={model.model_id} value={model.held} max={model.devices} text={text} />
            </span>
          );
        })}
      </span>
    </button>
  );
}

function ZoneMap({ zoneId }: { zoneId: string }) {
  const t = useTranslations('operator');
  const nodes = useApi('operatorNodes', { query: { zone_id: zoneId } }, { pollMs: 5_000, keepPrevious: true });
  return (
    <Section title={t('map', { zone: zoneId })} description={t('mapText')}>
      {nodes.data ? (
        <HeatMap nodes={nodes.data.items} />
      ) : nodes.error ? (
        <ErrorNotice error={nodes.error} onRetry={() => void nodes.refetch()} />
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </Section>
  );
}
