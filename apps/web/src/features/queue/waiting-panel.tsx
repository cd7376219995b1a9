'use client';
import { useTranslations } from 'next-intl';
import type { Workload } from '@/api/types';
import { KINDS, kindOf } from '@/features/workload/kind';
import { useWorkloadVerb } from '@/features/workload/queries';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { ErrorNotice } from '@/ui/problem';
import { Properties } from '@/ui/properties';
import { Ago } from '@/ui/time';
import { notify } from '@/ui/toast';
import { BindingLabel } from './binding-label';
import { NearestChanges } from './nearest-changes';
import { StartEstimate } from './start-estimate';

/** Why a workload waits, its place, when it will start, and what would start it now. */
export default function WaitingPanel({
  workload,
}: {
  workload: Workload & { waiting: NonNullable<Workload['waiting']> };
}) {
  const t = useTranslations('queue');
  const format = useFormat();
  const { can } = useConsole();
  const kind = kindOf(workload);
  const update = useWorkloadVerb(kind, 'update');
  const { waiting } = workload;
  const mayPreempt = waiting.would_start.some(({ change }) => change === 'preemptible') && can(KINDS[kind].modify);
  const makePreemptible = async () => {
    try {
      await update.run(workload.id, { preemptible: true });
      notify(t('madePreemptible'));
    } catch {
      // Shown below.
    }
  };
  return (
    <Section
      title={t('panel')}
      actions={
        mayPreempt && (
          <Button size="sm" busy={update.isPending} onClick={() => void makePreemptible()}>
            {t('makePreemptible')}
          </Button>
        )
      }
    >
      <Properties
        items={[
          { label: t('place'), value: <span className="tnum font-medium">{format.count(waiting.place)}</span> },
          { label: t('why'), value: <BindingLabel binding={waiting.binding} /> },
          { label: t('start'), value: <StartEstimate estimate={waiting.estimate} /> },
          { label: t('waiting'), value: <Ago at={waiting.waiting_since} /> },
        ]}
      />
      <div className="mt-4">
        <NearestChanges changes={waiting.would_start} />
      </div>
      {update.error && <ErrorNotice error={update.error} className="mt-4" />}
    </Section>
  );
}
