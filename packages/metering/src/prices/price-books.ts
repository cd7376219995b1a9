import type { Sql } from '@suanxiang/db/sql';

export type PriceBookStatus = 'draft' | 'awaiting_second' | 'published' | 'discarded';

/** One price of a book. */
export interface BookPrice {
  sku: string;
  currency: string;
  microPerGpuHour: bigint;
  minSeconds: number;
  /** Unix seconds from which it holds; null: as soon as the book is published. */
  fromS: number | null;
}

export interface PriceBook {
  id: string;
  name: string;
  note: string;
  status: PriceBookStatus;
  version: number | null;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
  firstApprovedBy: string | null;
  firstApprovedAt: Date | null;
  publishedBy: string | null;
  publishedAt: Date | null;
  /** How many prices it holds. */
  prices: number;
}

interface BookRow {
  id: string;
  name: string;
  note: string;
  status: PriceBookStatus;
  version: number | null;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  first_approved_by: string | null;
  first_approved_at: Date | null;
  published_by: string | null;
  published_at: Date | null;
  prices: number;
}

const toBook = (row: BookRow): PriceBook => ({
  id: row.id,
  name: row.name,
  note: row.note,
  status: row.status,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  firstApprovedBy: row.first_approved_by,
  firstApprovedAt: row.first_approved_at,
  publishedBy: row.published_by,
  publishedAt: row.published_at,
  prices: row.prices,
});

/** Books, the newest first, or the one of an id. */
export async function readPriceBooks(sql: Sql, where: { id: string | null; most: number }): Promise<PriceBook[]> {
  const rows = await sql<BookRow>`
    SELECT b.id, b.name, b.note, b.status, b.version, b.created_by, b.created_at, b.updated_at, b.first_approved_by,
      b.first_approved_at, b.published_by, b.published_at,
      (SELECT count(*)::int FROM price_book_entry e WHERE e.book_id = b.id) AS prices
    FROM price_book b WHERE ${where.id}::text IS NULL OR b.id = ${where.id}
    ORDER BY b.created_at DESC, b.id DESC LIMIT ${where.most}::int`;
  return rows.map(toBook);
}

/** The prices of a book in the order in which they were written. */
export async function bookPrices(sql: Sql, bookId: string): Promise<BookPrice[]> {
  const rows = await sql<{ sku: string; currency: string; micro: string; min_seconds: number; from_s: string | null }>`
    SELECT sku, currency, micro_per_gpu_hour::text AS micro, min_seconds, from_s::text FROM price_book_entry
    WHERE book_id = ${bookId} ORDER BY position`;
  return rows.map((row) => ({
    sku: row.sku,
    currency: row.currency,
    microPerGpuHour: BigInt(row.micro),
    minSeconds: row.min_seconds,
    fromS: row.from_s === null ? null : Number(row.from_s),
  }));
}

/** Puts these prices in the place of a draft's. */
export async function replaceBookPrices(sql: Sql, bookId: string, prices: readonly BookPrice[]): Promise<void> {
  await sql`DELETE FROM price_book_entry WHERE book_id = ${bookId}`;
  for (const [position, price] of prices.entries()) {
    await sql`
      INSERT INTO price_book_entry (book_id, sku, currency, from_s, micro_per_gpu_hour, min_seconds, position)
      VALUES (${bookId}, ${price.sku}, ${price.currency}, ${price.fromS}::bigint, ${price.microPerGpuHour}::bigint,
        ${price.minSeconds}::int, ${position}::int)`;
  }
}

/** Held while a book is published, so that versions are dense and each has a second of its own. */
const PUBLISH_LOCK = 7_238_420;

/**
 * Writes a book's prices into the price rows, in the caller's transaction: in force from the second of publishing at the
 * earliest (S6), so that no second that was used before costs anything else. Returns the version.
 */
export async function publishBook(sql: Sql, book: { id: string; publishedBy: string }, nowS: number): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(${PUBLISH_LOCK}::bigint)`;
  const [next] = await sql<{ version: number; published_s: string }>`
    SELECT coalesce((SELECT max(version) FROM price_book), 0) + 1 AS version,
      greatest(${nowS}::bigint, (SELECT max(published_s) + 1 FROM price_row WHERE id LIKE 'price.pbook\\_%'))::text AS published_s`;
  const { version, published_s: publishedS } = next!;
  await sql`
    INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour, min_seconds)
    SELECT 'price.' || book_id || '.' || position, sku, currency, coalesce(from_s, ${publishedS}::bigint),
      ${publishedS}::bigint, micro_per_gpu_hour, min_seconds
    FROM price_book_entry WHERE book_id = ${book.id}`;
  await sql`
    UPDATE price_book SET status = 'published', version = ${version}::int, published_by = ${book.publishedBy},
      published_at = to_timestamp(${publishedS}::bigint), updated_at = now() WHERE id = ${book.id}`;
  return version;
}
