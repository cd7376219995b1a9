'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { EVENTS_PAGE } from './pages';

/** What the account was told about its money, newest first. */
export function BudgetEvents() {
  const t = useTranslations('budgets');
  const format = useFormat();
  const url = useUrlState();
  const cursor = url.get('cursor');
  const events = useApi(
    'listBillingEvents',
    { query: { limit: EVENTS_PAGE, ...(cursor ? { cursor } : {}) } },
    { pollMs: 30_000, keepPrevious: true },
  );
  return (
    <Section title={t('events')} description={t('eventsText')} flush>
      {events.error && !events.data && <ErrorNotice error={events.error} className="m-4" />}
      {events.data?.items.length === 0 ? (
        <EmptyState title={t('noEvents')}>{t('noEventsText')}</EmptyState>
      ) : (
        <Table label={t('events')}>
          <Head>
            <Th>{t('date')}</Th>
            <Th>{t('what')}</Th>
          </Head>
          <tbody>
            {events.data?.items.map((event) => (
              <Tr key={event.id}>
                <Td className="text-muted">
                  <Time at={event.at} />
                </Td>
                <Td>{format.text(event.text)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <div className="px-4 pb-3">
        <Pager
          cursor={cursor}
          nextCursor={events.data?.next_cursor}
          onGo={(next) => url.set({ cursor: next }, 'push')}
        />
      </div>
    </Section>
  );
}
