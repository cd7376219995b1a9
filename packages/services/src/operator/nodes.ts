import { singleSql } from '@suanxiang/db/tenant';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';

interface Device {
  id: string;
  index: number;
  model_id: string;
  health: string;
  vendor_code: string | null;
  held_by: string | null;
  quarantined_at: string | null;
}

interface Row {
  id: string;
  name: string;
  zone_id: string;
  spine: string;
  leaf: string;
  rack: string;
  health: string;
  schedulable: boolean;
  cordoned_at: Date | null;
  cordon_reason: string | null;
  devices: Device[] | null;
}

/** The nodes of a zone in the order of the network, with their devices. */
export const operatorNodes: UseCase<'operatorNodes'> = async (ctx, _operator, _meta, { query }) => {
  const sql = singleSql(ctx.ops);
  const [zone] = await sql`SELECT id FROM zone WHERE id = ${query.zone_id}`;
  if (!zone) throw notFound();
  const nodes = await sql<Row>`
    SELECT n.id, n.name, n.zone_id, n.spine, n.leaf, n.rack, n.health, n.schedulable, n.cordoned_at, n.cordon_reason,
      (SELECT json_agg(json_build_object('id', d.id, 'index', d.index, 'model_id', d.model_id, 'health', d.health,
          'vendor_code', d.vendor_code, 'held_by', d.held_by,
          'quarantined_at', to_char(d.quarantined_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY d.index)
        FROM device d WHERE d.node_id = n.id) AS devices
    FROM node n WHERE n.zone_id = ${query.zone_id} ORDER BY n.spine, n.leaf, n.rack, n.name`;
  return {
    items: nodes.map((node) => ({
      ...node,
      cordoned_at: node.cordoned_at?.toISOString() ?? null,
      devices: node.devices ?? [],
    })),
  };
};
