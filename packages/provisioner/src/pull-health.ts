import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import { findAccelerator } from '@suanxiang/domain/accelerators';
import type { FaultCause } from '@suanxiang/domain/fault-reasons';
import { reasonOf } from '@suanxiang/domain/fault-reasons';
import type { HealthEvent } from '@suanxiang/hal/driver';
import { faultReading } from '@suanxiang/hal/faults/catalogue';
import type { Severity } from '@suanxiang/hal/faults/severity';
import type { Provisioner } from './context';
import { degradeDevice, drainNode, quarantineDevice } from './health/quarantine';
import { addRecords } from './health/records';
import { recordFault } from './interrupt';
import { healthCursor, type IngestBlocks, moveHealthCursor, pullTelemetry } from './pull-telemetry';

const BATCH = 200;

const FAULT_REASON: Partial<Record<HealthEvent['kind'], FaultCause>> = {
  device_fault: 'device_fault',
  host_lost: 'host_loss',
  workload_exited: 'workload_exited',
};

/**
 * Takes in a zone's health events: conditions of nodes and devices, and the leases they end. Each event and the cursor
 * move in one transaction, so each counts once. Usage is taken in first where there are events, as it proves what was
 * delivered until then. Returns the number of events.
 */
export async function pullHealth(ctx: Provisioner, zoneId: string, ingest: IngestBlocks): Promise<number> {
  const driver = ctx.fleet.driverOf(zoneId);
  let taken = 0;
  for (;;) {
    let from = await healthCursor(ctx, zoneId);
    const events = await driver.health(zoneId, from, BATCH);
    if (events.some((event) => FAULT_REASON[event.kind] ?? event.kind === 'device_warning'))
      await pullTelemetry(ctx, zoneId, ingest);
    for (const event of events) {
      const mine = await withSql(ctx.db, async (sql) => {
        if (!(await moveHealthCursor(sql, zoneId, from, event.seq))) return false;
        await apply(ctx, sql, zoneId, event);
        return true;
      });
      // Somebody else reads the same stream: leave it to them.
      if (!mine) return taken;
      from = event.seq;
      taken += 1;
      ctx.logger.info({ zoneId, event }, 'fleet health');
    }
    if (events.length < BATCH) return taken;
  }
}

async function apply(ctx: Provisioner, sql: Sql, zoneId: string, event: HealthEvent): Promise<void> {
  await markHardware(sql, event);
  const severity = await severityOf(sql, event);
  await keepRecord(sql, zoneId, event, severity);
  if (event.kind === 'device_warning') await heedWarning(ctx, sql, zoneId, event, severity);
  if (event.kind === 'device_warning' && severity !== 'failed') return;
  const code = event.kind === 'device_warning' ? 'device_fault' : FAULT_REASON[event.kind];
  if (code) {
    for (const allocationId of await affected(sql, event)) {
      await recordFault(ctx, sql, { allocationId, atMs: event.atMs, reason: reasonOf(code, event.vendorCode) });
    }
  } else if (event.kind !== 'clock_skew') {
    const [zone] = await sql<{ region_id: string }>`SELECT region_id FROM zone WHERE id = ${zoneId}`;
    if (zone) await ring(sql, 'placement', zone.region_id);
  }
}

/** What the catalogue says of a device's code; a code without an entry is treated with caution. Null: it is about no device. */
async function severityOf(sql: Sql, { deviceId, vendorCode }: HealthEvent): Promise<Severity | null> {
  if (deviceId === null || vendorCode === null) return null;
  const [device] = await sql<{ model_id: string }>`SELECT model_id FROM device WHERE id = ${deviceId}`;
  const vendor = device && findAccelerator(device.model_id)?.vendorClass;
  // Engines write NVIDIA's codes as "XID 79", the catalogue as "79".
  return vendor ? faultReading(vendor, vendorCode.replace(/^XID /, '')).severity : null;
}

async function keepRecord(sql: Sql, zoneId: string, event: HealthEvent, severity: Severity | null): Promise<void> {
  const { kind, nodeId, deviceId, atMs, vendorCode: code, message: detail } = event;
  if (kind === 'workload_exited') return;
  await addRecords(sql, [{ zoneId, nodeId, deviceId, atMs, kind, code, severity, detail, operationId: null }]);
}

/** What a warning asks for by the catalogue: it is only noted, the device is the last choice, its node is emptied, or it is out. */
async function heedWarning(
  ctx: Provisioner,
  sql: Sql,
  zoneId: string,
  { nodeId, deviceId, vendorCode, message: detail }: HealthEvent,
  severity: Severity | null,
): Promise<void> {
  if (deviceId === null || vendorCode === null || severity === null || severity === 'info') return;
  const found = { zoneId, nodeId, deviceId, code: vendorCode, severity, detail, operationId: null };
  if (severity !== 'failed') await degradeDevice(sql, found);
  const act = { degraded: null, drain: drainNode, failed: quarantineDevice }[severity];
  if (act && !(await act(sql, found, ctx.clock.nowMs()))) {
    ctx.logger.error({ found }, 'too much of this zone is out of service: left in');
  }
}

/** The event's allocation, or every unreleased one on its device or node. */
async function affected(sql: Sql, event: HealthEvent): Promise<string[]> {
  if (event.allocationId !== null) return [event.allocationId];
  const rows = await sql<{ id: string }>`
    SELECT a.id FROM allocation a
    WHERE a.node_id = ${event.nodeId} AND a.released_at IS NULL AND (${event.deviceId === null}::boolean OR EXISTS (
      SELECT 1 FROM allocation_device d WHERE d.allocation_id = a.id AND d.device_id = ${event.deviceId ?? ''}))
    ORDER BY a.id`;
  return rows.map((row) => row.id);
}

async function markHardware(sql: Sql, event: HealthEvent): Promise<void> {
  const { nodeId, deviceId, vendorCode } = event;
  switch (event.kind) {
    case 'device_fault':
      await sql`UPDATE device SET health = 'failed', vendor_code = ${vendorCode} WHERE id = ${deviceId ?? ''}`;
      break;
    case 'device_recovered':
      // Not offered again before it is wiped: see scrub-returned.ts.
      await sql`
        UPDATE device SET health = 'unknown', vendor_code = NULL
        WHERE id = ${deviceId ?? ''} AND health <> 'ok' AND quarantined_at IS NULL`;
      break;
    case 'host_lost':
      await sql`UPDATE node SET health = 'lost' WHERE id = ${nodeId} AND health = 'ok'`;
      break;
    case 'host_recovered':
      await sql`UPDATE node SET health = 'ok', seen_at = now() WHERE id = ${nodeId} AND health = 'lost'`;
      break;
    case 'device_warning':
    case 'workload_exited':
    case 'clock_skew':
      break;
  }
}
