import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import type { Severity } from '@suanxiang/hal/faults/severity';
import { addRecords } from './records';

/** Something that was found wrong with a node (no device) or a device, and where that came from. */
export interface Found {
  zoneId: string;
  nodeId: string;
  deviceId: string | null;
  code: string;
  severity: Severity;
  detail: string;
  operationId: string | null;
}

/**
 * Automation takes out so many devices or nodes of a zone by itself, or this part of them where that is more: when
 * everything looks broken, it is more likely whoever looks.
 */
const FEW_DEVICES = 16;
const FEW_NODES = 2;
const MOST_PART = 0.1;

/**
 * Takes a device out of service until an operator releases it; what it delivers now goes on. Repeating changes nothing. False
 * when too much of its zone is out already.
 */
export async function quarantineDevice(sql: Sql, found: Found & { deviceId: string }, nowMs: number): Promise<boolean> {
  const [device] = await sql<{ quarantined: boolean; out: number; total: number }>`
    SELECT d.quarantined_at IS NOT NULL AS quarantined,
      (SELECT count(*)::int FROM device WHERE zone_id = d.zone_id AND quarantined_at IS NOT NULL) AS out,
      (SELECT count(*)::int FROM device WHERE zone_id = d.zone_id) AS total
    FROM device d WHERE d.id = ${found.deviceId} FOR UPDATE`;
  if (!device) return false;
  if (device.quarantined) return true;
  if (device.out >= Math.max(FEW_DEVICES, device.total * MOST_PART)) return false;
  await sql`
    UPDATE device SET quarantined_at = clock_timestamp(), health = 'failed', vendor_code = ${found.code}
    WHERE id = ${found.deviceId}`;
  await addRecords(sql, [{ ...found, atMs: nowMs, kind: 'quarantined' }]);
  return true;
}

/** Who cordons in the name of the checks. */
const BY = 'system:health';

/** Gives a node no new work until an operator uncordons it. Repeating changes nothing. False when too many are out already. */
export async function cordonNode(sql: Sql, found: Found, nowMs: number): Promise<boolean> {
  const [node] = await sql<{ cordoned: boolean; out: number; total: number }>`
    SELECT n.cordoned_at IS NOT NULL AS cordoned,
      (SELECT count(*)::int FROM node WHERE zone_id = n.zone_id AND cordoned_by = ${BY}) AS out,
      (SELECT count(*)::int FROM node WHERE zone_id = n.zone_id) AS total
    FROM node n WHERE n.id = ${found.nodeId} FOR UPDATE`;
  if (!node) return false;
  if (node.cordoned) return true;
  if (node.out >= Math.max(FEW_NODES, node.total * MOST_PART)) return false;
  await sql`
    UPDATE node SET cordoned_at = clock_timestamp(), cordoned_by = ${BY}, cordon_reason = ${`${found.code}: ${found.detail}`}
    WHERE id = ${found.nodeId}`;
  await addRecords(sql, [{ ...found, atMs: nowMs, kind: 'cordoned' }]);
  return true;
}

const DRAIN_DAYS = 7;

/**
 * Empties a node whose device asks for it: no new work, what may move moves, the rest is waited for. Repeating changes
 * nothing. False when too many nodes of the zone are out already.
 */
export async function drainNode(sql: Sql, found: Found, nowMs: number): Promise<boolean> {
  if (!(await cordonNode(sql, found, nowMs))) return false;
  await sql`
    INSERT INTO node_drain (id, node_id, at_deadline, deadline_at, reason, requested_by)
    VALUES (${mintId('nodeDrain', nowMs)}, ${found.nodeId}, 'wait',
      clock_timestamp() + make_interval(days => ${DRAIN_DAYS}::int), ${`${found.code}: ${found.detail}`}, ${BY})
    ON CONFLICT (node_id) WHERE state = 'draining' DO NOTHING`;
  const [zone] = await sql<{ region_id: string }>`SELECT region_id FROM zone WHERE id = ${found.zoneId}`;
  if (zone) await ring(sql, 'placement', zone.region_id);
  return true;
}

/** A device works on and is the last choice for new work. Repeating changes nothing. */
export async function degradeDevice(sql: Sql, found: Found & { deviceId: string }): Promise<void> {
  await sql`
    UPDATE device SET health = 'degraded', vendor_code = ${found.code} WHERE id = ${found.deviceId} AND health = 'ok'`;
}
