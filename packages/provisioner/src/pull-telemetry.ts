import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { UsageBlockRecord } from '@suanxiang/hal/driver';
import type { Provisioner } from './context';

/** Metering's verb: stores blocks, puts aside what cannot be true. Idempotent per block. */
export type IngestBlocks = (sql: Sql, zoneId: string, records: UsageBlockRecord[], nowMs: number) => Promise<unknown>;

const BATCH = 2_000;

/** The sequence number up to which a zone's stream has been taken in. */
async function cursorOf(sql: Sql, stream: string): Promise<number> {
  const [row] = await sql<{ seq: number }>`SELECT seq::float8 AS seq FROM telemetry_cursor WHERE zone_id = ${stream}`;
  return row?.seq ?? 0;
}

/**
 * Moves a cursor from `from` to `to` in the caller's transaction. False when somebody else has moved it: then nothing of
 * what was read from there may be written.
 */
export async function moveCursor(sql: Sql, stream: string, from: number, to: number): Promise<boolean> {
  await sql`INSERT INTO telemetry_cursor (zone_id, seq) VALUES (${stream}, 0) ON CONFLICT DO NOTHING`;
  const moved = await sql`
    UPDATE telemetry_cursor SET seq = ${to}::bigint WHERE zone_id = ${stream} AND seq = ${from}::bigint RETURNING 1 AS one`;
  return moved.length > 0;
}

/**
 * Takes in a zone's usage blocks after its cursor until none are left: blocks and cursor in one transaction, then the
 * engine may forget them. At least once, in order, from any number of processes. Returns the number taken in.
 */
export async function pullTelemetry(ctx: Provisioner, zoneId: string, ingest: IngestBlocks): Promise<number> {
  const driver = ctx.fleet.driverOf(zoneId);
  let taken = 0;
  for (;;) {
    const from = await cursorOf(singleSql(ctx.db), zoneId);
    const records = await driver.telemetry(zoneId, from, BATCH);
    const last = records.at(-1);
    if (!last) return taken;
    const mine = await withSql(ctx.db, async (sql) => {
      if (!(await moveCursor(sql, zoneId, from, last.seq))) return false;
      await ingest(sql, zoneId, records, ctx.clock.nowMs());
      return true;
    });
    if (mine) {
      taken += records.length;
      await driver.acknowledgeTelemetry(zoneId, last.seq);
    }
    if (records.length < BATCH) return taken;
  }
}

/** Name of a zone's health stream among the cursors. */
function healthStream(zoneId: string): string {
  return `health:${zoneId}`;
}

/** Where reading a zone's health events goes on. */
export function healthCursor(ctx: Provisioner, zoneId: string): Promise<number> {
  return cursorOf(singleSql(ctx.db), healthStream(zoneId));
}

/** Moves a zone's health cursor; see moveCursor. */
export function moveHealthCursor(sql: Sql, zoneId: string, from: number, to: number): Promise<boolean> {
  return moveCursor(sql, healthStream(zoneId), from, to);
}
