import type { Sql } from '@suanxiang/db/sql';

export interface PastNode {
  nodeId: string;
  deviceIds: readonly string[];
}

/**
 * Hands out the nodes of the discovered fleet, each once, from the end of its zone: new launches fill zones from the
 * beginning. Past runs on a zone that is not discovered, or on more nodes than it has, get a node that no longer exists.
 */
export async function pastNodes(sql: Sql): Promise<(zoneId: string, modelId: string) => PastNode> {
  const rows = await sql<{ zone_id: string; model_id: string; node_id: string; device_ids: string[] }>`
    SELECT zone_id, model_id, node_id, array_agg(id ORDER BY index) AS device_ids FROM device
    GROUP BY zone_id, model_id, node_id ORDER BY zone_id, model_id, node_id`;
  const free = new Map<string, PastNode[]>();
  for (const row of rows) {
    const key = `${row.zone_id} ${row.model_id}`;
    const nodes = free.get(key) ?? [];
    nodes.push({ nodeId: row.node_id, deviceIds: row.device_ids });
    free.set(key, nodes);
  }
  let retired = 0;
  return (zoneId, modelId) => {
    const node = free.get(`${zoneId} ${modelId}`)?.pop();
    if (node) return node;
    retired += 1;
    return { nodeId: `${zoneId}-retired-${retired}`, deviceIds: [] };
  };
}
