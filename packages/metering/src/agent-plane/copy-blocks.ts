import { type CopyIn, CopyRows } from '@suanxiang/db/copy-in';
import type { Sql } from '@suanxiang/db/sql';
import type { CheckedBlock } from '../ingest/check-block';

interface BatchHead {
  seq: bigint;
  agentId: string;
  agentSeq: number;
  zoneId: string;
  nowMs: number;
}

const ROW_BYTES = 480;
const COLUMNS =
  'org_id, allocation_id, win_start_s, rev, bytes, digest, agent_id, zone_id, engine_seq, measured, sum_ppm, arrived_s, received_at, batch_seq';
/** PostgreSQL counts timestamps in microseconds since 2000. */
const EPOCH_2000_MS = 946_684_800_000;
/** A batch that spans more days is old news being caught up with: it goes the slower way. */
const MOST_DAYS = 3;
const UNIQUE_VIOLATION = '23505';

/** Name of the partition that holds a second. */
function partitionOf(second: number): string {
  return `usage_block_${new Date(second * 1000).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** The blocks as binary rows, by the day they belong to. */
function rowsByDay(blocks: readonly CheckedBlock[], head: BatchHead): Map<string, Buffer> {
  const rows = new Map<number, CopyRows>();
  const seq = Number(head.seq);
  const receivedUs = (head.nowMs - EPOCH_2000_MS) * 1000;
  for (const block of blocks) {
    const day = Math.floor(block.winStartS / 86_400);
    let own = rows.get(day);
    if (!own) {
      own = new CopyRows(blocks.length * ROW_BYTES);
      rows.set(day, own);
    }
    own
      .row(14)
      .ascii(block.orgId)
      .ascii(block.allocationId)
      .int8(block.winStartS)
      .int4(block.rev)
      .bytes(block.bytes)
      .ascii(block.digest)
      .ascii(head.agentId)
      .ascii(head.zoneId)
      .int8(head.agentSeq)
      .int4(block.measured)
      .int8(block.sumPpm)
      .int8(block.arrivedS)
      .int8(receivedUs)
      .int8(seq);
  }
  return new Map([...rows].map(([day, own]) => [partitionOf(day * 86_400), own.finish()]));
}

/** Copies straight into the days: for blocks of which none is known. False, and nothing stored, when one is. */
async function copyFresh(sql: Sql, copy: CopyIn, rows: ReadonlyMap<string, Buffer>): Promise<boolean> {
  const days = [...rows.keys()].sort();
  if (days.length > MOST_DAYS) return false;
  const [ready] = await sql<{ all: boolean }>`
    SELECT bool_and(to_regclass('public.' || day) IS NOT NULL) AS all FROM unnest(${days}::text[]) AS d(day)`;
  if (!ready!.all) return false;
  await sql`SAVEPOINT fresh`;
  try {
    for (const day of days) await copy(`${day} (${COLUMNS})`, rows.get(day)!);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    await sql`ROLLBACK TO SAVEPOINT fresh`;
    return false;
  }
}

/** Copies into a table of the session and inserts from there what is not known. Returns how many were new. */
async function copyUnknown(sql: Sql, copy: CopyIn, rows: ReadonlyMap<string, Buffer>): Promise<number> {
  await sql`
    CREATE TEMPORARY TABLE IF NOT EXISTS usage_arriving (org_id text, allocation_id text, win_start_s bigint, rev int,
      bytes bytea, digest text, agent_id text, zone_id text, engine_seq bigint, measured int, sum_ppm bigint, arrived_s bigint,
      received_at timestamptz, batch_seq bigint) ON COMMIT DELETE ROWS`;
  for (const data of rows.values()) await copy(`pg_temp.usage_arriving (${COLUMNS})`, data);
  const [row] = await sql<{ stored: number }>`
    WITH stored AS (
      INSERT INTO usage_block (org_id, allocation_id, win_start_s, rev, bytes, digest, agent_id, zone_id, engine_seq,
        measured, sum_ppm, arrived_s, received_at, batch_seq)
      SELECT * FROM pg_temp.usage_arriving ORDER BY allocation_id COLLATE "C", win_start_s, rev, digest COLLATE "C"
      ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::int AS stored FROM stored`;
  return row!.stored;
}

/**
 * Stores blocks by binary COPY: straight into their day when all are new, as nearly always, else what is new of them.
 * `blocks` stand in the order of their key, so that two deliveries cannot deadlock. Returns how many were new.
 */
export async function copyBlocks(
  sql: Sql,
  copy: CopyIn,
  blocks: readonly CheckedBlock[],
  head: BatchHead,
): Promise<number> {
  const rows = rowsByDay(blocks, head);
  return (await copyFresh(sql, copy, rows)) ? blocks.length : copyUnknown(sql, copy, rows);
}
