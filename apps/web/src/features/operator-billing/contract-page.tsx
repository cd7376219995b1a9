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
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Stat, StatRow } from '@/ui/stat';
import { BillingTabs } from './billing-tabs';
import { ContractPreview } from './contract-preview';
import { ApproveDraft, type Asking, AwaitsSecond, DiscardDraft, DraftActions, DraftBadge, isOpen } from './draft-steps';
import { STALE_CONTRACT } from './queries';

const ContractPriceDialog = lazily(() => import('./contract-price-dialog'));

/** Terms of one organization: what they say, what they would have meant last month, and their way to being published. */
export function ContractPage({ id }: { id: string }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const [asking, setAsking] = useState<Asking>(null);
  const found = useApi('operatorContract', { params: { contract_id: id } }, { pollMs: 30_000 });
  const update = useApiMutation('operatorUpdateContract', STALE_CONTRACT);
  const contract = found.data;
  if (!contract) return found.error ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : null;
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
        meta={<DraftBadge draft={contract} />}
        actions={<DraftActions draft={contract} canApprove onAsk={setAsking} />}
      />
      <BillingTabs />
      <div className="space-y-8">
        <AwaitsSecond draft={contract} />
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
            isOpen(contract) &&
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
  const { mutateAsync, isPending, error } = useApiMutation('operatorApproveContract', STALE_CONTRACT);
  const act = () => mutateAsync({ params: { contract_id: contract.id } });
  const text = contract.status === 'draft' ? 'agreeTermsText' : 'publishTermsText';
  return (
    <ApproveDraft draft={contract} busy={isPending} error={error} act={act} onClose={onClose}>
      {t(text, { month: contract.from_month })}
    </ApproveDraft>
  );
}

function Discard({ contract, onClose }: AskProps) {
  const { mutateAsync, isPending, error } = useApiMutation('operatorDiscardContract', STALE_CONTRACT);
  const act = () => mutateAsync({ params: { contract_id: contract.id } });
  return <DiscardDraft draft={contract} busy={isPending} error={error} act={act} onClose={onClose} />;
}
