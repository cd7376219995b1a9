'use client';
import { useTranslations } from 'next-intl';
import type { Workload } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { MonoId } from '@/ui/mono-id';
import { Properties } from '@/ui/properties';
import { Time } from '@/ui/time';
import { actorName } from './actor';
import { isCluster } from './kind';

/** Everything that is fixed about a workload. */
export function WorkloadProperties({ workload }: { workload: Workload }) {
  const t = useTranslations('workload');
  const format = useFormat();
  const { names, me } = useConsole();
  const model = names.accelerators[workload.accelerator_id];
  const region = names.regions[workload.region_id];
  const labels = Object.entries(workload.labels);
  const count = isCluster(workload) ? `${workload.node_count} × ${workload.gpus_per_node}` : String(workload.gpus);
  return (
    <Properties
      items={[
        { label: t('id'), value: <MonoId id={workload.id} full />, wide: true },
        { label: t('accelerators'), value: `${count} × ${model ? format.text(model) : workload.accelerator_id}` },
        { label: t('region'), value: region ? format.text(region) : workload.region_id },
        {
          label: t('zone'),
          value: workload.zone_id ? <code className="font-mono text-xs">{workload.zone_id}</code> : '—',
        },
        ...(isCluster(workload)
          ? [{ label: t('topology'), value: t(`topologies.${workload.topology}`) }]
          : [
              {
                label: t('node'),
                value: workload.node ? <code className="font-mono text-xs">{workload.node}</code> : '—',
              },
            ]),
        { label: t('image'), value: <code className="font-mono text-xs">{workload.image}</code> },
        { label: t('created'), value: <Time at={workload.created_at} /> },
        { label: t('createdBy'), value: actorName(workload.created_by, me, t('actors.system')) },
        {
          label: t('runningSince'),
          value: workload.running_since ? <Time at={workload.running_since} style="seconds" /> : '—',
        },
        ...(workload.not_before ? [{ label: t('notBefore'), value: <Time at={workload.not_before} /> }] : []),
        ...(workload.max_wait_s === null ? [] : [{ label: t('maxWait'), value: format.duration(workload.max_wait_s) }]),
        ...(workload.max_duration_s === null
          ? []
          : [{ label: t('maxDuration'), value: format.duration(workload.max_duration_s) }]),
        ...(workload.ends_at ? [{ label: t('endsAt'), value: <Time at={workload.ends_at} style="seconds" /> }] : []),
        { label: t('protection'), value: workload.deletion_protection ? t('protectionOn') : t('protectionOff') },
        {
          label: t('labels'),
          value:
            labels.length === 0 ? (
              '—'
            ) : (
              <span className="flex flex-wrap gap-1">
                {labels.map(([key, value]) => (
                  <Badge key={key}>{value ? `${key}=${value}` : key}</Badge>
                ))}
              </span>
            ),
        },
      ]}
    />
  );
}
