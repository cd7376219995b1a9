'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { QueueEntry } from '@/api/types';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Hourglass } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { ProjectShares } from './project-shares';
import { type QueueColumn, QueueTable } from './queue-table';

const QueueTimeline = lazily(() => import('./queue-timeline'));

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
        <>
          {queue.data && queue.data.items.length > 0 && (
            <QueueTimeline entries={queue.data.items} nameOf={({ name }) => name} />
          )}
          <Card flush className="overflow-hidden">
            {queue.data?.items.length === 0 ? (
              <EmptyState icon={<Hourglass />} title={t('empty')}>
                {t('emptyText')}
              </EmptyState>
            ) : (
              <QueueRows entries={queue.data?.items ?? []} />
            )}
          </Card>
        </>
      )}
      {can('quota.read') && <ProjectShares />}
    </>
  );
}

function QueueRows({ entries }: { entries: readonly QueueEntry[] }) {
  const t = useTranslations('queue');
  const before: QueueColumn<QueueEntry>[] = [
    { title: t('resource'), cell: (entry) => <Resource entry={entry} /> },
    { title: t('request'), from: 'md', cell: (entry) => <Request entry={entry} /> },
  ];
  return <QueueTable label={t('title')} entries={entries} before={before} />;
}

function Resource({ entry }: { entry: QueueEntry }) {
  const { organization, projects } = useConsole();
  const project = projects.find(({ id }) => id === entry.project_id);
  const path = entry.kind === 'cluster' ? paths.cluster : paths.instance;
  return (
    <span className="font-medium">
      {project ? (
        <Link href={path(organization.slug, project.slug, entry.resource_id)} className="hover:underline">
          {entry.name}
        </Link>
      ) : (
        entry.name
      )}
      <span className="block font-normal text-subtle text-xs">{project?.name}</span>
    </span>
  );
}

function Request({ entry }: { entry: QueueEntry }) {
  const { names } = useConsole();
  const format = useFormat();
  const model = names.accelerators[entry.accelerator_id];
  const count = entry.kind === 'cluster' ? `${entry.node_count} × ${entry.gpus_per_node}` : String(entry.gpus_per_node);
  return (
    <>
      {count} × {model ? format.text(model) : entry.accelerator_id}
      <span className="block text-subtle text-xs">{entry.region_id}</span>
    </>
  );
}
