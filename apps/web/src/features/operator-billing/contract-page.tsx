'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Contract } from '@/api/types';
import { TermsPrices } from '@/features/billing/terms-prices';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { Plus } from '@/ui/icons';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Stat, StatRow } from '@/ui/stat';
import { BillingTabs } from './billing-tabs';
import { ContractPreview } from './contract-preview';
import { BOOK_TONES } from './prices-page';
import { STALE_CONTRACT } from './queries';

const ContractPriceDialog = lazily(() => import('./contract-price-dialog'));

type Asking = 'add' | 'approve' | 'discard' | null;

/** Terms of one organization: what they say, what they would have meant last month, and their way to being published. */
export function ContractPage({ id }: { id: string }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const [asking, setAsking] = useState<Asking>(null);
  const found = useApi('operatorContract', { params: { contract_id: id } }, { pollMs: 30_000 });
  const update = useApiMutation('operatorUpdateContract', STALE_CONTRACT);
  const contract = found.data;
  if (!contract) return found.error ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : null;
  const isOpen = contract.status === 'draft' || contract.status === 'awaiting_second';
  const clear = () => update.mutate({ params: { contract_id: id }, body: { prices: [] } });
  return (
    <>
      <PageHeader
        title={contract.name}
        description={
          <Link href={paths.operatorOrganization(contract.org_id)} className="hover:underline">
            {contract.organization_name}
          </Link>
        }
        meta={<Badge tone={BOOK_TONES[contract.status]}>{t(`bookStates.${contract.status}`)}</Badge>}
        actions={
          isOpen && (
            <>
              <Button onClick={() => setAsking('discard')}>{t('discard')}</Button>
              <Button onClick={() => setAsking('add')}>
                <Plus className="size-4" />
                {t('addPrice')}
              </Button>
              <Button variant="primary" onClick={() => setAsking('approve')}>
                {t(contract.status === 'draft' ? 'agree' : 'publish')}
              </Button>
            </>
          )
        }
      />
      <BillingTabs />
      <div className="space-y-8">
        {contract.status === 'awaiting_second' && (
          <Notice tone="warning" title={t('awaitsSecond')}>
            {t('awaitsSecondText', { who: contract.first_approved_by ?? '' })}
          </Notice>
        )}
        <StatRow>
          <Stat
            label={t('months')}
            value={t('monthSpan', { from: contract.from_month, until: contract.until_month ?? 'none' })}
          />
          <Stat
            label={t('commitment')}
            value={contract.commitment ? format.money(contract.commitment) : '—'}
            hint={t('commitmentHint')}
          />
        </StatRow>
        {update.error && <ErrorNotice error={update.error} />}
        <Section
          title={t('agreedPrices')}
          description={contract.note || t('agreedPricesText')}
          actions={
            isOpen &&
            contract.prices.length > 0 && (
              <Button size="sm" variant="ghost" busy={update.isPending} onClick={clear}>
                {t('removeAll')}
              </Button>
            )
          }
          flush
        >
          <TermsPrices terms={contract} />
        </Section>
        <ContractPreview id={id} />
      </div>
      {asking === 'add' && <ContractPriceDialog contract={contract} onClose={() => setAsking(null)} />}
      {asking === 'approve' && <Approve contract={contract} onClose={() => setAsking(null)} />}
      {asking === 'discard' && <Discard contract={contract} onClose={() => setAsking(null)} />}
    </>
  );
}

interface AskProps {
  contract: Contract;
  onClose: () => void;
}

function Approve({ contract, onClose }: AskProps) {
  const t = useTranslations('operatorBilling');
  const approve = useApiMutation('operatorApproveContract', STALE_CONTRACT);
  const isFirst = contract.status === 'draft';
  const act = async () => {
    await approve.mutateAsync({ params: { contract_id: contract.id } }).then(onClose, () => undefined);
  };
  return (
    <Confirm
      title={t(isFirst ? 'agreeTitle' : 'publishTitle', { name: contract.name })}
      action={t(isFirst ? 'agree' : 'publish')}
      danger={!isFirst}
      busy={approve.isPending}
      error={approve.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {t(isFirst ? 'agreeTermsText' : 'publishTermsText', { month: contract.from_month })}
    </Confirm>
  );
}

function Discard({ contract, onClose }: AskProps) {
  const t = useTranslations('operatorBilling');
  const discard = useApiMutation('operatorDiscardContract', STALE_CONTRACT);
  const act = async () => {
    await discard.mutateAsync({ params: { contract_id: contract.id } }).then(onClose, () => undefined);
  };
  return (
    <Confirm
      title={t('discardTitle', { name: contract.name })}
      action={t('discard')}
      busy={discard.isPending}
      error={discard.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {t('discardText')}
    </Confirm>
  );
}
