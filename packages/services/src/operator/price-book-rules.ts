import type { priceBook } from '@suanxiang/contract/schemas/price-books';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import type { BookPrice } from '@suanxiang/metering/prices/price-books';
import type { z } from 'zod';
import { type FieldError, unusable } from '../problem';
import { namesOf, type Sold } from './sold-skus';

const YEAR_S = 366 * 86_400;
const keyOf = ({ sku, currency }: { sku: string; currency: string }) => `${sku} ${currency}`;

/** Throws `unprocessable` with a sentence for every price that cannot be published, each at its place. */
export function checkPrices(prices: readonly BookPrice[], sold: ReadonlyMap<string, Sold>, nowS: number): void {
  const errors: FieldError[] = [];
  const seen = new Map<string, number>();
  for (const [index, price] of prices.entries()) {
    const at = `/body/prices/${index}`;
    if (!sold.has(price.sku)) {
      errors.push({ pointer: `${at}/sku`, code: 'unknown_sku', detail: `Nothing is sold as ${price.sku}.` });
    }
    if (price.microPerGpuHour <= 0n) {
      errors.push({ pointer: `${at}/price`, code: 'range', detail: 'A price must be above 0.' });
    }
    if (price.fromS !== null && price.fromS > nowS + YEAR_S) {
      errors.push({ pointer: `${at}/from`, code: 'too_far', detail: 'A price may be set at most a year ahead.' });
    }
    const key = `${keyOf(price)} ${price.fromS ?? ''}`;
    const first = seen.get(key);
    if (first !== undefined) {
      const detail = `Price ${first + 1} sets ${price.sku} in ${price.currency} from the same moment already.`;
      errors.push({ pointer: at, code: 'duplicate', detail });
    } else seen.set(key, index);
  }
  if (errors.length > 0) throw unusable(errors);
}

type Warning = z.input<typeof priceBook>['warnings'][number];

/** A change of so much is said aloud, in percent. */
const BIG_PERCENT = 30n;

function changeWarning(price: BookPrice, before: bigint | undefined, name: { en: string; zh: string }) {
  const currency = price.currency as Currency;
  const now = formatMicro(price.microPerGpuHour, currency);
  if (before === undefined) {
    return {
      code: 'first_price',
      text: {
        en: `${name.en} has no price in ${currency} yet: from then on it is sold in that currency, too.`,
        zh: `${name.zh} 目前没有 ${currency} 价格：生效后将以该币种出售。`,
      },
    };
  }
  const was = formatMicro(before, currency);
  if (before === price.microPerGpuHour) {
    return {
      code: 'unchanged',
      text: { en: `${name.en} costs ${was} ${currency} already.`, zh: `${name.zh} 现价已是 ${was} ${currency}。` },
    };
  }
  const percent = ((price.microPerGpuHour - before) * 100n) / before;
  if (percent < BIG_PERCENT && percent > -BIG_PERCENT) return null;
  const [more, size] = percent > 0n ? [true, percent] : [false, -percent];
  return {
    code: 'big_change',
    text: {
      en: `${name.en} goes from ${was} to ${now} ${currency}: ${size} % ${more ? 'more' : 'less'}.`,
      zh: `${name.zh} 由 ${was} 变为 ${now} ${currency}：${more ? '上涨' : '下降'} ${size}%。`,
    },
  };
}

/** What may be published and may not be meant, in both languages. */
export function warningsOf(
  prices: readonly BookPrice[],
  before: ReadonlyMap<string, bigint>,
  sold: ReadonlyMap<string, Sold>,
  nowS: number,
): Warning[] {
  const set = new Set(prices.map(keyOf));
  return prices.flatMap((price, index) => {
    const pointer = `/prices/${index}`;
    const { name, region_id } = namesOf(price.sku, sold);
    const place = { en: `${name.en} (${region_id})`, zh: `${name.zh}（${region_id}）` };
    const found: Warning[] = [];
    const change = changeWarning(price, before.get(keyOf(price)), place);
    if (change) found.push({ pointer, ...change });
    if (price.fromS !== null && price.fromS <= nowS) {
      found.push({
        pointer,
        code: 'past',
        text: {
          en: `${place.en}: that moment is over. The price holds from when the book is published; nothing before is billed anew.`,
          zh: `${place.zh}：该时刻已过。价格自发布起生效，此前的用量不会重新计费。`,
        },
      });
    }
    const others = [...before.keys()].filter((key) => key.startsWith(`${price.sku} `) && !set.has(key));
    if (others.length > 0) {
      const names = others.map((key) => key.split(' ')[1]).join(', ');
      found.push({
        pointer,
        code: 'one_currency',
        text: {
          en: `${place.en} changes in ${price.currency} and stays as it is in ${names}.`,
          zh: `${place.zh} 仅调整 ${price.currency} 价格，${names} 价格不变。`,
        },
      });
    }
    return found;
  });
}
