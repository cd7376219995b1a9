import { type CopyIn, CopyRows } from '@suanxiang/db/copy-in';
import type { Sql } from '@suanxiang/db/sql';
import type { CheckedBlock } from '../ingest/check-block';

const ROW_BYTES = 400;
const COLUMNS = 9;

/**
 * Stores blocks by a binary COPY into a table of the session and one INSERT from there, so that repetitions are
 * left out by the key. `blocks` stand in the order of their key: two deliveries then cannot deadlock. Returns how many
 * were new.
 */
export async function copyBlocks(
  sql: Sql,
  copy: CopyIn,
  blocks: readonly CheckedBlock[],
  batch: { seq: bigint; agentId: string; agentSeq: number; zoneId: string; nowMs: number },
): Promise<number> {
  const rows = new CopyRows(blocks.length * ROW_BYTES);
  for (const block of blocks) {
    rows
      .row(COLUMNS)
      .ascii(block.orgId)
      .ascii(block.allocationId)
      .int8(block.winStartS)
      .int4(block.rev)
      .bytes(block.bytes)
      .ascii(block.digest)
      .int4(block.measured)
      .int8(block.sumPpm)
      .int8(block.arrivedS);
  }
  await sql`
    CREATE TEMPORARY TABLE IF NOT EXISTS usage_arriving (org_id text, allocation_id text, win_start_s bigint, rev int,
      bytes bytea, digest text, measured int, sum_ppm bigint, arrived_s bigint) ON COMMIT DELETE ROWS`;
  await copy('pg_temp.usage_arriving', rows.finish());
  const [row] = await sql<{ stored: number }>`
    WITH stored AS (
      INSERT INTO usage_block (org_id, allocation_id, win_start_s, rev, bytes, digest, agent_id, zone_id, engine_seq,
        measured, sum_ppm, arrived_s, received_at, batch_seq)
      SELECT org_id, allocation_id, win_start_s, rev, bytes, digest, ${batch.agentId}, ${batch.zoneId},
        ${batch.agentSeq}::bigint, measured, sum_ppm, arrived_s, to_timestamp(${batch.nowMs}::float8 / 1000),
        ${batch.seq}::bigint
      FROM pg_temp.usage_arriving ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::int AS stored FROM stored`;
  return row!.stored;
}
