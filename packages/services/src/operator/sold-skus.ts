import type { Sql } from '@suanxiang/db/sql';
import { findAccelerator } from '@suanxiang/domain/accelerators';
import type { Currency } from '@suanxiang/domain/money';

/** What is sold: model and region of each SKU. */
export interface Sold {
  modelId: string;
  regionId: string;
}

export async function soldSkus(sql: Sql): Promise<Map<string, Sold>> {
  const rows = await sql<{ id: string; model_id: string; region_id: string }>`
    SELECT s.id, s.model_id, s.region_id FROM sku s JOIN region r ON r.id = s.region_id ORDER BY r.position, s.id`;
  return new Map(rows.map((row) => [row.id, { modelId: row.model_id, regionId: row.region_id }]));
}

interface InForce {
  sku: string;
  currency: Currency;
  micro: bigint;
  minSeconds: number;
  sinceS: number;
  next: { micro: bigint; fromS: number } | null;
}

/** Prices in force at a second in every currency, each with the one that follows. `beforeBook` leaves out that book's own. */
export async function pricesInForce(sql: Sql, atS: number, beforeBook: string | null = null): Promise<InForce[]> {
  const rows = await sql<
    Record<'sku' | 'micro' | 'since_s', string> & {
      currency: Currency;
      min_seconds: number;
      next_micro: string | null;
      next_s: string | null;
    }
  >`
    WITH row AS (
      SELECT sku, currency, micro_per_gpu_hour AS micro, min_seconds, published_s, from_s,
        greatest(from_s, published_s) AS at_s FROM price_row
      WHERE ${beforeBook}::text IS NULL OR NOT starts_with(id, 'price.' || ${beforeBook ?? ''} || '.'))
    SELECT DISTINCT ON (r.sku, r.currency) r.sku, r.currency, r.micro::text, r.min_seconds, r.at_s::text AS since_s,
      n.micro::text AS next_micro, n.at_s::text AS next_s
    FROM row r LEFT JOIN LATERAL (SELECT micro, at_s FROM row x WHERE x.sku = r.sku AND x.currency = r.currency
      AND x.at_s > ${atS}::bigint ORDER BY x.at_s, x.published_s DESC, x.from_s DESC LIMIT 1) n ON true
    WHERE r.at_s <= ${atS}::bigint
    ORDER BY r.sku, r.currency, r.at_s DESC, r.published_s DESC, r.from_s DESC`;
  return rows.map((row) => ({
    sku: row.sku,
    currency: row.currency,
    micro: BigInt(row.micro),
    minSeconds: row.min_seconds,
    sinceS: Number(row.since_s),
    next: row.next_micro === null ? null : { micro: BigInt(row.next_micro), fromS: Number(row.next_s) },
  }));
}

/** Names of what a SKU sells. */
export function namesOf(sku: string, sold: ReadonlyMap<string, Sold>) {
  const { modelId = sku, regionId = '' } = sold.get(sku) ?? {};
  return {
    sku,
    name: findAccelerator(modelId)?.name ?? { en: modelId, zh: modelId },
    accelerator_id: modelId,
    region_id: regionId,
  };
}
