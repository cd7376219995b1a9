import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import { takeCutoff } from '../ingest/cutoff';
import { hourDigest } from '../rating/canonical';
import { MergedSeconds } from '../rating/merged-seconds';
import { sumSeconds } from '../rating/summed-usage';
import { minuteOf } from './load-samples';

/** Advisory lock of the one who adds hours up. */
const HOURS_LOCK = 7_238_201;
const HOUR_S = 3600;
/** An hour is added up this long after its end: evidence of its last minute comes a little later. */
const LAG_S = 300;
/** Hours added up in one transaction: at most 6,000 blocks, about 3 MB. */
const HOURS_AT_ONCE = 100;

/** A lease's hour and how the lease stands to it. */
export interface LeaseHour {
  orgId: string;
  allocationId: string;
  hourS: number;
  /** Edges of the lease; null: not known yet. */
  startS: number | null;
  endS: number | null;
  floorPpm: number;
}

export interface HourBlock {
  allocationId: string;
  winStartS: number;
  rev: number;
  bytes: Uint8Array;
  digest: string;
  batchSeq: number;
  arrivedS: number;
}

/** An hour as usage_hour keeps it, but for its seal. */
export interface AddedHour {
  orgId: string;
  allocationId: string;
  hourS: number;
  clipFrom: number;
  clipTo: number;
  blocks: number;
  measured: number;
  sumPpm: number;
  floorPpm: number;
  flooredPpm: number;
  weighed: number;
  digest: string;
  lastBatchSeq: number;
  lastArrivedS: number;
}

const insideHour = (second: number) => Math.max(0, Math.min(HOUR_S, second));

/** Merges and adds up the blocks of one lease and hour, clipped to the lease. `blocks` holds one at least. */
export function addUpHour(hour: LeaseHour, blocks: readonly HourBlock[]): AddedHour {
  const { orgId, allocationId, hourS, startS, endS, floorPpm } = hour;
  const clipFrom = startS === null ? 0 : insideHour(startS - hourS);
  const clipTo = Math.max(clipFrom, endS === null ? HOUR_S : insideHour(endS - hourS));
  const span = { fromS: hourS + clipFrom, toS: hourS + clipTo };
  const own = blocks.filter(({ winStartS }) => winStartS >= minuteOf(span.fromS) && winStartS < span.toS);
  const merged = new MergedSeconds(span);
  for (const block of own) merged.addBlock(block.winStartS, block.rev, block.bytes);
  const sums = sumSeconds(merged, span, floorPpm);
  return {
    orgId,
    allocationId,
    hourS,
    clipFrom,
    clipTo,
    blocks: own.length,
    measured: sums.measuredSeconds,
    sumPpm: sums.sumPpm,
    floorPpm,
    flooredPpm: sums.flooredPpm,
    weighed: sums.weighedSeconds,
    digest: hourDigest(own),
    lastBatchSeq: Math.max(...blocks.map((block) => block.batchSeq)),
    lastArrivedS: Math.max(...blocks.map((block) => block.arrivedS)),
  };
}

/** Writes hours over what was there, each with its seal. */
export async function storeHours(sql: Sql, hours: readonly AddedHour[]): Promise<void> {
  const column = (pick: (hour: AddedHour) => string | number) => hours.map((hour) => String(pick(hour)));
  await sql`
    INSERT INTO usage_hour (org_id, allocation_id, hour_s, clip_from, clip_to, blocks, measured, sum_ppm, floor_ppm,
      floored_ppm, weighed, digest, last_batch_seq, last_arrived_s, seal)
    SELECT h.*, suan_hour_seal(h.org_id, h.allocation_id, h.hour_s, h.clip_from, h.clip_to, h.blocks, h.measured, h.sum_ppm,
      h.floor_ppm, h.floored_ppm, h.weighed, h.digest, h.last_batch_seq, h.last_arrived_s)
    FROM (SELECT org_id, allocation_id, hour_s, clip_from, clip_to, blocks, measured, sum_ppm, floor_ppm, floored_ppm, weighed,
        decode(hex, 'hex') AS digest, last_batch_seq, last_arrived_s
      FROM unnest(${column((h) => h.orgId)}::text[], ${column((h) => h.allocationId)}::text[], ${column((h) => h.hourS)}::bigint[],
        ${column((h) => h.clipFrom)}::smallint[], ${column((h) => h.clipTo)}::smallint[], ${column((h) => h.blocks)}::int[],
        ${column((h) => h.measured)}::int[], ${column((h) => h.sumPpm)}::bigint[], ${column((h) => h.floorPpm)}::int[],
        ${column((h) => h.flooredPpm)}::bigint[], ${column((h) => h.weighed)}::int[], ${column((h) => h.digest)}::text[],
        ${column((h) => h.lastBatchSeq)}::bigint[], ${column((h) => h.lastArrivedS)}::bigint[])
        AS g(org_id, allocation_id, hour_s, clip_from, clip_to, blocks, measured, sum_ppm, floor_ppm, floored_ppm, weighed, hex,
          last_batch_seq, last_arrived_s)) AS h
    ON CONFLICT (allocation_id, hour_s) DO UPDATE SET org_id = excluded.org_id, clip_from = excluded.clip_from,
      clip_to = excluded.clip_to, blocks = excluded.blocks, measured = excluded.measured, sum_ppm = excluded.sum_ppm,
      floor_ppm = excluded.floor_ppm, floored_ppm = excluded.floored_ppm, weighed = excluded.weighed, digest = excluded.digest,
      last_batch_seq = excluded.last_batch_seq, last_arrived_s = excluded.last_arrived_s, seal = excluded.seal`;
}

/** Reads lease hours with their blocks up to a batch, and adds each up that has any. */
export async function addUpHours(
  sql: Sql,
  keys: readonly { allocationId: string; hourS: number }[],
  uptoSeq: string,
): Promise<AddedHour[]> {
  const ids = keys.map((key) => key.allocationId);
  const hourStarts = keys.map((key) => String(key.hourS));
  const rows = await sql<
    Record<'id' | 'org_id' | 'win_start_s' | 'digest' | 'batch_seq' | 'arrived_s', string> & {
      rev: number;
      bytes: Uint8Array;
    }
  >`
    SELECT b.allocation_id AS id, b.org_id, b.win_start_s::text, b.rev, b.bytes, b.digest, b.batch_seq::text, b.arrived_s::text
    FROM unnest(${ids}::text[], ${hourStarts}::bigint[]) AS k(allocation_id, hour_s)
    JOIN usage_block b ON b.allocation_id = k.allocation_id AND b.win_start_s >= k.hour_s AND b.win_start_s < k.hour_s + 3600
    WHERE b.batch_seq <= ${uptoSeq}::bigint`;
  const leases = await sql<{ id: string; start_s: string | null; end_s: string | null; floor_ppm: number }>`
    SELECT id, start_s::text, end_s::text, floor_ppm FROM allocation WHERE id = ANY (${ids}::text[])`;
  const leaseById = new Map(leases.map((lease) => [lease.id, lease]));
  const byHour = new Map<string, { orgId: string; hourS: number; blocks: HourBlock[] }>();
  for (const { id, org_id: orgId, ...row } of rows) {
    const winStartS = Number(row.win_start_s);
    const hourS = winStartS - (winStartS % HOUR_S);
    const key = `${id} ${hourS}`;
    const hour = byHour.get(key) ?? { orgId, hourS, blocks: [] };
    byHour.set(key, hour);
    const { rev, bytes, digest } = row;
    const [batchSeq, arrivedS] = [Number(row.batch_seq), Number(row.arrived_s)];
    hour.blocks.push({ allocationId: id, winStartS, rev, bytes, digest, batchSeq, arrivedS });
  }
  return [...byHour.values()].map(({ orgId, hourS, blocks }) => {
    const { allocationId } = blocks[0]!;
    const lease = leaseById.get(allocationId);
    const startS = lease?.start_s ? Number(lease.start_s) : null;
    const endS = lease?.end_s ? Number(lease.end_s) : null;
    return addUpHour({ orgId, allocationId, hourS, startS, endS, floorPpm: lease?.floor_ppm ?? 0 }, blocks);
  });
}

/** Takes the hours for this transaction; false when another worker is at it. */
export async function lockHours(sql: Sql): Promise<boolean> {
  const [lock] = await sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(${HOURS_LOCK}::bigint) AS mine`;
  return lock!.mine;
}

/** Puts every hour that a batch since the last time touched on the list, up to a batch. False when another worker is at it. */
async function noteTouched(sql: Sql, upTo: bigint): Promise<boolean> {
  if (!(await lockHours(sql))) return false;
  const [mark] = await sql<{ seq: string }>`SELECT batch_seq::text AS seq FROM usage_hour_mark`;
  if (BigInt(mark?.seq ?? '-1') >= upTo) return true;
  await sql`
    INSERT INTO usage_hour_due (org_id, allocation_id, hour_s)
    SELECT min(org_id), allocation_id, win_start_s - win_start_s % 3600 FROM usage_block
    WHERE batch_seq > ${mark?.seq ?? '-1'}::bigint AND batch_seq <= ${upTo.toString()}::bigint
    GROUP BY 2, 3 ON CONFLICT DO NOTHING`;
  await sql`
    INSERT INTO usage_hour_mark (one, batch_seq) VALUES (true, ${upTo.toString()}::bigint)
    ON CONFLICT (one) DO UPDATE SET batch_seq = excluded.batch_seq`;
  return true;
}

/**
 * Lists every hour that batches up to a cutoff have touched, so that readers at the cutoff need not look for them. False when another
 * worker is at the hours: readers then look themselves.
 */
export function noteHours(db: Db, upTo: bigint): Promise<boolean> {
  return withSql(db, (sql) => noteTouched(sql, upTo));
}

/** Adds up some of the listed hours that are over; null when another worker is at it. */
async function addUpSome(sql: Sql, nowS: number | null): Promise<number | null> {
  if (!(await lockHours(sql))) return null;
  const due = await sql<{ id: string; hour: string; seq: string }>`
    SELECT d.allocation_id AS id, d.hour_s::text AS hour, m.batch_seq::text AS seq
    FROM usage_hour_mark m CROSS JOIN usage_hour_due d JOIN organization o ON o.id = d.org_id
    WHERE d.hour_s + ${HOUR_S + LAG_S}::bigint <= coalesce(${nowS}::bigint + o.clock_offset_s, suan_billing_now_s(o.clock_offset_s))
    ORDER BY d.hour_s, d.allocation_id LIMIT ${HOURS_AT_ONCE}`;
  if (due.length === 0) return 0;
  const keys = due.map((row) => ({ allocationId: row.id, hourS: Number(row.hour) }));
  const added = await addUpHours(sql, keys, due[0]!.seq);
  await storeHours(sql, added);
  await sql`
    DELETE FROM usage_hour_due d USING unnest(${due.map((row) => row.id)}::text[], ${due.map((row) => row.hour)}::bigint[])
      AS k(id, hour_s) WHERE d.allocation_id = k.id AND d.hour_s = k.hour_s`;
  return due.length;
}

/**
 * Brings the hours up to date: every hour that is over and that a batch since the last time touched is added up again from its
 * blocks. Any worker, any time; one at a time. Role app_worker. Returns how many hours were written, or null when another worker
 * is at it. `nowMs` is the wall clock; absent, the database's.
 */
export async function rollUpHours(db: Db, nowMs: number | null = null): Promise<number | null> {
  const upTo = await takeCutoff(db);
  if (!(await noteHours(db, upTo))) return null;
  const nowS = nowMs === null ? null : Math.floor(nowMs / 1000);
  let written = 0;
  for (;;) {
    const some = await withSql(db, (sql) => addUpSome(sql, nowS));
    if (some === null) return null;
    if (some === 0) return written;
    written += some;
  }
}

/** Forgets every hour whose blocks are still there; the next roll-up makes them again from these. Role app_worker. */
export async function dropHours(sql: Sql): Promise<void> {
  await sql`UPDATE usage_hour_mark SET batch_seq = -1`;
  await sql`DELETE FROM usage_hour WHERE hour_s >= (SELECT coalesce(max(evidence_from_s), 0) FROM usage_hour_mark)`;
}
