'use client';
import { useTranslations } from 'next-intl';
import type { Contract } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { EmptyState } from '@/ui/empty-state';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

/** The prices that terms agree on, beside the list. */
export function TermsPrices({ terms }: { terms: Pick<Contract, 'prices'> }) {
  const t = useTranslations('terms');
  const format = useFormat();
  if (terms.prices.length === 0) return <EmptyState title={t('listPrices')}>{t('listPricesText')}</EmptyState>;
  return (
    <Table label={t('prices')}>
      <Head>
        <Th>{t('what')}</Th>
        <Th>{t('agreed')}</Th>
        <Th align="right" from="sm">
          {t('list')}
        </Th>
      </Head>
      <tbody>
        {terms.prices.map((one) => (
          <Tr key={one.sku ?? ''}>
            <Td className="font-medium">
              {format.text(one.name)}
              {one.sku && <span className="block font-normal text-subtle text-xs">{one.sku}</span>}
            </Td>
            <Td>
              {one.model === 'discount' ? (
                t('discount', { percent: one.discount_percent ?? '' })
              ) : (
                <>
                  <span className="block text-muted text-xs">{t(`models.${one.model}`)}</span>
                  {one.bands.map((band) => (
                    <span key={band.up_to_hours ?? 'rest'} className="tnum block">
                      {band.up_to_hours === null
                        ? t('rest', { price: band.price })
                        : t('upTo', { hours: band.up_to_hours, price: band.price })}
                    </span>
                  ))}
                </>
              )}
            </Td>
            <Td align="right" from="sm" className="tnum text-muted">
              {one.list_price ?? '—'}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
