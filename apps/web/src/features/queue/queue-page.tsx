'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { QueueEntry } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Hourglass } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Ago } from '@/ui/time';
import { BindingLabel } from './binding-label';
import { ProjectShares } from './project-shares';
import { StartEstimate } from './start-estimate';

/** What waits in the organisation, and the shares that decide who is next. */
export function QueuePage() {
  const t = useTranslations('queue');
  const { can } = useConsole();
  const queue = useApi('listQueue', { query: { limit: 100 } }, { pollMs: 5_000 });
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      {queue.error && !queue.data ? (
        <ErrorNotice error={queue.error} onRetry={() => void queue.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {queue.data?.items.length === 0 ? (
            <EmptyState icon={<Hourglass />} title={t('empty')}>
              {t('emptyText')}
            </EmptyState>
          ) : (
            <QueueRows entries={queue.data?.items ?? []} />
          )}
        </Card>
      )}
      {can('quota.read') && <ProjectShares />}
    </>
  );
}

function QueueRows({ entries }: { entries: readonly QueueEntry[] }) {
  const t = useTranslations('queue');
  return (
    <Table label={t('title')}>
      <Head>
        <Th>{t('resource')}</Th>
        <Th from="md">{t('request')}</Th>
        <Th align="right">{t('place')}</Th>
        <Th from="sm">{t('why')}</Th>
        <Th>{t('start')}</Th>
        <Th from="lg">{t('waiting')}</Th>
      </Head>
      <tbody>
        {entries.map((entry) => (
          <QueueRow key={entry.operation_id} entry={entry} />
        ))}
      </tbody>
    </Table>
  );
}

function QueueRow({ entry }: { entry: QueueEntry }) {
  const { organization, projects, names } = useConsole();
  const format = useFormat();
  const model = names.accelerators[entry.accelerator_id];
  const count = entry.kind === 'cluster' ? `${entry.node_count} × ${entry.gpus_per_node}` : String(entry.gpus_per_node);
  const project = projects.find(({ id }) => id === entry.project_id);
  const href =
    project &&
    (entry.kind === 'cluster' ? paths.cluster : paths.instance)(organization.slug, project.slug, entry.resource_id);
  return (
    <Tr className="h-14">
      <Td className="font-medium">
        {href ? (
          <Link href={href} className="hover:underline">
            {entry.name}
          </Link>
        ) : (
          entry.name
        )}
        <span className="block font-normal text-subtle text-xs">{project?.name}</span>
      </Td>
      <Td from="md">
        {count} × {model ? format.text(model) : entry.accelerator_id}
        <span className="block text-subtle text-xs">{entry.region_id}</span>
      </Td>
      <Td align="right" className="tnum">
        {format.count(entry.place)}
      </Td>
      <Td from="sm" title={format.text(entry.reason)}>
        <BindingLabel binding={entry.binding} />
      </Td>
      <Td>
        <StartEstimate estimate={entry.estimate} />
      </Td>
      <Td from="lg" className="text-muted">
        <Ago at={entry.waiting_since} />
      </Td>
    </Tr>
  );
}
