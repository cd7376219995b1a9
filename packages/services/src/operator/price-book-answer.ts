import type { priceBook, priceBookSummary, priceInForce } from '@suanxiang/contract/schemas/price-books';
import type { Sql } from '@suanxiang/db/sql';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import { type BookPrice, bookPrices, type PriceBook, readPriceBooks } from '@suanxiang/metering/prices/price-books';
import type { z } from 'zod';
import { notFound } from '../problem';
import { warningsOf } from './price-book-rules';
import { namesOf, pricesInForce, soldSkus } from './sold-skus';

type Answer = z.input<typeof priceBook>;

/** Every SKU's price in force, in the order of the catalogue. */
export async function pricesAnswer(sql: Sql, atS: number): Promise<z.input<typeof priceInForce>[]> {
  const sold = await soldSkus(sql);
  const order = [...sold.keys()];
  const found = await pricesInForce(sql, atS);
  return found
    .filter((price) => sold.has(price.sku))
    .sort((a, b) => order.indexOf(a.sku) - order.indexOf(b.sku) || (a.currency < b.currency ? -1 : 1))
    .map((price) => ({
      ...namesOf(price.sku, sold),
      currency: price.currency,
      price: formatMicro(price.micro, price.currency),
      min_seconds: price.minSeconds,
      since: formatTimestamp(price.sinceS),
      next_price: price.next ? formatMicro(price.next.micro, price.currency) : null,
      next_from: price.next ? formatTimestamp(price.next.fromS) : null,
    }));
}

export function summaryAnswer(book: PriceBook): z.input<typeof priceBookSummary> {
  const time = (at: Date | null) => at?.toISOString() ?? null;
  return {
    id: book.id,
    name: book.name,
    note: book.note,
    status: book.status,
    version: book.version,
    price_count: book.prices,
    created_by: book.createdBy,
    created_at: book.createdAt.toISOString(),
    updated_at: book.updatedAt.toISOString(),
    first_approved_by: book.firstApprovedBy,
    first_approved_at: time(book.firstApprovedAt),
    published_by: book.publishedBy,
    published_at: time(book.publishedAt),
  };
}

const PPM = 1_000_000n;

/** Change in parts per million of the price before; null where there was none, or it was 0. */
const changePpm = (before: bigint | undefined, micro: bigint) =>
  before === undefined || before === 0n ? null : Number(((micro - before) * PPM) / before);

/** A book with its prices beside those in force: now, or just before it was published. */
export async function bookAnswer(sql: Sql, book: PriceBook, nowS: number): Promise<Answer> {
  const prices = await bookPrices(sql, book.id);
  const sold = await soldSkus(sql);
  const atS = book.publishedAt ? book.publishedAt.getTime() / 1000 : nowS;
  const before = new Map(
    (await pricesInForce(sql, atS, book.id)).map((one) => [`${one.sku} ${one.currency}`, one.micro] as const),
  );
  const shown = (price: BookPrice) => {
    const currency = price.currency as Currency;
    const known = before.get(`${price.sku} ${currency}`);
    return {
      ...namesOf(price.sku, sold),
      currency,
      price: formatMicro(price.microPerGpuHour, currency),
      min_seconds: price.minSeconds,
      from: price.fromS === null ? null : formatTimestamp(price.fromS),
      price_before: known === undefined ? null : formatMicro(known, currency),
      change_ppm: changePpm(known, price.microPerGpuHour),
    };
  };
  const isOpen = book.status === 'draft' || book.status === 'awaiting_second';
  return {
    ...summaryAnswer(book),
    prices: prices.map(shown),
    warnings: isOpen ? warningsOf(prices, before, sold, nowS) : [],
  };
}

/** A book by its id. Throws `not_found`. */
export async function requireBook(sql: Sql, id: string): Promise<PriceBook> {
  const [book] = await readPriceBooks(sql, { id, most: 1 });
  if (!book) throw notFound();
  return book;
}
