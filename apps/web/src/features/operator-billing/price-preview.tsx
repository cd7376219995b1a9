'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { PricePreviewReport } from '@/api/types';
import { paths } from '@/nav/paths';
import { Section } from '@/ui/card';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { type EffectRow, EffectTable } from './effect-table';

/** What last month's real usage would have cost at a draft's prices. */
export function PricePreview({ id }: { id: string }) {
  const t = useTranslations('operatorBilling');
  const found = useApi('operatorPreviewPriceBook', { params: { price_book_id: id }, query: {} }, {});
  return (
    <Section
      title={found.data ? t('previewOf', { month: found.data.month }) : t('preview')}
      description={t('previewText')}
      bare
    >
      {found.error && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      {!found.data && !found.error && <Skeleton className="h-40 w-full" />}
      {found.data && <Report report={found.data} />}
    </Section>
  );
}

function Report({ report }: { report: PricePreviewReport }) {
  const t = useTranslations('operatorBilling');
  if (report.organizations === 0) return <Notice title={t('nothingUsed')}>{t('nothingUsedText')}</Notice>;
  const { organizations, organizations_affected: affected } = report;
  return (
    <div className="space-y-4">
      <p className="text-sm">{t('affected', { affected, organizations })}</p>
      <Effects
        label={t('byCurrency')}
        rows={report.by_currency.map((one) => ({ key: one.before.currency, name: one.before.currency, effect: one }))}
      />
      <Effects
        label={t('bySku')}
        rows={report.by_sku.map((one) => ({ key: `${one.sku} ${one.before.currency}`, name: one.sku, effect: one }))}
      />
      {report.most_affected.length > 0 && (
        <Effects
          label={t('mostAffected')}
          rows={report.most_affected.map((one) => ({
            key: one.org_id,
            name: one.organization_name,
            href: paths.operatorOrganization(one.org_id),
            effect: one,
          }))}
        />
      )}
    </div>
  );
}

function Effects({ label, rows }: { label: string; rows: readonly EffectRow[] }) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      <EffectTable label={label} head={label} rows={rows} />
    </div>
  );
}
