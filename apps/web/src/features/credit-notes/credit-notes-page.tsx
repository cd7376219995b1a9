'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Breadcrumbs } from '@/ui/breadcrumbs';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { ReceiptText } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { CreditNotesTable } from './credit-notes-table';
import { CREDIT_NOTES_PAGE } from './pages';

export function CreditNotesPage() {
  const t = useTranslations('creditNotes');
  const nav = useTranslations('nav.items');
  const { orgSlug } = useConsole();
  const url = useUrlState();
  const cursor = url.get('cursor');
  const notes = useApi(
    'listCreditNotes',
    { query: { limit: CREDIT_NOTES_PAGE, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true },
  );
  return (
    <>
      <Breadcrumbs label={t('breadcrumbs')} items={[{ label: nav('invoices'), href: paths.invoices(orgSlug) }]} />
      <PageHeader title={t('title')} description={t('description')} />
      {notes.error && !notes.data ? (
        <ErrorNotice error={notes.error} onRetry={() => void notes.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {notes.data?.items.length === 0 ? (
            <EmptyState icon={<ReceiptText />} title={t('emptyTitle')}>
              {t('emptyText')}
            </EmptyState>
          ) : (
            <CreditNotesTable notes={notes.data?.items ?? []} />
          )}
        </Card>
      )}
      <Pager cursor={cursor} nextCursor={notes.data?.next_cursor} onGo={(next) => url.set({ cursor: next }, 'push')} />
    </>
  );
}
