'use client';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import { useApi } from '@/api/hooks';
import type { AuditEvent } from '@/api/types';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { actorName } from '@/features/workload/actor';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { buttonClass } from '@/ui/button-class';
import { Card } from '@/ui/card';
import { CodeBlock } from '@/ui/code-block';
import { EmptyState } from '@/ui/empty-state';
import { CircleCheck, CircleSlash2, Download, ScrollText } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { AuditFilters } from './audit-filters';
import { Impersonations } from './impersonations';
import { AUDIT_PAGE, auditFilters } from './pages';

export function AuditPage() {
  const t = useTranslations('audit');
  const url = useUrlState();
  const [open, setOpen] = useState<string | null>(null);
  const cursor = url.get('cursor');
  const { organization } = useConsole();
  const events = useApi(
    'listAuditEvents',
    { query: { limit: AUDIT_PAGE, ...(cursor ? { cursor } : {}), ...auditFilters(url.get) } },
    { keepPrevious: true },
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <a className={buttonClass()} href={`/api/v1/audit-events/export?organization_id=${organization.id}`} download>
            <Download className="size-4" />
            {t('export')}
          </a>
        }
      />
      <AuditFilters />
      <Impersonations />
      {events.error && !events.data ? (
        <ErrorNotice error={events.error} onRetry={() => void events.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {events.data?.items.length === 0 ? (
            <EmptyState icon={<ScrollText />} title={t('emptyTitle')}>
              {t('emptyText')}
            </EmptyState>
          ) : (
            <Table label={t('title')}>
              <Head>
                <Th>{t('at')}</Th>
                <Th>{t('action')}</Th>
                <Th from="md">{t('actor')}</Th>
                <Th from="lg">{t('resource')}</Th>
                <Th align="right">{t('result')}</Th>
              </Head>
              <tbody>
                {events.data?.items.map((event) => (
                  <Fragment key={event.id}>
                    <EventRow
                      event={event}
                      open={open === event.id}
                      onToggle={() => setOpen(open === event.id ? null : event.id)}
                    />
                    {open === event.id && (
                      <tr className="border-line border-b">
                        <td colSpan={5} className="bg-sunken px-4 py-4 sm:px-5">
                          <EventDetail event={event} />
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

function EventRow({ event, open, onToggle }: { event: AuditEvent; open: boolean; onToggle: () => void }) {
  const t = useTranslations('audit');
  const { me } = useConsole();
  const denied = event.result === 'denied';
  return (
    <Tr>
      <Td className="text-muted">
        <Time at={event.at} style="seconds" />
      </Td>
      <Td>
        <button type="button" aria-expanded={open} onClick={onToggle} className="rounded-sm text-left hover:underline">
          <code className="font-mono text-xs">{event.action}</code>
        </button>
      </Td>
      <Td from="md" className="text-muted">
        {event.actor.startsWith('operator:') ? t('operator') : actorName(event.actor, me, t('platform'))} ·{' '}
        {event.auth_method}
        {event.impersonator && <span className="block text-warning text-xs">{t('lookedIn')}</span>}
      </Td>
      <Td from="lg">{event.resource ? <MonoId id={event.resource} /> : <span className="text-subtle">—</span>}</Td>
      <Td align="right">
        <Badge
          tone={denied ? 'danger' : 'success'}
          icon={denied ? <CircleSlash2 className="size-3" /> : <CircleCheck className="size-3" />}
        >
          {t(`results.${event.result}`)}
        </Badge>
      </Td>
    </Tr>
  );
}

function EventDetail({ event }: { event: AuditEvent }) {
  const t = useTranslations('audit');
  return (
    <div className="space-y-3 text-sm">
      <div className="flex flex-wrap gap-x-8 gap-y-2">
        {event.request_id && (
          <span>
            <span className="block text-subtle text-xs">{t('request')}</span>
            <MonoId id={event.request_id} full />
          </span>
        )}
        <span className="min-w-0">
          <span className="block text-subtle text-xs">{t('hash', { seq: event.seq })}</span>
          <MonoId id={`sha256:${event.hash}`} />
        </span>
      </div>
      {event.detail && (
        <CodeBlock code={JSON.stringify(event.detail, null, 2)} label={t('copyDetail')} className="bg-surface" />
      )}
    </div>
  );
}
