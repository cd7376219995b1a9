import type { Sql } from '@suanxiang/db/sql';
import { ACCELERATOR_MODELS } from '@suanxiang/domain/accelerators';
import { parseMicro } from '@suanxiang/domain/money';
import {
  DEFAULT_MIN_SECONDS,
  DEFAULT_PRICES,
  DEFAULT_PRICES_FROM_S,
  PRICE_CURRENCIES,
  REGIONS,
  skuOf,
} from './default-price-book';
import { LEGAL_ENTITIES } from './legal-entities';

/**
 * Writes what every installation sells from: regions, SKUs, list prices in CNY and USD, and the selling companies. Adds
 * what is missing and changes nothing that exists (an operator's own prices stay), but a region that discovery found
 * first and that bears its id as its name gets its names. Role app_worker.
 */
export async function seedCatalogue(sql: Sql): Promise<void> {
  for (const [position, region] of REGIONS.entries()) {
    await sql`
      INSERT INTO region (id, name_en, name_zh, position)
      VALUES (${region.id}, ${region.nameEn}, ${region.nameZh}, ${position}::int)
      ON CONFLICT (id) DO UPDATE SET name_en = excluded.name_en, name_zh = excluded.name_zh, position = excluded.position
      WHERE region.name_en = region.id`;
  }
  const skus = ACCELERATOR_MODELS.flatMap((model) =>
    REGIONS.flatMap((region) => {
      const pair = DEFAULT_PRICES[model.id]?.[region.id];
      return pair ? [{ sku: skuOf(model.id, region.id), modelId: model.id, regionId: region.id, pair }] : [];
    }),
  );
  await sql`
    INSERT INTO sku (id, model_id, region_id)
    SELECT * FROM unnest(${skus.map((s) => s.sku)}::text[], ${skus.map((s) => s.modelId)}::text[],
      ${skus.map((s) => s.regionId)}::text[]) ON CONFLICT DO NOTHING`;
  const rows = skus.flatMap(({ sku, pair }) =>
    PRICE_CURRENCIES.map((currency, index) => ({ sku, currency, micro: parseMicro(pair[index]!).toString() })),
  );
  const fromS = DEFAULT_PRICES_FROM_S;
  await sql`
    INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour, min_seconds)
    SELECT 'price.' || sku || '.' || currency || '.' || ${String(fromS)}::text, sku, currency, ${fromS}::bigint,
      ${fromS}::bigint, micro::bigint, ${DEFAULT_MIN_SECONDS}::int
    FROM unnest(${rows.map((r) => r.sku)}::text[], ${rows.map((r) => r.currency)}::text[],
      ${rows.map((r) => r.micro)}::text[]) AS row(sku, currency, micro) ON CONFLICT DO NOTHING`;
  for (const entity of LEGAL_ENTITIES) {
    await sql`
      INSERT INTO legal_entity (id, name, address, tax_id, series)
      VALUES (${entity.id}, ${entity.name}, ${entity.address}, ${entity.taxId}, ${entity.series}) ON CONFLICT DO NOTHING`;
  }
}
