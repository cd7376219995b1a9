'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Leaving, OperatorQueueEntry } from '@/api/types';
import { BindingLabel } from '@/features/queue/binding-label';
import { StartEstimate } from '@/features/queue/start-estimate';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Card, Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Hourglass } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Ago, Time } from '@/ui/time';

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
              <QueueTable entries={queue.data?.items ?? []} />
            )}
          </Card>
          <LeavingSection leaving={queue.data?.leaving ?? []} />
        </div>
      )}
    </>
  );
}

function QueueTable({ entries }: { entries: readonly OperatorQueueEntry[] }) {
  const t = useTranslations('scheduling');
  const queue = useTranslations('queue');
  const nav = useTranslations('operator.nav');
  return (
    <Table label={nav('queue')}>
      <Head>
        <Th>{queue('request')}</Th>
        <Th from="sm">{t('tenant')}</Th>
        <Th align="right">{queue('place')}</Th>
        <Th from="lg">{t('rank')}</Th>
        <Th from="md">{queue('why')}</Th>
        <Th>{queue('start')}</Th>
        <Th from="xl">{queue('waiting')}</Th>
      </Head>
      <tbody>
        {entries.map((entry) => (
          <QueueRow key={entry.operation_id} entry={entry} />
        ))}
      </tbody>
    </Table>
  );
}

function QueueRow({ entry }: { entry: OperatorQueueEntry }) {
  const format = useFormat();
  const queue = useTranslations('queue');
  return (
    <Tr className="h-14">
      <Td>
        <span className="font-medium">
          {entry.node_count > 1 ? `${entry.node_count} × ` : ''}
          {entry.gpus_per_node} × {entry.accelerator_id}
        </span>
        <span className="block text-subtle text-xs">{entry.region_id}</span>
        <MonoId id={entry.resource_id} />
      </Td>
      <Td from="sm">{entry.org_name}</Td>
      <Td align="right" className="tnum">
        {format.count(entry.place)}
      </Td>
      <Td from="lg">
        <span className="flex flex-wrap gap-1">
          <Badge>{entry.priority_class}</Badge>
          {entry.preemptible && <Badge>{queue('change.preemptible')}</Badge>}
        </span>
      </Td>
      <Td from="md" className="py-2">
        <BindingLabel binding={entry.binding} />
        <span className="block max-w-sm text-subtle text-xs">{format.text(entry.reason)}</span>
      </Td>
      <Td>
        <StartEstimate estimate={entry.estimate} />
      </Td>
      <Td from="xl" className="text-muted">
        <Ago at={entry.waiting_since} />
      </Td>
    </Tr>
  );
}

function LeavingSection({ leaving }: { leaving: readonly Leaving[] }) {
  const t = useTranslations('scheduling');
  const queue = useTranslations('queue');
  return (
    <Section title={t('leaving')} description={t('leavingText')} flush={leaving.length > 0}>
      {leaving.length === 0 ? (
        <p className="text-muted text-sm">{t('noLeaving')}</p>
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
