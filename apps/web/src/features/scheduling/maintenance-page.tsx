'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import { useUrlState } from '@/features/list/use-url-state';
import { Select } from '@/ui/field';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { DrainList } from './drain-list';
import { HealthHistory } from './health-history';
import { type NodeAction, NodeDialog } from './node-dialog';
import { NodeTable } from './node-table';
import { type Release, ReleaseDialog } from './release-dialog';
import { WhatIfPanel } from './what-if-panel';

/** Nodes out of service and drains under way; the place from which nodes are cordoned and drained. */
export function MaintenancePage() {
  const t = useTranslations('scheduling');
  const nav = useTranslations('operator.nav');
  const url = useUrlState();
  const [action, setAction] = useState<NodeAction | null>(null);
  const [release, setRelease] = useState<Release | null>(null);
  const fleet = useApi('operatorFleet', {});
  const drains = useApi('operatorDrains', {}, { pollMs: 3_000 });
  const zones = fleet.data?.zones ?? [];
  const zone = zones.find(({ id }) => id === url.get('zone')) ?? zones[0];
  const zoneId = zone?.id;
  return (
    <>
      <PageHeader
        title={nav('maintenance')}
        description={t('maintenanceText')}
        actions={
          zoneId && (
            <Select
              className="w-56"
              aria-label={t('zone')}
              value={zoneId}
              onChange={(event) => url.set({ zone: event.target.value, page: null })}
            >
              {zones.map(({ id }) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </Select>
          )
        }
      />
      <div className="space-y-8">
        {drains.data ? (
          <DrainList drains={drains.data.items} />
        ) : drains.error ? (
          <ErrorNotice error={drains.error} onRetry={() => void drains.refetch()} />
        ) : (
          <Skeleton className="h-32 w-full" />
        )}
        {zone && <WhatIfPanel key={zone.id} zoneId={zone.id} regionId={zone.region_id} />}
        {zoneId && <NodeTable zoneId={zoneId} drains={drains.data?.items ?? []} onAct={setAction} />}
        {zoneId && <HealthHistory zoneId={zoneId} onRelease={(device, node) => setRelease({ device, node })} />}
      </div>
      {action && <NodeDialog action={action} onClose={() => setAction(null)} />}
      {release && <ReleaseDialog release={release} onClose={() => setRelease(null)} />}
    </>
  );
}
