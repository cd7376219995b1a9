import { singleSql } from '@suanxiang/db/tenant';
import { findAccelerator } from '@suanxiang/domain/accelerators';
import { formatMicro } from '@suanxiang/domain/money';
import { currentPrices } from '@suanxiang/metering/prices/price-lookup';
import { perSecondText } from '../money';
import type { UseCase } from '../use-case';
import { acceleratorAnswer } from './accelerator-answer';
import { readStock } from './stock';

interface SkuRow {
  id: string;
  model_id: string;
  region_id: string;
}

/**
 * What can be rented: every SKU that has a price in the currency, with live stock. Stock is what admission would say: free
 * accelerators minus those that admitted requests will take.
 */
export const listOffers: UseCase<'listOffers'> = async (ctx, _caller, _meta, { query }) => {
  const sql = singleSql(ctx.api);
  const [skus, stock, clock] = await Promise.all([
    sql<SkuRow>`
      SELECT s.id, s.model_id, s.region_id FROM sku s JOIN region r ON r.id = s.region_id
      WHERE (${query.region_id ?? null}::text IS NULL OR s.region_id = ${query.region_id ?? null})
        AND (${query.accelerator_id ?? null}::text IS NULL OR s.model_id = ${query.accelerator_id ?? null})
      ORDER BY r.position, r.id, s.model_id`,
    readStock(sql, 1),
    sql<{ now_s: string }>`SELECT suan_billing_now_s(0)::text AS now_s`,
  ]);
  const prices = await currentPrices(sql, query.currency, Number(clock[0]!.now_s));
  const inStock = new Map(stock.map((row) => [`${row.regionId} ${row.modelId}`, row]));
  return {
    items: skus.flatMap((sku) => {
      const [price, model] = [prices.get(sku.id), findAccelerator(sku.model_id)];
      if (!price || !model) return [];
      const found = inStock.get(`${sku.region_id} ${sku.model_id}`);
      return {
        sku: sku.id,
        accelerator: acceleratorAnswer(model),
        region_id: sku.region_id,
        price_per_gpu_hour: formatMicro(price.microPerGpuHour, query.currency),
        price_per_gpu_second: perSecondText(price.microPerGpuHour),
        currency: query.currency,
        stock: {
          total: found?.total ?? 0,
          free: found?.free ?? 0,
          largest_instance: Math.min(found?.largest ?? 0, 8),
          free_nodes: found?.wholeNodes ?? 0,
        },
      };
    }),
  };
};
