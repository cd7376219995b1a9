'use client';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Workload } from '@/api/types';
import { standIn } from '@/features/errors/gone-state';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Breadcrumbs } from '@/ui/breadcrumbs';
import { LinkTabs } from '@/ui/link-tabs';
import { PageHeader } from '@/ui/page-header';
import { ListSkeleton } from '@/ui/skeleton';
import { StateBadge } from '@/ui/state-badge';
import { KINDS, type WorkloadKind } from './kind';
import { useWorkload } from './queries';
import { WorkloadActions } from './workload-actions';

const TABS: Record<WorkloadKind, readonly ('metrics' | 'events' | 'logs' | 'rendezvous' | 'terminal' | 'usage')[]> = {
  instance: ['metrics', 'events', 'logs', 'terminal', 'usage'],
  cluster: ['metrics', 'events', 'logs', 'rendezvous', 'terminal', 'usage'],
};

interface WorkloadFrameProps {
  kind: WorkloadKind;
  id: string;
  children: (workload: Workload) => ReactNode;
}

/** Name, state, actions and tabs of one instance or cluster, around the tab that is open. */
export function WorkloadFrame({ kind, id, children }: WorkloadFrameProps) {
  const t = useTranslations('workload');
  const nav = useTranslations('nav.items');
  const { orgSlug, projectSlug, project } = useConsole();
  const found = useWorkload(kind, id);
  const facts = KINDS[kind];
  const instead = standIn(found, facts.listHref(orgSlug, projectSlug), <ListSkeleton />);
  const { data } = found;
  if (instead !== undefined || !data) return instead;
  const base = facts.href(orgSlug, projectSlug, id);
  return (
    <>
      <Breadcrumbs
        label={t('breadcrumbs')}
        items={[
          { label: project?.name ?? projectSlug, href: paths.overview(orgSlug, projectSlug) },
          { label: nav(kind === 'instance' ? 'instances' : 'clusters'), href: facts.listHref(orgSlug, projectSlug) },
        ]}
      />
      <PageHeader
        title={data.name}
        meta={<StateBadge state={data.state} />}
        actions={<WorkloadActions kind={kind} workload={data} />}
      />
      <LinkTabs
        label={t('tabs.label')}
        items={[
          { href: base, label: t('tabs.overview') },
          ...TABS[kind].map((tab) => ({ href: `${base}/${tab}`, label: t(`tabs.${tab}`) })),
        ]}
      />
      {children(data)}
    </>
  );
}
