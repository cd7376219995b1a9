'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Leaving, OperatorQueueEntry } from '@/api/types';
import { type QueueColumn, QueueTable } from '@/features/queue/queue-table';
import { Badge } from '@/ui/badge';
import { Card, Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Hourglass } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

/** What waits on the whole platform in the order in which it is served, and what has been told to make room. */
export function OperatorQueuePage() {
  const t = useTranslations('scheduling');
  const nav = useTranslations('operator.nav');
  const queue = useApi('operatorQueue', { query: {} }, { pollMs: 3_000 });
  return (
    <>
      <PageHeader title={nav('queue')} description={t('queueText')} />
      {queue.error && !queue.data ? (
        <ErrorNotice error={queue.error} onRetry={() => void queue.refetch()} />
      ) : (
        <div className="space-y-8">
          <Card flush className="overflow-hidden">
            {queue.data?.items.length === 0 ? (
              <EmptyState icon={<Hourglass />} title={t('emptyQueue')}>
                {t('emptyQueueText')}
              </EmptyState>
            ) : (
              <WaitingTable entries={queue.data?.items ?? []} />
            )}
          </Card>
          <LeavingSection leaving={queue.data?.leaving ?? []} />
        </div>
      )}
    </>
  );
}

function WaitingTable({ entries }: { entries: readonly OperatorQueueEntry[] }) {
  const t = useTranslations('scheduling');
  const queue = useTranslations('queue');
  const nav = useTranslations('operator.nav');
  const before: QueueColumn<OperatorQueueEntry>[] = [
    { title: queue('request'), cell: (entry) => <Request entry={entry} /> },
    { title: t('tenant'), from: 'sm', cell: (entry) => entry.org_name },
  ];
  const after: QueueColumn<OperatorQueueEntry>[] = [
    {
      title: t('rank'),
      from: 'lg',
      cell: (entry) => (
        <span className="flex flex-wrap gap-1">
          <Badge>{entry.priority_class}</Badge>
          {entry.preemptible && <Badge>{queue('change.preemptible')}</Badge>}
        </span>
      ),
    },
  ];
  return <QueueTable label={nav('queue')} entries={entries} before={before} after={after} />;
}

function Request({ entry }: { entry: OperatorQueueEntry }) {
  return (
    <>
      <span className="font-medium">
        {entry.node_count > 1 ? `${entry.node_count} × ` : ''}
        {entry.gpus_per_node} × {entry.accelerator_id}
      </span>
      <span className="block text-subtle text-xs">{entry.region_id}</span>
      <MonoId id={entry.resource_id} />
    </>
  );
}

function LeavingSection({ leaving }: { leaving: readonly Leaving[] }) {
  const t = useTranslations('scheduling');
  const queue = useTranslations('queue');
  return (
    <Section title={t('leaving')} description={t('leavingText')} flush>
      {leaving.length === 0 ? (
        <EmptyState title={t('noLeaving')}>{t('noLeavingText')}</EmptyState>
      ) : (
        <Table label={t('leaving')}>
          <Head>
            <Th>{queue('resource')}</Th>
            <Th>{t('cause')}</Th>
            <Th align="right">{t('leaveAt')}</Th>
          </Head>
          <tbody>
            {leaving.map((one) => (
              <Tr key={one.id}>
                <Td>
                  <span className="font-medium">{one.name}</span> <MonoId id={one.workload_id} />
                </Td>
                <Td>{t(`causes.${one.cause}` as Parameters<typeof t>[0])}</Td>
                <Td align="right">
                  <Time at={one.leave_at} style="seconds" />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}
