'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Project } from '@/api/types';
import { useCommands } from '@/commands/provider';
import { Pager } from '@/features/list/pager';
import { useRowKeys } from '@/features/list/use-row-keys';
import { useUrlState } from '@/features/list/use-url-state';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { FolderPlus } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { PROJECTS_PAGE } from './pages';

const NewProjectDialog = lazily(() => import('@/shell/new-project-dialog'));
const HOUR_S = 3_600;

/** The projects of the organisation, with what each has cost this period and what it may hold. */
export function ProjectsPage() {
  const t = useTranslations('projects');
  const url = useUrlState();
  const ref = useRowKeys<HTMLTableSectionElement>();
  const { can } = useConsole();
  const [creating, setCreating] = useState(false);
  const cursor = url.get('cursor');
  const projects = useApi(
    'listProjects',
    { query: { limit: PROJECTS_PAGE, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true, pollMs: 60_000 },
  );
  const mayCreate = can('project.create');
  useCommands(
    () =>
      mayCreate
        ? [
            {
              id: 'new-project',
              label: t('create'),
              group: 'actions',
              keys: 'c',
              icon: FolderPlus,
              run: () => setCreating(true),
            },
          ]
        : [],
    [t, mayCreate],
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          mayCreate && (
            <Button variant="primary" onClick={() => setCreating(true)}>
              <FolderPlus className="size-4" />
              {t('create')}
            </Button>
          )
        }
      />
      {projects.error && !projects.data ? (
        <ErrorNotice error={projects.error} onRetry={() => void projects.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          <Table label={t('title')}>
            <Head>
              <Th>{t('name')}</Th>
              <Th align="right" from="md">
                {t('limit')}
              </Th>
              <Th align="right" from="sm">
                {t('gpuHours')}
              </Th>
              <Th align="right">{t('cost')}</Th>
              <Th align="right" from="lg">
                {t('created')}
              </Th>
            </Head>
            <tbody ref={ref}>
              {projects.data?.items.map((project) => (
                <ProjectRow key={project.id} project={project} />
              ))}
            </tbody>
          </Table>
        </Card>
      )}
      <Pager
        cursor={cursor}
        nextCursor={projects.data?.next_cursor}
        onGo={(next) => url.set({ cursor: next }, 'push')}
      />
      {creating && <NewProjectDialog onClose={() => setCreating(false)} />}
    </>
  );
}

function ProjectRow({ project }: { project: Project }) {
  const t = useTranslations('projects');
  const format = useFormat();
  const { orgSlug, organization, can } = useConsole();
  const costs = useApi('getCosts', { query: { by: 'project' } }, { pollMs: 60_000, enabled: can('usage.read') });
  const quotas = useApi('listQuotas', {}, { pollMs: 60_000, enabled: can('quota.read') });
  const cost = costs.data?.groups.find(({ group }) => group === project.id);
  const limit = quotas.data?.items.find(
    ({ project_id, metric }) => project_id === project.id && metric === 'accelerators',
  );
  const amount = cost?.amount ?? { amount: '0', currency: organization.currency };
  return (
    <Tr className="h-14">
      <Td className="max-w-0 sm:max-w-80">
        <Link
          data-row
          href={paths.overview(orgSlug, project.slug)}
          className="block truncate rounded-sm py-0.5 font-medium hover:underline"
        >
          {project.name}
        </Link>
        <MonoId id={project.id} className="-my-1" />
      </Td>
      <Td align="right" from="md" className="tnum text-muted">
        {limit ? t('usedOf', { used: format.count(limit.used), limit: format.count(limit.limit) }) : t('noLimit')}
      </Td>
      <Td align="right" from="sm" className="tnum text-muted">
        {costs.data ? format.count(Number(BigInt(cost?.gpu_seconds ?? '0')) / HOUR_S, 1) : '—'}
      </Td>
      <Td align="right" className="tnum font-medium">
        {costs.data ? (
          <Link
            href={`${paths.usage(orgSlug)}?project=${project.slug}`}
            className="rounded-sm hover:underline"
            aria-label={t('usageOf', { name: project.name, amount: format.money(amount) })}
          >
            {format.money(amount)}
          </Link>
        ) : (
          '—'
        )}
      </Td>
      <Td align="right" from="lg" className="text-muted">
        <Time at={project.created_at} style="date" />
      </Td>
    </Tr>
  );
}
