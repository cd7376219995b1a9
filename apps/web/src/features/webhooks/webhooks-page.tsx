'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Webhook } from '@/api/types';
import { useCommands } from '@/commands/provider';
import { Pager } from '@/features/list/pager';
import { useRowKeys } from '@/features/list/use-row-keys';
import { useUrlState } from '@/features/list/use-url-state';
import { lazily } from '@/lib/lazily';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { buttonClass } from '@/ui/button-class';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Plus, Webhook as WebhookIcon } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { WEBHOOKS_PAGE } from './pages';
import { WebhookStatus } from './webhook-status';

const WebhookPanel = lazily(() => import('./webhook-panel'));

/** Addresses that events are sent to; `adding` opens the form beside the list. */
export function WebhooksPage({ adding = false }: { adding?: boolean }) {
  const t = useTranslations('webhooks');
  const router = useRouter();
  const url = useUrlState();
  const { orgSlug, can } = useConsole();
  const ref = useRowKeys<HTMLTableSectionElement>();
  const cursor = url.get('cursor');
  const webhooks = useApi(
    'listWebhooks',
    { query: { limit: WEBHOOKS_PAGE, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true },
  );
  const add = paths.newWebhook(orgSlug);
  const mayAdd = can('webhook.create');
  useCommands(
    () =>
      mayAdd
        ? [
            {
              id: 'add-webhook',
              label: t('create'),
              group: 'actions',
              keys: 'c',
              icon: Plus,
              run: () => router.push(add, { scroll: false }),
            },
          ]
        : [],
    [t, router, add, mayAdd],
  );
  const button = mayAdd && (
    <Link href={add} scroll={false} className={buttonClass('primary')}>
      <Plus className="size-4" />
      {t('create')}
    </Link>
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} actions={button} />
      {webhooks.error && !webhooks.data ? (
        <ErrorNotice error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {webhooks.data?.items.length === 0 ? (
            <EmptyState icon={<WebhookIcon />} title={t('emptyTitle')} action={button}>
              {t('emptyText')}
            </EmptyState>
          ) : (
            <Table label={t('title')}>
              <Head>
                <Th>{t('url')}</Th>
                <Th>{t('status')}</Th>
                <Th from="md">{t('types')}</Th>
                <Th from="lg" align="right">
                  {t('created')}
                </Th>
              </Head>
              <tbody ref={ref}>
                {webhooks.data?.items.map((webhook) => (
                  <Row key={webhook.id} webhook={webhook} />
                ))}
              </tbody>
            </Table>
          )}
        </Card>
      )}
      <Pager
        cursor={cursor}
        nextCursor={webhooks.data?.next_cursor}
        onGo={(next) => url.set({ cursor: next }, 'push')}
      />
      {adding && <WebhookPanel webhook={null} />}
    </>
  );
}

function Row({ webhook }: { webhook: Webhook }) {
  const { orgSlug } = useConsole();
  return (
    <Tr className="h-14">
      <Td className="max-w-0 sm:max-w-80">
        <Link
          data-row
          href={paths.webhook(orgSlug, webhook.id)}
          className="block truncate rounded-sm py-0.5 font-mono text-xs hover:underline"
        >
          {webhook.url}
        </Link>
        {webhook.description && <span className="block truncate text-muted text-xs">{webhook.description}</span>}
      </Td>
      <Td className="w-28 sm:w-auto">
        <WebhookStatus webhook={webhook} />
      </Td>
      <Td from="md" className="text-muted">
        <TypesText types={webhook.event_types} />
      </Td>
      <Td from="lg" align="right" className="text-muted">
        <Time at={webhook.created_at} style="date" />
      </Td>
    </Tr>
  );
}

function TypesText({ types }: { types: readonly string[] }) {
  const t = useTranslations('webhooks');
  const [first, ...others] = types;
  if (first === undefined) return t('allTypes');
  return (
    <span title={types.join(', ')}>
      <code className="font-mono text-xs">{first}</code>
      {others.length > 0 && ` ${t('more', { count: others.length })}`}
    </span>
  );
}
