import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import type { Cutoff } from '../ingest/cutoff';
import { blocksDigest } from '../rating/canonical';
import { MergedSeconds } from '../rating/merged-seconds';
import { cutAt } from '../rating/spans';
import { cutoffBounds, minuteOf } from './load-samples';
import { hourTotals } from './usage-hours';

/** A stretch of a lease whose evidence is counted. */
export interface CountedStretch extends Span {
  allocationId: string;
  /** Disjoint and in time order; their seconds are not counted. */
  undelivered: readonly Span[];
}

export interface BlockCounts {
  /** Blocks that touch the stretch, of every revision. */
  blocks: number;
  /** Delivered seconds of the stretch for which a sample exists. */
  measured: number;
  /** Sum of their utilization in ppm. */
  sumPpm: number;
  /** Digest of the blocks (rating/canonical blocksDigest), or null when it was not asked for. */
  digest: string | null;
}

const NOTHING_DIGEST = blocksDigest([]);
const MINUTE_S = 60;

interface Total {
  blocks: number;
  windows: number;
  measured: number;
  sumPpm: number;
  digest: string | null;
}

/** Where no digest is asked for, the hours that have been added up already do. */
async function byHours(
  sql: Sql,
  orgId: string,
  stretches: readonly CountedStretch[],
  cutoff: Cutoff | null,
): Promise<Map<string, Total>> {
  const rows = await hourTotals(sql, orgId, stretches, cutoff);
  return new Map(
    rows.map((row) => {
      const [blocks, windows, measured, sumPpm] = [row.blocks, row.windows, row.measured, row.sum_ppm].map(Number);
      return [row.id, { blocks, windows, measured, sumPpm, digest: null } as Total];
    }),
  );
}

/** Adds up whole blocks inside the database: no block leaves it. */
async function totals(
  sql: Sql,
  orgId: string,
  stretches: readonly CountedStretch[],
  cutoff: Cutoff | null,
  withDigest: boolean,
): Promise<Map<string, Total>> {
  if (!withDigest) return byHours(sql, orgId, stretches, cutoff);
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  const rows = await sql<
    Record<'id' | 'blocks' | 'windows' | 'measured' | 'sum_ppm', string> & { digest: string | null }
  >`
    WITH hour AS (
      SELECT b.allocation_id AS id, b.win_start_s - b.win_start_s % 3600 AS hour_s, count(*) AS blocks,
        count(DISTINCT b.win_start_s) AS windows, sum(b.measured) AS measured, sum(b.sum_ppm) AS sum_ppm,
        sha256(convert_to('hour/1' || E'\n' || string_agg(
          b.allocation_id || ' ' || b.win_start_s || ' ' || b.rev || ' ' || b.digest, E'\n'
          ORDER BY (b.allocation_id || ' ' || b.win_start_s || ' ' || b.rev || ' ' || b.digest) COLLATE "C"
        ), 'UTF8')) AS digest
      FROM unnest(${stretches.map((s) => s.allocationId)}::text[], ${stretches.map((s) => String(minuteOf(s.fromS)))}::bigint[],
        ${stretches.map((s) => String(s.toS))}::bigint[]) AS s(allocation_id, from_s, to_s)
      JOIN usage_block b ON b.org_id = ${orgId} AND b.allocation_id = s.allocation_id AND b.win_start_s >= s.from_s
        AND b.win_start_s < s.to_s
      WHERE b.batch_seq <= ${batchSeq}::bigint AND b.arrived_s <= ${arrivedS}::bigint
      GROUP BY 1, 2)
    SELECT id, sum(blocks)::text AS blocks, sum(windows)::text AS windows, sum(measured)::text AS measured,
      sum(sum_ppm)::text AS sum_ppm, encode(sha256(convert_to('blocks/2' || E'\n' || string_agg(
        id || ' ' || hour_s || ' ' || blocks || ' ' || encode(digest, 'hex'), E'\n' ORDER BY hour_s), 'UTF8')), 'hex') AS digest
    FROM hour GROUP BY id`;
  return new Map(
    rows.map((row) => [
      row.id,
      {
        blocks: Number(row.blocks),
        windows: Number(row.windows),
        measured: Number(row.measured),
        sumPpm: Number(row.sum_ppm),
        digest: row.digest,
      },
    ]),
  );
}

/** Minutes of which a total would count too much: those that the stretch or an undelivered one cuts. */
function cutMinutes(stretch: CountedStretch): Span[] {
  const minute = (second: number): Span => ({ fromS: minuteOf(second), toS: minuteOf(second) + MINUTE_S });
  const edges = [stretch.fromS, stretch.toS].filter((second) => second % MINUTE_S !== 0).map(minute);
  const gaps = stretch.undelivered.map(({ fromS, toS }) => ({ fromS: minuteOf(fromS), toS }));
  return [...edges, ...gaps];
}

/** Minutes that hold more than one block (revisions, conflicts). */
async function repeatedMinutes(
  sql: Sql,
  orgId: string,
  stretches: readonly CountedStretch[],
  cutoff: Cutoff | null,
): Promise<(Span & { allocationId: string })[]> {
  if (stretches.length === 0) return [];
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  const rows = await sql<{ id: string; win_start_s: string }>`
    SELECT b.allocation_id AS id, b.win_start_s::text
    FROM unnest(${stretches.map((s) => s.allocationId)}::text[], ${stretches.map((s) => String(minuteOf(s.fromS)))}::bigint[],
      ${stretches.map((s) => String(s.toS))}::bigint[]) AS s(allocation_id, from_s, to_s)
    JOIN usage_block b ON b.org_id = ${orgId} AND b.allocation_id = s.allocation_id AND b.win_start_s >= s.from_s
      AND b.win_start_s < s.to_s
    WHERE b.batch_seq <= ${batchSeq}::bigint AND b.arrived_s <= ${arrivedS}::bigint
    GROUP BY b.allocation_id, b.win_start_s HAVING count(*) > 1`;
  return rows.map((row) => {
    const fromS = Number(row.win_start_s);
    return { allocationId: row.id, fromS, toS: fromS + MINUTE_S };
  });
}

interface BlockRow {
  id: string;
  win_start_s: string;
  rev: number;
  bytes: Uint8Array;
  measured: number;
  sum_ppm: string;
}

/** Reads the blocks of some minutes, each once. */
async function blocksOf(
  sql: Sql,
  orgId: string,
  minutes: readonly (Span & { allocationId: string })[],
  cutoff: Cutoff | null,
): Promise<BlockRow[]> {
  if (minutes.length === 0) return [];
  const { batchSeq, arrivedS } = cutoffBounds(cutoff);
  return sql<BlockRow>`
    SELECT DISTINCT ON (b.allocation_id, b.win_start_s, b.rev, b.digest) b.allocation_id AS id, b.win_start_s::text, b.rev,
      b.bytes, b.measured, b.sum_ppm::text
    FROM unnest(${minutes.map((m) => m.allocationId)}::text[], ${minutes.map((m) => String(m.fromS))}::bigint[],
      ${minutes.map((m) => String(m.toS))}::bigint[]) AS m(allocation_id, from_s, to_s)
    JOIN usage_block b ON b.org_id = ${orgId} AND b.allocation_id = m.allocation_id AND b.win_start_s >= m.from_s
      AND b.win_start_s < m.to_s
    WHERE b.batch_seq <= ${batchSeq}::bigint AND b.arrived_s <= ${arrivedS}::bigint`;
}

/** Measured seconds and their sum in the delivered parts of a stretch, of the merged blocks of some minutes. */
function countMerged(stretch: CountedStretch, blocks: readonly BlockRow[]): { measured: number; sumPpm: number } {
  const merged = new MergedSeconds({ fromS: stretch.fromS, toS: stretch.toS });
  for (const block of blocks) merged.addBlock(Number(block.win_start_s), block.rev, block.bytes);
  let measured = 0;
  let sumPpm = 0;
  const edges = stretch.undelivered.flatMap(({ fromS, toS }) => [fromS, toS]);
  for (const span of cutAt(stretch, edges)) {
    if (stretch.undelivered.some((gap) => gap.fromS <= span.fromS && span.fromS < gap.toS)) continue;
    merged.visit(span, (values, _baseS, begin, end) => {
      for (let i = begin; values && i < end; i += 1) {
        if (values[i]! < 0) continue;
        measured += 1;
        sumPpm += values[i]!;
      }
    });
  }
  return { measured, sumPpm };
}

/**
 * Counts the measured seconds of leases exactly, without moving their evidence: whole minutes with one block are summed in
 * the database, and only the few minutes that an edge cuts or that hold several blocks are merged here. An allocation
 * appears at most once in `stretches`.
 */
export async function countBlocks(
  sql: Sql,
  orgId: string,
  stretches: readonly CountedStretch[],
  options: { cutoff?: Cutoff | null; withDigest?: boolean } = {},
): Promise<Map<string, BlockCounts>> {
  const cutoff = options.cutoff ?? null;
  const withDigest = options.withDigest ?? false;
  const empty: BlockCounts = { blocks: 0, measured: 0, sumPpm: 0, digest: withDigest ? NOTHING_DIGEST : null };
  if (stretches.length === 0) return new Map();
  const whole = await totals(sql, orgId, stretches, cutoff, withDigest);
  const seen = stretches.filter((stretch) => whole.has(stretch.allocationId));
  const repeating = seen.filter(({ allocationId: id }) => whole.get(id)!.blocks !== whole.get(id)!.windows);
  const minutes = [
    ...seen.flatMap((stretch) => cutMinutes(stretch).map((m) => ({ ...m, allocationId: stretch.allocationId }))),
    ...(await repeatedMinutes(sql, orgId, repeating, cutoff)),
  ];
  const special = new Map<string, BlockRow[]>();
  for (const block of await blocksOf(sql, orgId, minutes, cutoff)) {
    const own = special.get(block.id);
    if (own) own.push(block);
    else special.set(block.id, [block]);
  }
  return new Map(
    stretches.map((stretch) => {
      const total = whole.get(stretch.allocationId);
      if (!total) return [stretch.allocationId, empty];
      const blocks = special.get(stretch.allocationId) ?? [];
      const exact = countMerged(stretch, blocks);
      const replaced = blocks.reduce((sum, b) => ({ m: sum.m + b.measured, p: sum.p + Number(b.sum_ppm) }), {
        m: 0,
        p: 0,
      });
      return [
        stretch.allocationId,
        {
          blocks: total.blocks,
          measured: total.measured - replaced.m + exact.measured,
          sumPpm: total.sumPpm - replaced.p + exact.sumPpm,
          digest: total.digest,
        },
      ];
    }),
  );
}
