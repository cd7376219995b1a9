'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Quota } from '@/api/types';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Card, Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Layers } from '@/ui/icons';
import { Meter } from '@/ui/meter';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { QuotaRequests } from './quota-requests';
import { useMetricName } from './use-metric-name';

const RequestDialog = lazily(() => import('./request-dialog'));
const ProjectQuotaDialog = lazily(() => import('./project-quota-dialog'));

export function QuotasPage() {
  const t = useTranslations('quotas');
  const { projects, can } = useConsole();
  const [asking, setAsking] = useState<Quota | null>(null);
  const [setting, setSetting] = useState(false);
  const quotas = useApi('listQuotas', {}, { pollMs: 30_000 });
  const items = quotas.data?.items ?? [];
  const ofProjects = items.filter(({ project_id }) => project_id !== null);
  const nameOf = (id: string | null) => projects.find((project) => project.id === id)?.name ?? id ?? '';
  const setLimit = can('quota.modify') && <Button onClick={() => setSetting(true)}>{t('setForProject')}</Button>;
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      {quotas.error && !quotas.data ? (
        <ErrorNotice error={quotas.error} onRetry={() => void quotas.refetch()} />
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {items
            .filter(({ project_id }) => project_id === null)
            .map((quota) => (
              <li key={quota.metric}>
                <QuotaCard quota={quota} onAsk={can('quota_request.create') ? () => setAsking(quota) : null} />
              </li>
            ))}
        </ul>
      )}
      <p className="mt-6 max-w-prose text-muted text-sm">{t('more')}</p>
      <div className="mt-8 space-y-8">
        <Section
          title={t('ofProjects')}
          description={t('ofProjectsText')}
          bare
          actions={ofProjects.length > 0 && setLimit}
        >
          <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
            {ofProjects.map((quota) => (
              <li key={`${quota.project_id}:${quota.metric}`}>
                <QuotaCard quota={quota} project={nameOf(quota.project_id)} onAsk={null} />
              </li>
            ))}
          </ul>
          {quotas.data && ofProjects.length === 0 && (
            <Card flush>
              <EmptyState icon={<Layers />} title={t('noneOfProjects')} action={setLimit}>
                {t('noneOfProjectsText')}
              </EmptyState>
            </Card>
          )}
        </Section>
        {can('quota_request.read') && (
          <Section title={t('requests')} description={t('requestsText')} bare>
            <QuotaRequests />
          </Section>
        )}
      </div>
      {asking && <RequestDialog quota={asking} onClose={() => setAsking(null)} />}
      {setting && <ProjectQuotaDialog onClose={() => setSetting(false)} />}
    </>
  );
}

interface QuotaCardProps {
  quota: Quota;
  project?: string;
  onAsk: (() => void) | null;
}

function QuotaCard({ quota, project, onAsk }: QuotaCardProps) {
  const t = useTranslations('quotas');
  const format = useFormat();
  const name = useMetricName()(quota.metric);
  const share = quota.limit > 0 ? quota.used / quota.limit : 1;
  const text = t('usedOf', { used: format.count(quota.used), limit: format.count(quota.limit) });
  return (
    <Card>
      <div className="flex items-baseline justify-between gap-3">
        <p className="min-w-0 font-medium text-sm">
          {name}
          {project && <span className="block truncate font-normal text-subtle text-xs">{project}</span>}
        </p>
        <p className="tnum whitespace-nowrap text-muted text-sm">{text}</p>
      </div>
      <Meter
        className="mt-3"
        label={project ? `${name}, ${project}` : name}
        value={quota.used}
        max={quota.limit}
        text={text}
        tone={share >= 1 ? 'danger' : share > 0.85 ? 'warning' : 'accent'}
      />
      {onAsk && (
        <Button size="sm" variant="ghost" className="mt-3 -ml-2" onClick={onAsk} aria-label={t('askFor', { name })}>
          {t('ask')}
        </Button>
      )}
    </Card>
  );
}
