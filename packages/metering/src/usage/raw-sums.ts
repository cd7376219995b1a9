import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import type { Cutoff } from '../ingest/cutoff';
import type { SealedHour } from '../rating/canonical';
import { MergedSeconds } from '../rating/merged-seconds';
import { sumSeconds } from '../rating/summed-usage';
import { cutoffBounds, minuteOf } from './load-samples';
import type { Stretch } from './usable-hours';

const MINUTE_S = 60;

/** What the blocks of a stretch add up to, merged second by second. */
export interface RawTotals {
  /** Blocks that touch the stretch, of every revision. */
  blocks: number;
  measured: number;
  sumPpm: number;
  /** The blocks' digests by hour, where asked for. */
  sealed: SealedHour[];
}

interface HourRow {
  part: number;
  hour_s: string | null;
  blocks: string;
  windows: string;
  measured: string;
  sum_ppm: string;
  digest: string | null;
}

const columnsOf = (stretches: readonly Stretch[]) => ({
  ids: stretches.map((s) => s.allocationId),
  froms: stretches.map((s) => String(minuteOf(s.fromS))),
  tos: stretches.map((s) => String(s.toS)),
});

/** Adds up whole blocks inside the database, by stretch, or by hour with their digests: no block leaves it. */
function wholeBlocks(
  sql: Sql,
  orgId: string,
  stretches: readonly Stretch[],
  cutoff: Cutoff | null,
  withDigest: boolean,
): Promise<HourRow[]> {
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  const { ids, froms, tos } = columnsOf(stretches);
  if (!withDigest) {
    return sql<HourRow>`
      SELECT s.part::int, NULL::text AS hour_s, count(*)::text AS blocks, count(DISTINCT b.win_start_s)::text AS windows,
        sum(b.measured)::text AS measured, sum(b.sum_ppm)::text AS sum_ppm, NULL::text AS digest
      FROM unnest(${ids}::text[], ${froms}::bigint[], ${tos}::bigint[]) WITH ORDINALITY AS s(allocation_id, from_s, to_s, part)
      JOIN usage_block b ON b.org_id = ${orgId} AND b.allocation_id = s.allocation_id AND b.win_start_s >= s.from_s
        AND b.win_start_s < s.to_s
      WHERE b.batch_seq <= ${batchSeq}::bigint AND b.arrived_s <= ${arrivedS}::bigint
      GROUP BY s.part`;
  }
  return sql<HourRow>`
    SELECT s.part::int, (b.win_start_s - b.win_start_s % 3600)::text AS hour_s, count(*)::text AS blocks,
      count(DISTINCT b.win_start_s)::text AS windows, sum(b.measured)::text AS measured, sum(b.sum_ppm)::text AS sum_ppm,
      encode(sha256(convert_to('hour/1' || E'\n' || string_agg(
        b.allocation_id || ' ' || b.win_start_s || ' ' || b.rev || ' ' || b.digest, E'\n'
        ORDER BY (b.allocation_id || ' ' || b.win_start_s || ' ' || b.rev || ' ' || b.digest) COLLATE "C"
      ), 'UTF8')), 'hex') AS digest
    FROM unnest(${ids}::text[], ${froms}::bigint[], ${tos}::bigint[]) WITH ORDINALITY AS s(allocation_id, from_s, to_s, part)
    JOIN usage_block b ON b.org_id = ${orgId} AND b.allocation_id = s.allocation_id AND b.win_start_s >= s.from_s
      AND b.win_start_s < s.to_s
    WHERE b.batch_seq <= ${batchSeq}::bigint AND b.arrived_s <= ${arrivedS}::bigint
    GROUP BY s.part, 2`;
}

/** A minute of a stretch (by its place), to be merged second by second. */
interface Minute extends Stretch {
  part: number;
}

/** Minutes that hold more than one block (revisions, conflicts). */
async function repeatedMinutes(
  sql: Sql,
  orgId: string,
  stretches: readonly (Stretch & { part: number })[],
  cutoff: Cutoff | null,
): Promise<Minute[]> {
  if (stretches.length === 0) return [];
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  const { ids, froms, tos } = columnsOf(stretches);
  const rows = await sql<{ part: number; id: string; win_start_s: string }>`
    SELECT s.part::int, b.allocation_id AS id, b.win_start_s::text
    FROM unnest(${ids}::text[], ${froms}::bigint[], ${tos}::bigint[]) WITH ORDINALITY AS s(allocation_id, from_s, to_s, part)
    JOIN usage_block b ON b.org_id = ${orgId} AND b.allocation_id = s.allocation_id AND b.win_start_s >= s.from_s
      AND b.win_start_s < s.to_s
    WHERE b.batch_seq <= ${batchSeq}::bigint AND b.arrived_s <= ${arrivedS}::bigint
    GROUP BY s.part, b.allocation_id, b.win_start_s HAVING count(*) > 1`;
  return rows.map((row) => {
    const fromS = Number(row.win_start_s);
    return { part: stretches[row.part - 1]!.part, allocationId: row.id, fromS, toS: fromS + MINUTE_S };
  });
}

interface BlockRow {
  part: number;
  win_start_s: string;
  rev: number;
  bytes: Uint8Array;
  measured: number;
  sum_ppm: string;
}

/** The blocks of some minutes by the stretch they were asked for, each once. */
async function blocksOf(
  sql: Sql,
  orgId: string,
  minutes: readonly Minute[],
  cutoff: Cutoff | null,
): Promise<Map<number, BlockRow[]>> {
  const found = new Map<number, BlockRow[]>();
  if (minutes.length === 0) return found;
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  const { ids, froms, tos } = columnsOf(minutes);
  const rows = await sql<BlockRow>`
    SELECT DISTINCT ON (m.part, b.win_start_s, b.rev, b.digest) m.part, b.win_start_s::text, b.rev, b.bytes, b.measured,
      b.sum_ppm::text
    FROM unnest(${minutes.map((m) => String(m.part))}::int[], ${ids}::text[], ${froms}::bigint[], ${tos}::bigint[])
      AS m(part, allocation_id, from_s, to_s)
    JOIN usage_block b ON b.org_id = ${orgId} AND b.allocation_id = m.allocation_id AND b.win_start_s >= m.from_s
      AND b.win_start_s < m.to_s
    WHERE b.batch_seq <= ${batchSeq}::bigint AND b.arrived_s <= ${arrivedS}::bigint`;
  for (const row of rows) {
    const own = found.get(row.part);
    if (own) own.push(row);
    else found.set(row.part, [row]);
  }
  return found;
}

function mergedOf(stretch: Span, blocks: readonly BlockRow[]): MergedSeconds {
  const merged = new MergedSeconds({ fromS: stretch.fromS, toS: stretch.toS });
  for (const block of blocks) merged.addBlock(Number(block.win_start_s), block.rev, block.bytes);
  return merged;
}

/**
 * Adds up the measured seconds of stretches exactly, in their order, without moving their evidence: whole minutes with one block are
 * summed in the database, and only the few minutes that an edge cuts or that hold several blocks are merged here.
 */
export async function rawTotals(
  sql: Sql,
  orgId: string,
  stretches: readonly Stretch[],
  cutoff: Cutoff | null,
  withDigest: boolean,
): Promise<RawTotals[]> {
  const found = stretches.map(() => ({ blocks: 0, windows: 0, measured: 0, sumPpm: 0, sealed: [] as SealedHour[] }));
  if (stretches.length === 0) return found;
  for (const row of await wholeBlocks(sql, orgId, stretches, cutoff, withDigest)) {
    const total = found[row.part - 1]!;
    const blocks = Number(row.blocks);
    total.blocks += blocks;
    total.windows += Number(row.windows);
    total.measured += Number(row.measured);
    total.sumPpm += Number(row.sum_ppm);
    const { allocationId } = stretches[row.part - 1]!;
    if (row.digest) total.sealed.push({ allocationId, hourS: Number(row.hour_s), blocks, digest: row.digest });
  }
  const placed = stretches.map((stretch, part) => ({ ...stretch, part })).filter(({ part }) => found[part]!.blocks > 0);
  const cut = placed.flatMap(({ part, allocationId, fromS, toS }) =>
    [fromS, toS]
      .filter((second) => second % MINUTE_S !== 0)
      .map((second) => ({ part, allocationId, fromS: minuteOf(second), toS: minuteOf(second) + MINUTE_S })),
  );
  const repeating = placed.filter(({ part }) => found[part]!.blocks !== found[part]!.windows);
  const minutes = [...cut, ...(await repeatedMinutes(sql, orgId, repeating, cutoff))];
  for (const [part, blocks] of await blocksOf(sql, orgId, minutes, cutoff)) {
    const stretch = stretches[part]!;
    const total = found[part]!;
    const exact = sumSeconds(mergedOf(stretch, blocks), stretch, 0);
    total.measured += exact.measuredSeconds - blocks.reduce((sum, block) => sum + block.measured, 0);
    total.sumPpm += exact.sumPpm - blocks.reduce((sum, block) => sum + Number(block.sum_ppm), 0);
  }
  return found;
}

/** Measured seconds and their sum inside spans of stretches (by place), to be taken off what whole stretches add up to. */
export async function countInside(
  sql: Sql,
  orgId: string,
  spans: readonly (Stretch & { part: number })[],
  cutoff: Cutoff | null,
): Promise<Map<number, { measured: number; sumPpm: number }>> {
  const blocks = await blocksOf(sql, orgId, spans, cutoff);
  const found = new Map<number, { measured: number; sumPpm: number }>();
  for (const [part, own] of blocks) {
    const merged = mergedOf({ fromS: -Infinity, toS: Infinity }, own);
    const sums = spans.filter((span) => span.part === part).map((span) => sumSeconds(merged, span, 0));
    found.set(part, {
      measured: sums.reduce((total, { measuredSeconds }) => total + measuredSeconds, 0),
      sumPpm: sums.reduce((total, { sumPpm }) => total + sumPpm, 0),
    });
  }
  return found;
}
