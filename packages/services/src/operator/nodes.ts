import { singleSql } from '@suanxiang/db/tenant';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';

/** Nodes of a zone in the order of the network, with their devices. Throws `not_found`. */
export const operatorNodes: UseCase<'operatorNodes'> = async (ctx, _operator, _meta, { query }) => {
  const sql = singleSql(ctx.ops);
  const [zone] = await sql`SELECT 1 AS one FROM zone WHERE id = ${query.zone_id}`;
  if (!zone) throw notFound();
  const items = await sql<AnswerOf<'operatorNodes'>['items'][number]>`
    SELECT n.id, n.name, n.zone_id, n.spine, n.leaf, n.rack, n.health, n.schedulable,
      coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'index', d.index, 'model_id', d.model_id, 'health', d.health,
        'vendor_code', d.vendor_code, 'held_by', d.held_by) ORDER BY d.index) FILTER (WHERE d.id IS NOT NULL), '[]') AS devices
    FROM node n LEFT JOIN device d ON d.node_id = n.id
    WHERE n.zone_id = ${query.zone_id} GROUP BY n.id ORDER BY n.spine, n.leaf, n.rack, n.name, n.id`;
  return { items };
};
