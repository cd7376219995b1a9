import { setTimeout as sleep } from 'node:timers/promises';
import { zoneOfKey } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import type { Provisioner } from './context';
import { Fenced } from './lease';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 40;
const PATIENCE_MS = 1_000;

/** The right to decide about some zones of a region, for one round. */
export interface PlacementLease {
  regionId: string;
  zones: readonly { zoneId: string; epoch: string }[];
  /** Zones of the region that another loop decides about now, or that this round does not look at. */
  elsewhere: readonly string[];
  /** One zone was asked for: the rest of the region is for another round. */
  isZoneRound: boolean;
}

interface Row {
  region_id: string;
  zone_id: string;
  /** Asked for by the key. */
  asked: boolean;
  /** Null: another loop has it. */
  epoch: string | null;
}

/**
 * Takes the zones that a key names and that no other loop has, each with its next epoch, on the database's clock. Waits a
 * moment while all are taken; empty when they stay so, null when there is no such place. A loop that died or froze loses
 * its zones after `placementLeaseMs`, and its epoch with them.
 */
export async function takeZones(ctx: Provisioner, key: string): Promise<PlacementLease | null> {
  for (let waitedMs = 0, pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const rows = await tryTake(ctx, key);
    const [first] = rows;
    if (!first) return null;
    const zones = rows.flatMap((row) => (row.epoch === null ? [] : [{ zoneId: row.zone_id, epoch: row.epoch }]));
    if (zones.length > 0 || waitedMs >= PATIENCE_MS) {
      const elsewhere = rows.filter((row) => row.epoch === null).map((row) => row.zone_id);
      return { regionId: first.region_id, zones, elsewhere, isZoneRound: zoneOfKey(key) !== null };
    }
    await sleep(pauseMs);
    waitedMs += pauseMs;
  }
}

function tryTake(ctx: Provisioner, key: string): Promise<Row[]> {
  const zoneId = zoneOfKey(key);
  return singleSql(ctx.db)<Row>`
    WITH place AS (
      SELECT id AS zone_id, region_id, ${zoneId}::text IS NULL OR id = ${zoneId} AS asked FROM zone
      WHERE region_id = coalesce((SELECT region_id FROM zone WHERE id = ${zoneId}), ${key})
    ), open AS (
      SELECT l.zone_id FROM placement_lease l JOIN place ON place.zone_id = l.zone_id AND place.asked
      WHERE l.until IS NULL OR l.until <= clock_timestamp() ORDER BY l.zone_id FOR UPDATE OF l SKIP LOCKED
    ), taken AS (
      UPDATE placement_lease l SET holder = ${ctx.workerId}, epoch = l.epoch + 1,
        until = clock_timestamp() + ${ctx.timing.placementLeaseMs} * interval '1 millisecond'
      FROM open WHERE l.zone_id = open.zone_id RETURNING l.zone_id, l.epoch)
    SELECT place.region_id, place.zone_id, place.asked, taken.epoch::text AS epoch
    FROM place LEFT JOIN taken ON taken.zone_id = place.zone_id ORDER BY place.zone_id`;
}

/**
 * First thing in the transaction that writes a round's decisions: gives the zones back as of its commit, provided that
 * every one still has the epoch that was taken. Nobody else gets them before that commit. Throws Fenced otherwise.
 */
export async function spendLease(sql: Sql, lease: PlacementLease): Promise<void> {
  const given = await giveBack(sql, lease);
  if (given !== lease.zones.length) throw new Fenced(`placement in ${lease.regionId}`);
}

/** Gives back zones about which nothing was decided; those that another loop has taken meanwhile are left alone. */
export async function dropLease(ctx: Provisioner, lease: PlacementLease): Promise<void> {
  await giveBack(singleSql(ctx.db), lease);
}

async function giveBack(sql: Sql, lease: PlacementLease): Promise<number> {
  const mine = lease.zones.map(({ zoneId, epoch }) => ({ zone_id: zoneId, epoch }));
  const given = await sql`
    UPDATE placement_lease l SET holder = NULL, until = NULL
    FROM jsonb_to_recordset((${{ mine }}::jsonb)->'mine') AS m(zone_id text, epoch bigint)
    WHERE l.zone_id = m.zone_id AND l.epoch = m.epoch RETURNING 1 AS one`;
  return given.length;
}
