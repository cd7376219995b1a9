'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Workload } from '@/api/types';
import { UsageRows } from '@/features/usage/usage-rows';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { Stat, StatRow } from '@/ui/stat';
import type { WorkloadKind } from './kind';
import { LiveCost } from './live-cost';
import { useWorkloadCost } from './queries';
import { WorkloadFrame } from './workload-frame';

export function UsageTab({ kind, id }: { kind: WorkloadKind; id: string }) {
  return (
    <WorkloadFrame kind={kind} id={id}>
      {(workload) => <Usage kind={kind} workload={workload} />}
    </WorkloadFrame>
  );
}

/** What a workload has cost in this period, allocation by allocation, down to the blocks. */
function Usage({ kind, workload }: { kind: WorkloadKind; workload: Workload }) {
  const t = useTranslations('workload');
  const format = useFormat();
  const { project } = useConsole();
  const running = workload.state === 'running';
  const cost = useWorkloadCost(kind, workload.id, running);
  const report = useApi(
    'getUsage',
    { query: project ? { project_id: project.id } : {} },
    { pollMs: running ? 15_000 : 60_000 },
  );
  if (report.error && !report.data) return <ErrorNotice error={report.error} onRetry={() => void report.refetch()} />;
  const rows = report.data?.rows.filter((row) => row.workload_id === workload.id);
  return (
    <div className="space-y-6">
      {cost.data && (
        <StatRow>
          <Stat
            label={t('costSoFar')}
            value={<LiveCost cost={cost.data} arrivedMs={cost.dataUpdatedAt} running={running} />}
            hint={t('costSoFarHint')}
          />
          <Stat
            label={t('perSecond')}
            value={format.price(cost.data.per_second, workload.currency)}
            hint={t('whileRunning')}
          />
          <Stat
            label={t('perHour')}
            value={format.price(cost.data.per_hour, workload.currency, 4)}
            hint={t('whileRunning')}
          />
          <Stat
            label={t('billedTime')}
            value={format.duration(cost.data.billed_seconds)}
            hint={format.seconds(cost.data.billed_seconds)}
          />
        </StatRow>
      )}
      {rows ? <UsageRows rows={rows} showName={false} /> : <Skeleton className="h-40 w-full" />}
    </div>
  );
}
