import { singleSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  region_id: string;
  driver: string;
  nodes: number;
  nodes_lost: number;
  models: { model_id: string; devices: number; held: number; failed: number }[];
}

/** The fleet by zone and model: what there is, what is let, what is out of order. */
export const operatorFleet: UseCase<'operatorFleet'> = async (ctx) => {
  const zones = await singleSql(ctx.ops)<Row>`
    SELECT z.id, z.region_id, z.driver, n.nodes, n.nodes_lost, m.models
    FROM zone z JOIN region r ON r.id = z.region_id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS nodes, (count(*) FILTER (WHERE health = 'lost'))::int AS nodes_lost
      FROM node WHERE zone_id = z.id) n
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(g ORDER BY g.model_id), '[]') AS models FROM (
        SELECT model_id, count(*) AS devices, count(held_by) AS held, count(*) FILTER (WHERE health = 'failed') AS failed
        FROM device WHERE zone_id = z.id GROUP BY model_id) g) m
    ORDER BY r.position, r.id, z.id`;
  return { zones };
};
