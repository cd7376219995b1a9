import { singleSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';

/** Regions in their order of display, with their zones. */
export const listRegions: UseCase<'listRegions'> = async (ctx) => {
  const rows = await singleSql(ctx.api)<{ id: string; name_en: string; name_zh: string; zones: string[] }>`
    SELECT r.id, r.name_en, r.name_zh, array_remove(array_agg(z.id ORDER BY z.id), NULL) AS zones
    FROM region r LEFT JOIN zone z ON z.region_id = r.id GROUP BY r.id ORDER BY r.position, r.id`;
  return {
    items: rows.map((row) => ({
      id: row.id,
      name: { en: row.name_en, zh: row.name_zh },
      zones: row.zones.map((id) => ({ id })),
    })),
  };
};
