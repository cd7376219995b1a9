'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import { useFormat } from '@/lib/use-format';
import { Section } from '@/ui/card';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

/** What last month's real usage would have cost under terms. */
export function ContractPreview({ id }: { id: string }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  const found = useApi('operatorPreviewContract', { params: { contract_id: id }, query: {} }, {});
  const report = found.data;
  if (!report) return found.error ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : null;
  const rows = [
    ...report.by_sku.map((one) => ({ ...one, name: one.sku ?? t('shortfall') })),
    { ...report, name: t('total') },
  ];
  return (
    <Section title={t('previewOf', { month: report.month })} description={t('previewTermsText')} flush>
      <Table label={t('preview')}>
        <Head>
          <Th>{t('sku')}</Th>
          <Th align="right">{t('before')}</Th>
          <Th align="right">{t('after')}</Th>
          <Th align="right">{t('differenceOf')}</Th>
        </Head>
        <tbody>
          {rows.map((one) => (
            <Tr key={one.name}>
              <Td className="font-medium">{one.name}</Td>
              <Td align="right" className="tnum text-muted">
                {format.money(one.before)}
              </Td>
              <Td align="right" className="tnum">
                {format.money(one.after)}
              </Td>
              <Td align="right" className="tnum font-medium">
                {format.money(one.difference)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
