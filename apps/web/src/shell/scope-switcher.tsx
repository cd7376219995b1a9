'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { lazily } from '@/lib/lazily';
import { paths } from '@/nav/paths';
import { Badge } from '@/ui/badge';
import { Building2, ChevronsUpDown, Folder, FolderPlus, Plus } from '@/ui/icons';
import { Menu } from '@/ui/menu';
import { useConsole } from './console-context';

const NewProjectDialog = lazily(() => import('./new-project-dialog'));

/** Chooses the organisation and the project that the console works in. */
export function ScopeSwitcher() {
  const t = useTranslations('scope');
  const router = useRouter();
  const { me, organization, projects, project, orgSlug, projectSlug, can } = useConsole();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <Menu
        label={t('switch', { organization: organization.name, project: project?.name ?? '' })}
        buttonClassName="flex h-12 w-full items-center gap-2.5 rounded-md border border-line bg-surface px-2.5 text-left shadow-card hover:bg-hover"
        align="start"
        className="w-64"
        entries={[
          { kind: 'label', key: 'projects', label: t('projects') },
          {
            kind: 'choice',
            key: 'project',
            label: t('projects'),
            value: projectSlug,
            options: projects.map(({ slug, name }) => ({ value: slug, label: name, icon: <Folder /> })),
            onChange: (slug) => router.push(paths.overview(orgSlug, slug)),
          },
          ...(can('project.create')
            ? [
                {
                  kind: 'item' as const,
                  key: 'new-project',
                  icon: <FolderPlus />,
                  label: t('newProject'),
                  onSelect: () => setCreating(true),
                },
              ]
            : []),
          { kind: 'separator', key: 'line' },
          { kind: 'label', key: 'organizations', label: t('organizations') },
          {
            kind: 'choice',
            key: 'organization',
            label: t('organizations'),
            value: orgSlug,
            options: me.organizations.map(({ slug, name }) => ({ value: slug, label: name, icon: <Building2 /> })),
            onChange: (slug) => router.push(paths.organization(slug)),
          },
          {
            kind: 'link',
            key: 'new-organization',
            href: paths.onboarding,
            icon: <Plus />,
            label: t('newOrganization'),
          },
        ]}
      >
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5 font-medium text-sm">
            <span className="truncate">{organization.name}</span>
            {organization.mode === 'sandbox' && <Badge tone="warning">{t('sandbox')}</Badge>}
          </span>
          <span className="block truncate text-muted text-xs">{project?.name ?? projectSlug}</span>
        </span>
        <ChevronsUpDown className="size-4 shrink-0 text-subtle" />
      </Menu>
      {creating && <NewProjectDialog onClose={() => setCreating(false)} />}
    </>
  );
}
