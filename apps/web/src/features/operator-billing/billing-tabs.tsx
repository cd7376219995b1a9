'use client';
import { useTranslations } from 'next-intl';
import { paths } from '@/nav/paths';
import { LinkTabs } from '@/ui/link-tabs';

/** The pages of the operator's billing work. */
export function BillingTabs() {
  const t = useTranslations('operatorBilling');
  return (
    <LinkTabs
      label={t('tabs')}
      items={[
        { href: paths.operatorBilling, label: t('runs') },
        { href: paths.operatorRevenue, label: t('revenue') },
        { href: paths.operatorPrices, label: t('prices') },
        { href: paths.operatorContracts, label: t('contracts') },
        { href: paths.operatorCredits, label: t('credits') },
        { href: paths.operatorEvidence, label: t('evidence') },
        { href: paths.operatorReconciliation, label: t('reconciliation') },
      ]}
    />
  );
}
