'use client';
import { WORKLOAD_STATE_FACTS } from '@suanxiang/domain/workload-state';
import { useTranslations } from 'next-intl';
import type { StateChange, Workload } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { useConsole } from '@/shell/console-context';
import { Card } from '@/ui/card';
import { ArrowRight } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { StateBadge } from '@/ui/state-badge';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { actorName } from './actor';
import type { WorkloadKind } from './kind';
import { useWorkloadEvents } from './queries';
import { WorkloadFrame } from './workload-frame';

/** State history with actor, cause and duration: "why is it stuck?" is the first question asked of a cloud. */
export function EventsTab({ kind, id }: { kind: WorkloadKind; id: string }) {
  return (
    <WorkloadFrame kind={kind} id={id}>
      {(workload) => <Events kind={kind} workload={workload} />}
    </WorkloadFrame>
  );
}

function Events({ kind, workload }: { kind: WorkloadKind; workload: Workload }) {
  const t = useTranslations('workload');
  const events = useWorkloadEvents(kind, workload.id, WORKLOAD_STATE_FACTS[workload.state].transitional);
  if (events.error && !events.data) return <ErrorNotice error={events.error} onRetry={() => void events.refetch()} />;
  if (!events.data) return <Skeleton className="h-48 w-full" />;
  const newestFirst = [...events.data.items].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <Card flush className="overflow-hidden">
      <Table label={t('tabs.events')}>
        <Head>
          <Th>{t('event')}</Th>
          <Th from="sm">{t('change')}</Th>
          <Th from="md">{t('actor')}</Th>
          <Th>{t('at')}</Th>
          <Th align="right" from="sm">
            {t('lasted')}
          </Th>
        </Head>
        <tbody>
          {newestFirst.map((change, index) => (
            <EventRow
              key={`${change.at}${change.to_state}`}
              change={change}
              until={newestFirst[index - 1]?.at ?? null}
            />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function EventRow({ change, until }: { change: StateChange; until: string | null }) {
  const t = useTranslations('workload');
  const format = useFormat();
  const { me } = useConsole();
  const now = useNow(1000);
  const ended = WORKLOAD_STATE_FACTS[change.to_state].terminal;
  const untilMs = until ? Date.parse(until) : ended ? null : now;
  const key = `events.${change.event}` as Parameters<typeof t>[0];
  return (
    <Tr className="h-12">
      <Td>
        <span className="font-medium">{t.has(key) ? t(key) : change.event}</span>
        {change.reason && <span className="block max-w-md text-muted text-xs">{format.text(change.reason)}</span>}
      </Td>
      <Td from="sm">
        <span className="flex items-center gap-1.5">
          {change.from_state && (
            <>
              <span className="text-muted text-xs">{t(`states.${change.from_state}`)}</span>
              <ArrowRight className="size-3 text-subtle" aria-hidden="true" />
            </>
          )}
          <StateBadge state={change.to_state} past={until !== null} />
        </span>
      </Td>
      <Td from="md" className="text-muted">
        {actorName(change.actor, me, t('actors.system'))}
      </Td>
      <Td className="text-muted">
        <Time at={change.at} style="seconds" />
      </Td>
      <Td align="right" from="sm" className="text-muted">
        {untilMs === null ? '—' : format.duration((untilMs - Date.parse(change.at)) / 1000)}
      </Td>
    </Tr>
  );
}
