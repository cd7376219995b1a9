import type { Sql } from '@suanxiang/db/sql';

export interface PastNode {
  nodeId: string;
  deviceIds: readonly string[];
}

/** From when to when a past run held its node; Unix seconds, half open. */
export interface HeldSpan {
  fromS: number;
  toS: number;
}

interface NodeDiary extends PastNode {
  held: HeldSpan[];
}

/**
 * Hands out the nodes of the discovered fleet, to one run at a time each, from the end of its zone: new launches fill zones
 * from the beginning. Past runs on a zone that is not discovered, or on more nodes than it has, get a node that no longer
 * exists.
 */
export async function pastNodes(sql: Sql): Promise<(zoneId: string, modelId: string, span: HeldSpan) => PastNode> {
  const rows = await sql<{ zone_id: string; model_id: string; node_id: string; device_ids: string[] }>`
    SELECT zone_id, model_id, node_id, array_agg(id ORDER BY index) AS device_ids FROM device
    GROUP BY zone_id, model_id, node_id ORDER BY zone_id, model_id, node_id DESC`;
  const pools = new Map<string, NodeDiary[]>();
  for (const row of rows) {
    const key = `${row.zone_id} ${row.model_id}`;
    const nodes = pools.get(key) ?? [];
    nodes.push({ nodeId: row.node_id, deviceIds: row.device_ids, held: [] });
    pools.set(key, nodes);
  }
  let retired = 0;
  return (zoneId, modelId, span) => {
    const node = pools
      .get(`${zoneId} ${modelId}`)
      ?.find(({ held }) => held.every((other) => span.toS <= other.fromS || other.toS <= span.fromS));
    if (node) {
      node.held.push(span);
      return node;
    }
    retired += 1;
    return { nodeId: `${zoneId}-retired-${retired}`, deviceIds: [] };
  };
}
