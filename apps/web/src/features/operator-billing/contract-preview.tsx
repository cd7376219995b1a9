'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { Section } from '@/ui/card';
import { ErrorNotice } from '@/ui/problem';
import { EffectTable } from './effect-table';

/** What last month's real usage would have cost under terms. */
export function ContractPreview({ id }: { id: string }) {
  const t = useTranslations('operatorBilling');
  const found = useApi('operatorPreviewContract', { params: { contract_id: id }, query: {} }, {});
  const report = found.data;
  if (!report) return found.error ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : null;
  const rows = [
    ...report.by_sku.map((one) => ({ name: one.sku ?? t('shortfall'), effect: one })),
    { name: t('total'), effect: report },
  ].map((row) => ({ ...row, key: row.name }));
  return (
    <Section title={t('previewOf', { month: report.month })} description={t('previewTermsText')} flush>
      <EffectTable label={t('preview')} head={t('sku')} rows={rows} />
    </Section>
  );
}
