'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Webhook } from '@/api/types';
import { standIn } from '@/features/errors/gone-state';
import { lazily } from '@/lib/lazily';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Breadcrumbs } from '@/ui/breadcrumbs';
import { Section } from '@/ui/card';
import { MonoId } from '@/ui/mono-id';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { Properties } from '@/ui/properties';
import { ListSkeleton } from '@/ui/skeleton';
import { Time } from '@/ui/time';
import { Deliveries } from './deliveries';
import { TurnOn, WebhookActions } from './webhook-actions';
import { WebhookStatus } from './webhook-status';

const WebhookPanel = lazily(() => import('./webhook-panel'));

/** One address: what it receives, whether it takes it, and what was sent. `editing` opens the form beside it. */
export function WebhookPage({ id, editing = false }: { id: string; editing?: boolean }) {
  const t = useTranslations('webhooks');
  const nav = useTranslations('nav.items');
  const { orgSlug, organization } = useConsole();
  const found = useApi('getWebhook', { params: { webhook_id: id } }, { pollMs: 15_000 });
  const instead = standIn(found, paths.webhooks(orgSlug), <ListSkeleton />);
  const { data } = found;
  if (instead !== undefined || !data) return instead;
  return (
    <>
      <Breadcrumbs
        label={t('breadcrumbs')}
        items={[
          { label: organization.name, href: paths.organization(orgSlug) },
          { label: nav('webhooks'), href: paths.webhooks(orgSlug) },
        ]}
      />
      <PageHeader
        title={<span className="break-all">{hostOf(data.url)}</span>}
        meta={<WebhookStatus webhook={data} />}
        description={data.description}
        actions={<WebhookActions webhook={data} />}
      />
      <OffNotice webhook={data} />
      <Section title={t('facts')} className="mb-8">
        <Properties
          items={[
            {
              label: t('url'),
              value: <code className="break-all font-mono text-xs">{data.url}</code>,
              wide: true,
            },
            { label: t('types'), value: <Types types={data.event_types} />, wide: true },
            { label: 'ID', value: <MonoId id={data.id} /> },
            { label: t('created'), value: <Time at={data.created_at} /> },
            ...(data.failing_since ? [{ label: t('failingSince'), value: <Time at={data.failing_since} /> }] : []),
            ...(data.old_secret_until
              ? [{ label: t('oldSecretUntil'), value: <Time at={data.old_secret_until} /> }]
              : []),
          ]}
        />
      </Section>
      <Deliveries webhook={data} />
      {editing && <WebhookPanel webhook={data} />}
    </>
  );
}

/** The part of an address that people know it by. */
function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]+)/.exec(url)?.[1] ?? url;
}

function Types({ types }: { types: readonly string[] }) {
  const t = useTranslations('webhooks');
  if (types.length === 0) return t('allTypes');
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      {types.map((type) => (
        <code key={type} className="font-mono text-xs">
          {type}
        </code>
      ))}
    </span>
  );
}

/** Why nothing is sent, or soon may not be, and the way back. */
function OffNotice({ webhook }: { webhook: Webhook }) {
  const t = useTranslations('webhooks');
  const { status, off_reason, failing_since } = webhook;
  if (status === 'failed') {
    return (
      <Notice tone="danger" className="mb-6" title={t('offTitle')} action={<TurnOn webhook={webhook} />}>
        {off_reason === 'gone' ? t('offGone') : t('offSilent')} {t('offGap')}
      </Notice>
    );
  }
  if (status === 'disabled') {
    return (
      <Notice className="mb-6" title={t('disabledTitle')} action={<TurnOn webhook={webhook} />}>
        {t('offGap')}
      </Notice>
    );
  }
  if (!failing_since) return null;
  return (
    <Notice tone="warning" className="mb-6" title={t('failingTitle')}>
      {t('failingText')}
    </Notice>
  );
}
