import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import type { Cutoff } from '../ingest/cutoff';
import { MergedSeconds } from '../rating/merged-seconds';

/** Seconds of one allocation read at a time: 1,440 blocks, about 200 kB. */
const CHUNK_S = 86_400;
const MINUTE_S = 60;

/** Every batch and every arrival: a running period, which is not cut off yet. */
const NO_CUTOFF: Cutoff = { batchSeq: 2n ** 63n - 1n, arrivedS: Number.MAX_SAFE_INTEGER };

/** First second of the minute that holds a second. */
export function minuteOf(second: number): number {
  return second - (second % MINUTE_S);
}

/** Bounds of a cutoff as parameters; without one, all blocks count. */
export function cutoffBounds(cutoff: Cutoff | null): { batchSeq: string; arrivedS: string } {
  const { batchSeq, arrivedS } = cutoff ?? NO_CUTOFF;
  return { batchSeq: batchSeq.toString(), arrivedS: String(arrivedS) };
}

/** The merged samples of one lease inside a window. */
export async function mergeBlocks(
  sql: Sql,
  orgId: string,
  allocationId: string,
  window: Span,
  cutoff: Cutoff | null,
): Promise<MergedSeconds> {
  const merged = new MergedSeconds(window);
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  for (let fromS = minuteOf(window.fromS); fromS < window.toS; fromS += CHUNK_S) {
    const blocks = await sql<{ win_start_s: string; rev: number; bytes: Uint8Array }>`
      SELECT win_start_s::text, rev, bytes FROM usage_block
      WHERE org_id = ${orgId} AND allocation_id = ${allocationId} AND win_start_s >= ${fromS}::bigint
        AND win_start_s < ${Math.min(fromS + CHUNK_S, window.toS)}::bigint
        AND batch_seq <= ${batchSeq}::bigint AND arrived_s <= ${arrivedS}::bigint`;
    for (const block of blocks) merged.addBlock(Number(block.win_start_s), block.rev, block.bytes);
  }
  return merged;
}
