import type { Sql } from '@suanxiang/db/sql';
import { MISSING_VALUE, PPM_PER_STEP } from '@suanxiang/domain/usage-block';
import type { Cutoff } from '../ingest/cutoff';
import { addSums, NO_SECONDS, type SecondSums, sumSeconds } from '../rating/summed-usage';
import { cutoffBounds, mergeBlocks } from './load-samples';
import type { Stretch } from './usable-hours';

const HOUR_S = 3600;
/** Hours of blocks read at a time: at most 7,200 blocks, about 1 MB. */
const HOURS_AT_ONCE = 120;
/** A bit for each minute of an hour. */
const ALL_MINUTES = (2n ** 60n - 1n).toString();

/** Adds up an hour's 3,600 values as they stand in its 60 blocks, one after the other. */
function sumBytes(bytes: Uint8Array, floorPpm: number): SecondSums {
  const sums = { ...NO_SECONDS };
  for (let at = 0; at < bytes.length; at += 2) {
    const steps = (bytes[at]! << 8) | bytes[at + 1]!;
    if (steps === MISSING_VALUE) continue;
    sums.measuredSeconds += 1;
    const weight = Math.max(steps * PPM_PER_STEP, floorPpm);
    sums.flooredPpm += weight;
    if (weight > 0) sums.weighedSeconds += 1;
  }
  return sums;
}

/** Seconds above 0 in blocks one after the other. */
function countAbove0(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    const steps = (bytes[at]! << 8) | bytes[at + 1]!;
    if (steps !== 0 && steps !== MISSING_VALUE) count += 1;
  }
  return count;
}

/**
 * The same without a floor, where the sums that a block was taken in with are its weight: whole hours are added up in the database. How many
 * seconds of a block were above 0 is all of them where no two bytes that follow each other are 0; only the others' values are moved.
 */
async function unflooredSums(sql: Sql, orgId: string, stretch: Stretch, cutoff: Cutoff | null): Promise<SecondSums> {
  const { allocationId, fromS, toS } = stretch;
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  const firstS = fromS - (fromS % HOUR_S);
  const rows = await sql<Record<'hour_s' | 'measured' | 'sum_ppm' | 'sure', string> & Whole>`
    SELECT (win_start_s - win_start_s % 3600)::text AS hour_s, sum(measured)::text AS measured, sum(sum_ppm)::text AS sum_ppm,
      count(*) = 60 AND bit_or(1::bigint << ((win_start_s % 3600) / 60)::int) = ${ALL_MINUTES}::bigint AS whole,
      coalesce(sum(measured) FILTER (WHERE sum_ppm > 0 AND position('\\x0000'::bytea IN bytes) = 0), 0)::text AS sure,
      string_agg(bytes, ''::bytea) FILTER (WHERE sum_ppm > 0 AND position('\\x0000'::bytea IN bytes) > 0) AS unsure
    FROM usage_block
    WHERE org_id = ${orgId} AND allocation_id = ${allocationId} AND win_start_s >= ${firstS}::bigint
      AND win_start_s < ${toS}::bigint AND batch_seq <= ${batchSeq}::bigint AND arrived_s <= ${arrivedS}::bigint
    GROUP BY 1`;
  let sums = NO_SECONDS;
  for (const { hour_s: hour, whole, measured, sum_ppm: sumPpm, sure, unsure } of rows) {
    const hourS = Number(hour);
    const span = { fromS: Math.max(fromS, hourS), toS: Math.min(toS, hourS + HOUR_S) };
    const isWhole = whole && span.toS - span.fromS === HOUR_S;
    const own = isWhole
      ? {
          measuredSeconds: Number(measured),
          flooredPpm: Number(sumPpm),
          weighedSeconds: Number(sure) + (unsure ? countAbove0(unsure) : 0),
        }
      : sumSeconds(await mergeBlocks(sql, orgId, allocationId, span, cutoff), span, 0);
    sums = addSums(sums, own);
  }
  return sums;
}

type Whole = { whole: boolean; unsure: Uint8Array | null };

/**
 * Sums of the merged seconds of one stretch at a floor, some hours at a time. An hour of 60 minutes with one block each comes as one
 * value, since there is nothing to merge; any other is merged second by second.
 */
export async function rawSums(
  sql: Sql,
  orgId: string,
  stretch: Stretch,
  floorPpm: number,
  cutoff: Cutoff | null,
): Promise<SecondSums> {
  if (floorPpm === 0) return unflooredSums(sql, orgId, stretch, cutoff);
  const { allocationId, fromS, toS } = stretch;
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  let sums = NO_SECONDS;
  for (let atS = fromS - (fromS % HOUR_S); atS < toS; atS += HOURS_AT_ONCE * HOUR_S) {
    const untilS = Math.min(toS, atS + HOURS_AT_ONCE * HOUR_S);
    const rows = await sql<{ hour_s: string; bytes: Uint8Array | null }>`
      SELECT (win_start_s - win_start_s % 3600)::text AS hour_s,
        CASE WHEN count(*) = 60 AND bit_or(1::bigint << ((win_start_s % 3600) / 60)::int) = ${ALL_MINUTES}::bigint
          THEN string_agg(bytes, ''::bytea ORDER BY win_start_s) END AS bytes
      FROM usage_block
      WHERE org_id = ${orgId} AND allocation_id = ${allocationId} AND win_start_s >= ${atS}::bigint
        AND win_start_s < ${untilS}::bigint AND batch_seq <= ${batchSeq}::bigint AND arrived_s <= ${arrivedS}::bigint
      GROUP BY 1`;
    for (const { hour_s: hour, bytes } of rows) {
      const hourS = Number(hour);
      const span = { fromS: Math.max(fromS, hourS), toS: Math.min(toS, hourS + HOUR_S) };
      const isWhole = bytes !== null && span.toS - span.fromS === HOUR_S;
      const own = isWhole
        ? sumBytes(bytes, floorPpm)
        : sumSeconds(await mergeBlocks(sql, orgId, allocationId, span, cutoff), span, floorPpm);
      sums = addSums(sums, own);
    }
  }
  return sums;
}
