import { addMonths, monthAt } from '@suanxiang/domain/calendar';
import { minorMoney } from '../money';
import { invalid } from '../problem';

/** The month that a preview rates again: the asked one, else the one before this. Throws `invalid_request` for one to come. */
export function previewedMonth(asked: string | undefined, nowS: number, timeZone: string): string {
  const thisMonth = monthAt(nowS, timeZone);
  const month = asked ?? addMonths(thisMonth, -1);
  if (month > thisMonth) throw invalid('/query/month', 'That month has not begun.', 'range');
  return month;
}

/** What real usage cost, what it would have cost, and the difference. */
export const effectAnswer = (one: { currency: string; beforeMinor: bigint; afterMinor: bigint }) => ({
  before: minorMoney(one.beforeMinor, one.currency),
  after: minorMoney(one.afterMinor, one.currency),
  difference: minorMoney(one.afterMinor - one.beforeMinor, one.currency),
});

const HOUR_S = 3600;

/** The effect on one SKU. */
export const skuEffect = <S extends string | null>(one: {
  sku: S;
  gpuSeconds: number | bigint;
  currency: string;
  beforeMinor: bigint;
  afterMinor: bigint;
}) => ({ sku: one.sku, accelerator_hours: Number(one.gpuSeconds) / HOUR_S, ...effectAnswer(one) });
