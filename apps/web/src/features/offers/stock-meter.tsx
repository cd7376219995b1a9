'use client';
import type { Offer } from '@suanxiang/contract/schemas/fleet';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/lib/use-format';
import { Meter } from '@/ui/meter';

/** Free of total, as figures and a bar; the bar warns when little is left. */
export function StockMeter({ stock, label }: { stock: Offer['stock']; label: string }) {
  const t = useTranslations('pricing');
  const format = useFormat();
  const share = stock.total > 0 ? stock.free / stock.total : 0;
  const text = t('freeOf', { free: format.count(stock.free), total: format.count(stock.total) });
  return (
    <span className="inline-flex w-20 flex-col sm:w-28 gap-1">
      <span className="tnum flex justify-between text-xs">
        <span className={stock.free === 0 ? 'text-danger' : 'font-medium'}>
          {stock.free === 0 ? t('soldOut') : format.count(stock.free)}
        </span>
        <span className="text-subtle">/ {format.count(stock.total)}</span>
      </span>
      <Meter
        label={label}
        value={stock.free}
        max={stock.total}
        text={text}
        tone={share === 0 ? 'danger' : share < 0.1 ? 'warning' : 'success'}
      />
    </span>
  );
}
