'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import type { Contract } from '@/api/types';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Plus, ReceiptText } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { BillingTabs } from './billing-tabs';
import { DraftBadge } from './draft-steps';

const NewContract = lazily(() => import('./new-contract'));

/** Terms that organizations have agreed on, newest first. */
export function ContractsPage() {
  const t = useTranslations('operatorBilling');
  const [drafting, setDrafting] = useState(false);
  const found = useApi('operatorContracts', { query: {} }, { pollMs: 30_000 });
  return (
    <>
      <PageHeader
        title={t('contracts')}
        description={t('contractsText')}
        actions={
          <Button variant="primary" onClick={() => setDrafting(true)}>
            <Plus className="size-4" />
            {t('newContract')}
          </Button>
        }
      />
      <BillingTabs />
      {found.error && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      <Card flush className="overflow-hidden">
        {found.data?.items.length === 0 ? (
          <EmptyState icon={<ReceiptText />} title={t('noContracts')}>
            {t('noContractsText')}
          </EmptyState>
        ) : (
          <Contracts contracts={found.data?.items ?? []} />
        )}
      </Card>
      {drafting && <NewContract onClose={() => setDrafting(false)} />}
    </>
  );
}

function Contracts({ contracts }: { contracts: readonly Contract[] }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  return (
    <Table label={t('contracts')}>
      <Head>
        <Th>{t('contract')}</Th>
        <Th>{t('state')}</Th>
        <Th from="sm">{t('months')}</Th>
        <Th align="right">{t('commitment')}</Th>
        <Th align="right" from="md">
          {t('priceCount')}
        </Th>
      </Head>
      <tbody>
        {contracts.map((one) => (
          <Tr key={one.id}>
            <Td className="font-medium">
              <Link href={paths.operatorContract(one.id)} className="hover:underline">
                {one.name}
              </Link>
              <span className="block font-normal text-subtle text-xs">{one.organization_name}</span>
            </Td>
            <Td>
              <DraftBadge draft={one} />
            </Td>
            <Td from="sm" className="tnum text-muted">
              {t('monthSpan', { from: one.from_month, until: one.until_month ?? 'none' })}
            </Td>
            <Td align="right" className="tnum">
              {one.commitment ? format.money(one.commitment) : '—'}
            </Td>
            <Td align="right" from="md" className="tnum">
              {format.count(one.prices.length)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
