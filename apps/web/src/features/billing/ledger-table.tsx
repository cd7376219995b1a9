'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { Pager } from '@/features/list/pager';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { EmptyState } from '@/ui/empty-state';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { BILLING_PAGE } from './pages';

/** What changed the balance, newest first. */
export function LedgerTable() {
  const t = useTranslations('billing');
  const format = useFormat();
  const url = useUrlState();
  const cursor = url.get('cursor');
  const ledger = useApi(
    'listLedger',
    { query: { limit: BILLING_PAGE, ...(cursor ? { cursor } : {}) } },
    { keepPrevious: true },
  );
  if (ledger.error && !ledger.data) return <ErrorNotice error={ledger.error} className="m-4" />;
  if (ledger.data?.items.length === 0) return <EmptyState title={t('noLedger')}>{t('noLedgerText')}</EmptyState>;
  return (
    <>
      <Table label={t('ledger')}>
        <Head>
          <Th>{t('date')}</Th>
          <Th>{t('entry')}</Th>
          <Th from="sm">{t('reference')}</Th>
          <Th align="right">{t('effect')}</Th>
        </Head>
        <tbody>
          {ledger.data?.items.map((line) => {
            const key = `kinds.${line.kind}` as Parameters<typeof t>[0];
            const incoming = !line.amount.amount.startsWith('-');
            return (
              <Tr key={line.journal_id}>
                <Td className="text-muted">
                  <Time at={line.booked_at} />
                </Td>
                <Td>{t.has(key) ? t(key) : line.kind}</Td>
                <Td from="sm" className="text-muted">
                  {line.memo}
                </Td>
                <Td align="right" className={incoming ? 'font-medium text-success' : 'font-medium'}>
                  {incoming ? '+' : ''}
                  {format.money(line.amount)}
                </Td>
              </Tr>
            );
          })}
        </tbody>
      </Table>
      <div className="px-4 pb-3">
        <Pager
          cursor={cursor}
          nextCursor={ledger.data?.next_cursor}
          onGo={(next) => url.set({ cursor: next }, 'push')}
        />
      </div>
    </>
  );
}
