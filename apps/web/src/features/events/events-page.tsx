'use client';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Event } from '@/api/types';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { actorName } from '@/features/workload/actor';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { ButtonLink } from '@/ui/button';
import { Card } from '@/ui/card';
import { CodeBlock } from '@/ui/code-block';
import { EmptyState } from '@/ui/empty-state';
import { Activity, Webhook } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { EventFilters } from './event-filters';
import { EVENTS_PAGE, eventFilters } from './pages';

/** What changed in the last 30 days, newest first, as streams and webhooks tell it. New events appear by themselves. */
export function EventsPage() {
  const t = useTranslations('events');
  const url = useUrlState();
  const [open, setOpen] = useState<string | null>(null);
  const { orgSlug, organization, can } = useConsole();
  const cursor = url.get('cursor');
  const filters = eventFilters(url.get, organization.time_zone);
  const events = useApi(
    'listEvents',
    { query: { limit: EVENTS_PAGE, ...(cursor ? { cursor } : {}), ...filters } },
    { keepPrevious: true },
  );
  const items = events.data?.items;
  const filtered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          can('webhook.read') && (
            <ButtonLink href={paths.webhooks(orgSlug)}>
              <Webhook className="size-4" />
              {t('toWebhooks')}
            </ButtonLink>
          )
        }
      />
      <EventFilters />
      {events.error && !items ? (
        <ErrorNotice error={events.error} onRetry={() => void events.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {items?.length === 0 ? (
            <EmptyState icon={<Activity />} title={filtered ? t('noMatch') : t('emptyTitle')}>
              {!filtered && t('emptyText')}
            </EmptyState>
          ) : (
            <Table label={t('title')}>
              <Head>
                <Th>{t('at')}</Th>
                <Th>{t('type')}</Th>
                <Th from="md">{t('resource')}</Th>
                <Th from="lg">{t('actor')}</Th>
              </Head>
              <tbody>
                {items?.map((event) => (
                  <Fragment key={event.id}>
                    <Row
                      event={event}
                      open={open === event.id}
                      onToggle={() => setOpen(open === event.id ? null : event.id)}
                    />
                    {open === event.id && (
                      <tr className="border-line border-b last:border-b-0">
                        <td colSpan={4} className="bg-sunken px-4 py-4 sm:px-5">
                          <CodeBlock
                            code={JSON.stringify(event, null, 2)}
                            label={t('copyJson')}
                            className="bg-surface"
                          />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                ))}
              </tbody>
            </Table>
          )}
        </Card>
      )}
      <Pager cursor={cursor} nextCursor={events.data?.next_cursor} onGo={(next) => url.set({ cursor: next }, 'push')} />
    </>
  );
}

interface RowProps {
  event: Event;
  open: boolean;
  onToggle: () => void;
}

function Row({ event, open, onToggle }: RowProps) {
  const t = useTranslations('events');
  const { me } = useConsole();
  const { name, actor } = event.data as { name?: unknown; actor?: unknown };
  return (
    <Tr>
      <Td className="text-muted">
        <Time at={event.at} style="seconds" />
      </Td>
      <Td>
        <button type="button" aria-expanded={open} onClick={onToggle} className="rounded-sm text-left hover:underline">
          <code className="break-all font-mono text-xs">{event.type}</code>
        </button>
        {typeof name === 'string' && <span className="block text-muted text-xs">{name}</span>}
      </Td>
      <Td from="md">{event.resource ? <MonoId id={event.resource} /> : <span className="text-subtle">—</span>}</Td>
      <Td from="lg" className="text-muted">
        {typeof actor === 'string' ? actorName(actor, me, t('platform')) : t('platform')}
      </Td>
    </Tr>
  );
}
