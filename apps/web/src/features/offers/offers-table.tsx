'use client';
import type { Offer } from '@suanxiang/contract/schemas/fleet';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/api/hooks';
import { compareDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { Card } from '@/ui/card';
import { ErrorNotice } from '@/ui/problem';
import { Segmented } from '@/ui/segmented';
import { Skeleton } from '@/ui/skeleton';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { VendorMark } from '@/ui/vendor-mark';
import { StockMeter } from './stock-meter';

export type PriceCurrency = 'CNY' | 'USD';

/** Live prices and stock by region and currency, from the public API. */
export function OffersTable({ initialCurrency }: { initialCurrency: PriceCurrency }) {
  const t = useTranslations('pricing');
  const format = useFormat();
  const [currency, setCurrency] = useState(initialCurrency);
  const [chosenRegion, setRegion] = useState<string | null>(null);
  const regions = useApi('listRegions', {});
  const offers = useApi('listOffers', { query: { currency } }, { pollMs: 15_000, keepPrevious: true });
  const region = chosenRegion ?? regions.data?.items[0]?.id ?? '';
  const rows = (offers.data?.items ?? [])
    .filter((offer) => offer.region_id === region && offer.stock.total > 0)
    .sort((a, b) => compareDecimal(b.price_per_gpu_hour, a.price_per_gpu_hour));
  return (
    <div>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <Segmented
          label={t('region')}
          value={region}
          onChange={setRegion}
          options={(regions.data?.items ?? []).map(({ id, name }) => ({ value: id, label: format.text(name) }))}
        />
        <Segmented
          label={t('currency')}
          value={currency}
          onChange={setCurrency}
          options={[
            { value: 'CNY', label: '¥ CNY' },
            { value: 'USD', label: '$ USD' },
          ]}
        />
      </div>
      {offers.error && !offers.data ? (
        <ErrorNotice error={offers.error} onRetry={() => void offers.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          <Table label={t('title')}>
            <Head>
              <Th>{t('accelerator')}</Th>
              <Th align="right" from="sm">
                {t('memory')}
              </Th>
              <Th align="right" from="md">
                {t('compute')}
              </Th>
              <Th from="lg">{t('interconnect')}</Th>
              <Th align="right">{t('perHour')}</Th>
              <Th align="right" from="md">
                {t('perSecond')}
              </Th>
              <Th align="right">{t('stock')}</Th>
            </Head>
            <tbody>
              {offers.data ? (
                rows.map((offer) => <OfferRow key={offer.sku} offer={offer} />)
              ) : (
                <tr>
                  <td colSpan={7} className="p-5">
                    <Skeleton className="h-56 w-full" />
                  </td>
                </tr>
              )}
            </tbody>
          </Table>
        </Card>
      )}
      <p className="mt-3 text-subtle text-xs">{t('note')}</p>
    </div>
  );
}

function OfferRow({ offer }: { offer: Offer }) {
  const t = useTranslations('pricing');
  const format = useFormat();
  const { accelerator } = offer;
  const name = format.text(accelerator.name);
  return (
    <Tr className="h-14">
      <Td>
        <span className="flex items-center gap-3">
          <VendorMark vendor={accelerator.vendor_class} className="hidden sm:inline-flex" />
          <span className="font-medium">{name}</span>
        </span>
      </Td>
      <Td align="right" from="sm">
        {format.count(accelerator.memory_gib)} <span className="text-subtle">GiB</span>
      </Td>
      <Td align="right" from="md">
        {accelerator.bf16_tflops === null ? '—' : format.count(accelerator.bf16_tflops)}{' '}
        <span className="text-subtle">TFLOP/s</span>
      </Td>
      <Td from="lg" className="text-muted">
        {accelerator.interconnect ?? '—'}
        {accelerator.interconnect_gb_s !== null && (
          <span className="text-subtle"> · {format.count(accelerator.interconnect_gb_s)} GB/s</span>
        )}
      </Td>
      <Td align="right" className="font-medium">
        {format.price(offer.price_per_gpu_hour, offer.currency)}
      </Td>
      <Td align="right" from="md" className="text-muted">
        {format.price(offer.price_per_gpu_second, offer.currency)}
      </Td>
      <Td align="right">
        <StockMeter stock={offer.stock} label={t('stockOf', { name })} />
      </Td>
    </Tr>
  );
}
