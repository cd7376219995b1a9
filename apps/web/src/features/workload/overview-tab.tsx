'use client';
import { WORKLOAD_STATE_FACTS } from '@suanxiang/domain/workload-state';
import { useTranslations } from 'next-intl';
import type { Workload } from '@/api/types';
import { timesDecimal } from '@/lib/decimal';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Section } from '@/ui/card';
import { CodeBlock } from '@/ui/code-block';
import { Notice } from '@/ui/notice';
import { Stat, StatRow } from '@/ui/stat';
import { gpusOf, isCluster, type WorkloadKind } from './kind';
import { LiveCost } from './live-cost';
import { useLiveSeries } from './live-series';
import { LiveStrip } from './live-strip';
import { useWorkloadCost } from './queries';
import { WorkloadFrame } from './workload-frame';
import { WorkloadProperties } from './workload-properties';

const ClusterNodes = lazily(() => import('./cluster-nodes'));
const OperationSteps = lazily(() => import('./operation-steps'));
const WaitingPanel = lazily(() => import('@/features/queue/waiting-panel'));

export function OverviewTab({ kind, id }: { kind: WorkloadKind; id: string }) {
  return (
    <WorkloadFrame kind={kind} id={id}>
      {(workload) => <Overview kind={kind} workload={workload} />}
    </WorkloadFrame>
  );
}

function Overview({ kind, workload }: { kind: WorkloadKind; workload: Workload }) {
  const t = useTranslations('workload');
  const format = useFormat();
  const { state, operation } = workload;
  const facts = WORKLOAD_STATE_FACTS[state];
  const underWay = operation !== null && (operation.status === 'pending' || operation.status === 'running');
  const failed = operation?.status === 'failed';
  return (
    <div className="space-y-8">
      {workload.eviction && <EvictionNotice eviction={workload.eviction} />}
      {workload.waiting && <WaitingPanel workload={{ ...workload, waiting: workload.waiting }} />}
      {workload.status_reason && !workload.waiting && (
        <Notice tone={facts.tone === 'danger' ? 'danger' : facts.tone === 'warning' ? 'warning' : 'info'}>
          {format.text(workload.status_reason)}
        </Notice>
      )}
      {operation && (underWay || failed) && (
        <Section title={t('progress')}>
          <OperationSteps operation={operation} />
        </Section>
      )}
      <Figures kind={kind} workload={workload} />
      {!isCluster(workload) && workload.ssh && (
        <Section title={t('connect')} description={t('connectText')} bare>
          <CodeBlock
            label={t('copySsh')}
            className="bg-surface"
            code={`ssh -p ${workload.ssh.port} ${workload.ssh.user}@${workload.ssh.host}`}
          />
        </Section>
      )}
      {isCluster(workload) && <ClusterNodes cluster={workload} />}
      <Section title={t('properties')}>
        <WorkloadProperties workload={workload} />
      </Section>
    </div>
  );
}

/** It has been told to make room: until when it runs, and why. */
function EvictionNotice({ eviction }: { eviction: NonNullable<Workload['eviction']> }) {
  const t = useTranslations('queue');
  const format = useFormat();
  return (
    <Notice tone="warning" title={t('eviction.title', { time: format.date(eviction.leave_at, 'seconds') })} live>
      {format.text(eviction.reason)}
    </Notice>
  );
}

/** Money and load at a glance; both move while it runs. */
function Figures({ kind, workload }: { kind: WorkloadKind; workload: Workload }) {
  const t = useTranslations('workload');
  const format = useFormat();
  const { can } = useConsole();
  const running = workload.state === 'running';
  const cost = useWorkloadCost(kind, workload.id, running);
  const perHour = timesDecimal(workload.price_per_gpu_hour, gpusOf(workload));
  return (
    <StatRow>
      {can('usage.read') && (
        <Stat
          label={t('costSoFar')}
          value={
            cost.data ? (
              <LiveCost cost={cost.data} arrivedMs={cost.dataUpdatedAt} running={running} />
            ) : (
              <span className="text-subtle">—</span>
            )
          }
          hint={t('costSoFarHint')}
        />
      )}
      <Stat
        label={t('perHour')}
        value={format.price(perHour, workload.currency, 4)}
        hint={t('perGpuHour', { price: format.price(workload.price_per_gpu_hour, workload.currency) })}
      />
      <Stat
        label={t('billedTime')}
        value={cost.data ? format.duration(cost.data.billed_seconds) : '—'}
        hint={cost.data ? format.seconds(cost.data.billed_seconds) : t('billedTimeHint')}
      />
      {running ? (
        <Load kind={kind} id={workload.id} />
      ) : (
        <Stat label={t('utilization')} value="—" hint={t('notRunning')} />
      )}
    </StatRow>
  );
}

function Load({ kind, id }: { kind: WorkloadKind; id: string }) {
  const series = useLiveSeries(kind, id, 64);
  return <LiveStrip series={series} />;
}
