import type { Sql } from '@suanxiang/db/sql';
import type { PriceRow } from '../rating/types';

export interface CurrentPrice {
  sku: string;
  microPerGpuHour: bigint;
  minSeconds: number;
}

interface Row {
  sku: string;
  micro: string;
  min_seconds: number;
}

const toPrice = (row: Row): CurrentPrice => ({
  sku: row.sku,
  microPerGpuHour: BigInt(row.micro),
  minSeconds: row.min_seconds,
});

/** The price of a SKU that is in force at a second of billing time (S6), or null when none is. */
export async function currentPrice(sql: Sql, sku: string, currency: string, atS: number): Promise<CurrentPrice | null> {
  const [row] = await sql<Row>`
    SELECT sku, micro_per_gpu_hour::text AS micro, min_seconds FROM price_row
    WHERE sku = ${sku} AND currency = ${currency} AND greatest(from_s, published_s) <= ${atS}::bigint
    ORDER BY greatest(from_s, published_s) DESC, published_s DESC, from_s DESC LIMIT 1`;
  return row ? toPrice(row) : null;
}

/** The prices of all SKUs in one currency that are in force at a second of billing time, by SKU. */
export async function currentPrices(sql: Sql, currency: string, atS: number): Promise<Map<string, CurrentPrice>> {
  const rows = await sql<Row>`
    SELECT DISTINCT ON (sku) sku, micro_per_gpu_hour::text AS micro, min_seconds FROM price_row
    WHERE currency = ${currency} AND greatest(from_s, published_s) <= ${atS}::bigint
    ORDER BY sku, greatest(from_s, published_s) DESC, published_s DESC, from_s DESC`;
  return new Map(rows.map((row) => [row.sku, toPrice(row)]));
}

/** Every price row of some SKUs that takes effect before a second, as the rater reads them, in a fixed order. */
export async function priceRows(
  sql: Sql,
  skus: readonly string[],
  currency: string,
  beforeS: number,
): Promise<PriceRow[]> {
  const rows = await sql<Row & { from_s: string; published_s: string }>`
    SELECT sku, from_s::text, published_s::text, micro_per_gpu_hour::text AS micro, min_seconds FROM price_row
    WHERE sku = ANY (${skus}::text[]) AND currency = ${currency} AND greatest(from_s, published_s) < ${beforeS}::bigint
    ORDER BY sku, price_row.from_s, price_row.published_s`;
  return rows.map((row) => ({
    sku: row.sku,
    fromS: Number(row.from_s),
    publishedS: Number(row.published_s),
    pricing: { model: 'flat', microPerGpuHour: BigInt(row.micro) },
    minSeconds: row.min_seconds,
  }));
}
