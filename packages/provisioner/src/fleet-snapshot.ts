import type { Sql } from '@suanxiang/db/sql';
import type { DeviceHealth, DeviceState, NodeState } from '@suanxiang/scheduler/types';

interface DeviceRow {
  node_id: string;
  name: string;
  region_id: string;
  zone_id: string;
  spine: string;
  leaf: string;
  rack: string;
  available: boolean;
  vcpus: number;
  memory_bytes: number;
  device_id: string;
  index: number;
  model_id: string;
  island: number;
  health: DeviceHealth;
  free: boolean;
}

/** Rows of the devices of some models in some zones: by index, whatever the size of the rest. */
function devicesOf(sql: Sql, zoneIds: readonly string[], modelIds: readonly string[]): Promise<DeviceRow[]> {
  return sql<DeviceRow>`
    SELECT n.id AS node_id, n.name, z.region_id, n.zone_id, n.spine, n.leaf, n.rack,
      n.health = 'ok' AND n.schedulable AND n.cordoned_at IS NULL AS available,
      n.vcpus, n.memory_bytes::float8 AS memory_bytes,
      d.id AS device_id, d.index, d.model_id, d.island, d.health, d.held_by IS NULL AS free
    FROM zone z JOIN device d ON d.zone_id = z.id JOIN node n ON n.id = d.node_id
    WHERE z.id = ANY (${[...zoneIds]}::text[]) AND d.model_id = ANY (${[...modelIds]}::text[])`;
}

function allDevices(sql: Sql): Promise<DeviceRow[]> {
  return sql<DeviceRow>`
    SELECT n.id AS node_id, n.name, z.region_id, n.zone_id, n.spine, n.leaf, n.rack,
      n.health = 'ok' AND n.schedulable AND n.cordoned_at IS NULL AS available,
      n.vcpus, n.memory_bytes::float8 AS memory_bytes,
      d.id AS device_id, d.index, d.model_id, d.island, d.health, d.held_by IS NULL AS free
    FROM device d JOIN node n ON n.id = d.node_id JOIN zone z ON z.id = n.zone_id`;
}

/**
 * The fleet as the scheduler wants it: nodes that have devices of these models in these zones (null: everything).
 * vCPU and memory are each node's in all: allocations do not say yet how much of them they hold.
 */
export async function fleetSnapshot(
  sql: Sql,
  only: { zoneIds: readonly string[]; modelIds: readonly string[] } | null,
): Promise<NodeState[]> {
  const rows = await (only ? devicesOf(sql, only.zoneIds, only.modelIds) : allDevices(sql));
  const nodes = new Map<string, NodeState & { devices: DeviceState[] }>();
  for (const row of rows) {
    let node = nodes.get(row.node_id);
    if (!node) {
      const { node_id: nodeId, name, region_id: regionId, zone_id: zoneId, spine, leaf, rack, available } = row;
      const resources = { vcpuMilli: row.vcpus * 1_000, memoryBytes: row.memory_bytes };
      node = { nodeId, name, regionId, zoneId, spine, leaf, rack, available, resources, devices: [] };
      nodes.set(nodeId, node);
    }
    const { device_id: deviceId, index, model_id: modelId, island, health, free } = row;
    node.devices.push({ deviceId, index, modelId, island, health, free });
  }
  return [...nodes.values()];
}
