'use client';
import { useTranslations } from 'next-intl';
import type { Invoice } from '@/api/types';
import { cx } from '@/lib/cx';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Section } from '@/ui/card';
import { type WaterfallStep, waterfallOf } from './waterfall';

const FILL: Record<WaterfallStep['kind'], string> = {
  group: 'bg-chart-1',
  more: 'bg-chart-3',
  less: 'bg-chart-2',
  sum: 'bg-muted',
};

/** From what each project used to what is due, as a waterfall: every bar begins where the one above it ended. */
export default function InvoiceWaterfall({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('invoices');
  const format = useFormat();
  const { projects } = useConsole();
  const { currency } = invoice.total;
  const nameOf = ({ kind, key }: WaterfallStep): string => {
    if (kind === 'group') return projects.find(({ id }) => id === key)?.name ?? (key || t('noProject'));
    if (key === 'tax') return t('tax', { rate: format.percent(invoice.tax_rate_ppm) });
    return t(key as 'subtotal' | 'promotional' | 'total' | 'paid' | 'credited' | 'due');
  };
  return (
    <Section title={t('waterfall')} description={t('waterfallText')}>
      <dl className="space-y-1.5 text-sm">
        {waterfallOf(invoice).map((step) => (
          <div
            key={`${step.kind}${step.key}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 sm:grid-cols-[14rem_minmax(0,1fr)_8rem]"
          >
            <dt className={cx('truncate', step.kind === 'sum' ? 'font-medium' : 'text-muted')}>{nameOf(step)}</dt>
            <dd className={cx('tnum text-right sm:order-last', step.kind === 'sum' && 'font-medium')}>
              {format.money({ amount: step.amount, currency })}
            </dd>
            <dd aria-hidden="true" className="relative col-span-2 h-3 rounded-xs bg-sunken sm:col-span-1">
              <span
                className={cx('absolute inset-y-0 min-w-0.5 rounded-xs', FILL[step.kind])}
                style={{ left: `${step.from * 100}%`, width: `${(step.to - step.from) * 100}%` }}
              />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
