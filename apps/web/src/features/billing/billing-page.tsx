'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import { compareDecimal } from '@/lib/decimal';
import { lazily } from '@/lib/lazily';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Plus } from '@/ui/icons';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Stat, StatRow } from '@/ui/stat';
import { Arrears } from './arrears';
import { AutoTopUp } from './auto-top-up';
import { Credits } from './credits';
import { LedgerTable } from './ledger-table';
import { PaymentsTable } from './payments-table';
import { SavedCards } from './saved-cards';

const RedeemDialog = lazily(() => import('./redeem-dialog'));
const Terms = lazily(() => import('./terms'));
const TopUpDialog = lazily(() => import('./top-up-dialog'));
/** Below this the page warns: time enough to pay before anything stops. */
const SHORT_RUNWAY_S = 3 * 86_400;

export function BillingPage() {
  const t = useTranslations('billing');
  const { can, orgSlug } = useConsole();
  const [toppingUp, setToppingUp] = useState(false);
  const [redeeming, setRedeeming] = useState(false);
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          can('billing.modify') && (
            <>
              <Button onClick={() => setRedeeming(true)}>{t('redeem')}</Button>
              <Button variant="primary" onClick={() => setToppingUp(true)}>
                <Plus className="size-4" />
                {t('topUp')}
              </Button>
            </>
          )
        }
      />
      <div className="space-y-8">
        <BalanceFigures />
        <Terms />
        <Credits />
        <div className="grid gap-8 lg:grid-cols-2">
          <AutoTopUp />
          <Arrears />
        </div>
        <SavedCards />
        <Section title={t('payments')} flush>
          <PaymentsTable />
        </Section>
        <Section
          title={t('ledger')}
          description={t('ledgerText')}
          actions={
            <Link href={paths.creditNotes(orgSlug)} className="rounded-sm text-muted text-sm hover:underline">
              {t('creditNotes')}
            </Link>
          }
          flush
        >
          <LedgerTable />
        </Section>
      </div>
      {redeeming && <RedeemDialog onClose={() => setRedeeming(false)} />}
      {toppingUp && <TopUpDialog onClose={() => setToppingUp(false)} />}
    </>
  );
}

function BalanceFigures() {
  const t = useTranslations('billing');
  const format = useFormat();
  const balance = useApi('getBalance', {}, { pollMs: 15_000 });
  if (!balance.data) {
    return balance.error ? <ErrorNotice error={balance.error} onRetry={() => void balance.refetch()} /> : null;
  }
  const { available, unbilled, owed, burn_per_hour, runway_seconds } = balance.data;
  const overdrawn = compareDecimal(available.amount, '0') < 0;
  return (
    <div className="space-y-4">
      {overdrawn && (
        <Notice tone="danger" title={t('overdrawn')}>
          {t('overdrawnText')}
        </Notice>
      )}
      {!overdrawn && runway_seconds !== null && runway_seconds < SHORT_RUNWAY_S && (
        <Notice tone="warning" title={t('short', { runway: format.duration(runway_seconds) })}>
          {t('shortText')}
        </Notice>
      )}
      <StatRow>
        <Stat
          label={t('available')}
          value={format.money(available)}
          hint={
            compareDecimal(owed.amount, '0') > 0
              ? t('owedHint', { owed: format.money(owed) })
              : t('balanceHint', { balance: format.money(balance.data.balance) })
          }
        />
        <Stat label={t('unbilled')} value={format.money(unbilled)} hint={t('unbilledHint')} />
        <Stat label={t('burn')} value={format.money(burn_per_hour)} hint={t('burnHint')} />
        <Stat
          label={t('runway')}
          value={runway_seconds === null ? '∞' : format.duration(runway_seconds)}
          hint={runway_seconds === null ? t('runwayIdle') : t('runwayHint')}
        />
      </StatRow>
    </div>
  );
}
