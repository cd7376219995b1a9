import type { Sql } from '@suanxiang/db/sql';

export interface NodeOptions {
  zoneId?: string;
  regionId?: string;
  modelId?: string;
  gpus?: number;
  health?: string;
  schedulable?: boolean;
  /** Devices by index that an allocation holds. */
  held?: readonly number[];
  /** Devices by index that have failed. */
  failed?: readonly number[];
}

/** Writes a node with its devices, as the worker's discovery would have. */
export async function addNode(sql: Sql, id: string, options: NodeOptions = {}): Promise<void> {
  const { zoneId = 'cn-north-a', regionId = 'cn-north', modelId = 'nvidia-h100-80g', gpus = 8 } = options;
  await sql`INSERT INTO zone (id, region_id, driver) VALUES (${zoneId}, ${regionId}, 'simulated') ON CONFLICT DO NOTHING`;
  await sql`
    INSERT INTO node (id, zone_id, name, spine, leaf, rack, vcpus, memory_bytes, driver_version, runtime_version, health,
      schedulable)
    VALUES (${id}, ${zoneId}, ${id}, 's1', 'l1', 'r1', 128, ${2 ** 40}::bigint, '1', '1', ${options.health ?? 'ok'},
      ${options.schedulable ?? true})`;
  for (let index = 0; index < gpus; index += 1) {
    const isFailed = options.failed?.includes(index) ?? false;
    await sql`
      INSERT INTO device (id, node_id, zone_id, index, model_id, uuid, pci, memory_bytes, island, health, vendor_code, held_by)
      VALUES (${`${id}-${index}`}, ${id}, ${zoneId}, ${index}, ${modelId}, ${`uuid-${id}-${index}`}, '0', 1, 0,
        ${isFailed ? 'failed' : 'ok'}, ${isFailed ? 'XID 79' : null},
        ${options.held?.includes(index) ? 'alloc_test' : null})`;
  }
}
