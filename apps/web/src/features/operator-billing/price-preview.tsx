'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { PriceEffect, PricePreviewReport } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { paths } from '@/nav/paths';
import { Section } from '@/ui/card';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { Skeleton } from '@/ui/skeleton';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

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

interface EffectRow {
  key: string;
  name: string;
  href?: string;
  effect: PriceEffect;
}

function Effects({ label, rows }: { label: string; rows: readonly EffectRow[] }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      <Table label={label}>
        <Head>
          <Th>{label}</Th>
          <Th align="right">{t('before')}</Th>
          <Th align="right">{t('after')}</Th>
          <Th align="right">{t('differenceOf')}</Th>
        </Head>
        <tbody>
          {rows.map(({ key, name, href, effect }) => (
            <Tr key={key}>
              <Td className="font-medium">
                {href ? (
                  <Link href={href} className="hover:underline">
                    {name}
                  </Link>
                ) : (
                  name
                )}
              </Td>
              <Td align="right" className="tnum text-muted">
                {format.money(effect.before)}
              </Td>
              <Td align="right" className="tnum">
                {format.money(effect.after)}
              </Td>
              <Td align="right" className="tnum font-medium">
                {format.money(effect.difference)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
