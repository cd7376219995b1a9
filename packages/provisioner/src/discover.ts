import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import type { NodeInventory } from '@suanxiang/hal/driver';
import type { Provisioner } from './context';

export interface Discovered {
  nodes: number;
  devices: number;
  /** Nodes the driver does not name any more. */
  lost: number;
}

/**
 * Brings the catalogue of a zone's nodes and devices to what its driver sees. Who holds a device is never touched; nodes
 * that are missing become lost, those that are back become ok; a device that was broken is wiped before it counts as ok. Throws when the driver names no node at all: an empty
 * zone is far less likely than a confused engine.
 */
export async function discoverZone(ctx: Provisioner, zoneId: string): Promise<Discovered> {
  const nodes: NodeInventory[] = [];
  for await (const node of ctx.fleet.driverOf(zoneId).discover(zoneId)) nodes.push(node);
  const first = nodes[0];
  if (!first) throw new Error(`the driver of ${zoneId} named no node`);
  const driverName = ctx.fleet.zones.find((zone) => zone.zoneId === zoneId)?.driverName ?? 'unknown';
  nodes.sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  return withSql(ctx.db, async (sql) => {
    await upsertZone(sql, zoneId, first.region, driverName);
    await upsertNodes(sql, zoneId, nodes);
    await upsertDevices(sql, zoneId, nodes);
    const lost = await sql`
      UPDATE node SET health = 'lost' WHERE zone_id = ${zoneId} AND health = 'ok'
        AND id <> ALL (${nodes.map((node) => node.nodeId)}::text[]) RETURNING 1 AS one`;
    await ring(sql, 'placement', first.region);
    return {
      nodes: nodes.length,
      devices: nodes.reduce((sum, node) => sum + node.devices.length, 0),
      lost: lost.length,
    };
  });
}

async function upsertZone(sql: Sql, zoneId: string, regionId: string, driverName: string): Promise<void> {
  await sql`INSERT INTO region (id, name_en, name_zh) VALUES (${regionId}, ${regionId}, ${regionId}) ON CONFLICT DO NOTHING`;
  await sql`
    INSERT INTO zone (id, region_id, driver, discovered_at) VALUES (${zoneId}, ${regionId}, ${driverName}, now())
    ON CONFLICT (id) DO UPDATE SET driver = excluded.driver, discovered_at = excluded.discovered_at`;
}

async function upsertNodes(sql: Sql, zoneId: string, nodes: readonly NodeInventory[]): Promise<void> {
  const rows = nodes.map(({ devices: _, ...node }) => node);
  await sql`
    INSERT INTO node (id, zone_id, name, spine, leaf, rack, vcpus, memory_bytes, driver_version, runtime_version, schedulable)
    SELECT r."nodeId", ${zoneId}, r.name, r.spine, r.leaf, r.rack, r.vcpus, r."memoryBytes", r."driverVersion",
      r."runtimeVersion", r.schedulable
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS r("nodeId" text, name text, spine text, leaf text, rack text,
      vcpus int, "memoryBytes" bigint, "driverVersion" text, "runtimeVersion" text, schedulable boolean)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, spine = excluded.spine, leaf = excluded.leaf,
      rack = excluded.rack, vcpus = excluded.vcpus, memory_bytes = excluded.memory_bytes,
      driver_version = excluded.driver_version, runtime_version = excluded.runtime_version,
      schedulable = excluded.schedulable, seen_at = now(),
      health = CASE WHEN node.health = 'lost' AND excluded.schedulable THEN 'ok' ELSE node.health END`;
}

async function upsertDevices(sql: Sql, zoneId: string, nodes: readonly NodeInventory[]): Promise<void> {
  const rows = nodes.flatMap((node) => node.devices.map((device) => ({ ...device, nodeId: node.nodeId })));
  await sql`
    INSERT INTO device (id, node_id, zone_id, index, model_id, uuid, pci, memory_bytes, island, health)
    SELECT r."deviceId", r."nodeId", ${zoneId}, r.index, r."modelId", r.uuid, r.pci, r."memoryBytes", r.island, r.health
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS r("deviceId" text, "nodeId" text, index int, "modelId" text,
      uuid text, pci text, "memoryBytes" bigint, island int, health text)
    ON CONFLICT (id) DO UPDATE SET node_id = excluded.node_id, index = excluded.index, model_id = excluded.model_id,
      uuid = excluded.uuid, pci = excluded.pci, memory_bytes = excluded.memory_bytes, island = excluded.island,
      health = CASE WHEN device.quarantined_at IS NOT NULL THEN 'failed'
        WHEN device.health IN ('failed', 'unknown') AND excluded.health IN ('ok', 'degraded') THEN 'unknown'
        -- Found by us, not by the engine: an operator takes it back.
        WHEN device.health = 'degraded' AND device.vendor_code IS NOT NULL AND excluded.health = 'ok' THEN 'degraded'
        ELSE excluded.health END,
      vendor_code = CASE WHEN excluded.health = 'ok' AND device.quarantined_at IS NULL AND device.health <> 'degraded'
        THEN NULL ELSE device.vendor_code END
    WHERE (device.node_id, device.index, device.model_id, device.uuid, device.pci, device.memory_bytes, device.island,
        device.health)
      IS DISTINCT FROM (excluded.node_id, excluded.index, excluded.model_id, excluded.uuid, excluded.pci,
        excluded.memory_bytes, excluded.island, excluded.health)`;
  await sql`
    UPDATE device SET health = 'unknown' FROM node
    WHERE device.zone_id = ${zoneId} AND node.id = device.node_id AND node.health = 'ok' AND device.health = 'ok'
      AND device.node_id = ANY (${nodes.map((node) => node.nodeId)}::text[])
      AND device.id <> ALL (${rows.map((row) => row.deviceId)}::text[])`;
}
