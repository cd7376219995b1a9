import { singleSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  region_id: string;
  driver: string;
  nodes: number;
  nodes_lost: number;
  models: { model_id: string; devices: number; held: number; failed: number }[] | null;
}

/** Every zone with its nodes and, by model, its devices. */
export const operatorFleet: UseCase<'operatorFleet'> = async (ctx) => {
  const zones = await singleSql(ctx.ops)<Row>`
    SELECT z.id, z.region_id, z.driver,
      (SELECT count(*)::int FROM node n WHERE n.zone_id = z.id) AS nodes,
      (SELECT count(*)::int FROM node n WHERE n.zone_id = z.id AND n.health = 'lost') AS nodes_lost,
      (SELECT json_agg(m ORDER BY m.model_id) FROM (
        SELECT model_id, count(*)::int AS devices, (count(*) FILTER (WHERE held_by IS NOT NULL))::int AS held,
          (count(*) FILTER (WHERE health = 'failed'))::int AS failed
        FROM device d WHERE d.zone_id = z.id GROUP BY model_id) m) AS models
    FROM zone z JOIN region r ON r.id = z.region_id ORDER BY r.position, z.id`;
  return { zones: zones.map((zone) => ({ ...zone, models: zone.models ?? [] })) };
};
