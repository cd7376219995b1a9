import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import type { Cutoff } from '../ingest/cutoff';
import { digestOfHours } from '../rating/canonical';
import { clip } from '../rating/spans';
import { countInside, type RawTotals, rawTotals } from './raw-sums';
import { type HourTotals, type Stretch, usableHours } from './usable-hours';

/** A stretch of a lease whose evidence is counted. */
export interface CountedStretch extends Stretch {
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

/**
 * Counts and seals the evidence of leases exactly: by the hours that have been added up where these hold just what the cutoff may see,
 * by the blocks where not; whatever hours there are, the result is that of the blocks. An allocation appears at most once in
 * `stretches`.
 */
export async function countBlocks(
  sql: Sql,
  orgId: string,
  stretches: readonly CountedStretch[],
  options: { cutoff?: Cutoff | null; withDigest?: boolean } = {},
): Promise<Map<string, BlockCounts>> {
  const { cutoff = null, withDigest = false } = options;
  return countBlocksOf(sql, [{ orgId, stretches, cutoff }], withDigest);
}

/** What of an organisation is counted. */
export interface CountRequest {
  orgId: string;
  stretches: readonly CountedStretch[];
  cutoff: Cutoff | null;
}

/** The same of some organisations, whose hours are read together. */
export async function countBlocksOf(
  sql: Sql,
  requests: readonly CountRequest[],
  withDigest: boolean,
): Promise<Map<string, BlockCounts>> {
  const counted = requests.map(({ stretches }) => stretches.filter(({ fromS, toS }) => fromS < toS));
  const asked = requests.flatMap(({ orgId, cutoff }, place) =>
    counted[place]!.map(({ allocationId, fromS, toS }) => ({ orgId, cutoff, allocationId, fromS, toS })),
  );
  const hours = await usableHours(sql, asked, { withDigest });
  const found = new Map<string, BlockCounts>();
  let first = 0;
  for (const [place, { orgId, stretches, cutoff }] of requests.entries()) {
    const own = counted[place]!;
    const ownHours = hours.slice(first, first + own.length);
    first += own.length;
    const none = { blocks: 0, measured: 0, sumPpm: 0, digest: withDigest ? digestOfHours([]) : null };
    for (const { allocationId } of stretches) found.set(allocationId, none);
    for (const entry of await exactCounts(sql, orgId, own, ownHours, { cutoff, withDigest })) found.set(...entry);
  }
  return found;
}

/** What hours hold, made whole from the blocks where they do not hold all, less what was undelivered. */
async function exactCounts(
  sql: Sql,
  orgId: string,
  counted: readonly CountedStretch[],
  hours: readonly HourTotals[],
  { cutoff, withDigest }: { cutoff: Cutoff | null; withDigest: boolean },
): Promise<[string, BlockCounts][]> {
  const open = hours.flatMap((totals, part) =>
    totals.open.map((span) => ({ ...span, part, allocationId: counted[part]!.allocationId })),
  );
  const raw = await rawTotals(sql, orgId, open, cutoff, withDigest);
  const rawByPart = new Map<number, RawTotals[]>();
  open.forEach(({ part }, index) => {
    rawByPart.set(part, [...(rawByPart.get(part) ?? []), raw[index]!]);
  });
  const gaps = counted.flatMap(({ allocationId, undelivered, ...span }, part) =>
    undelivered.flatMap((gap) => {
      const own = clip(gap, span);
      return own ? [{ ...own, part, allocationId }] : [];
    }),
  );
  const lost = await countInside(sql, orgId, gaps, cutoff);
  return counted.map(({ allocationId }, part): [string, BlockCounts] => {
    const totals = hours[part]!;
    const parts = rawByPart.get(part) ?? [];
    const gone = lost.get(part) ?? { measured: 0, sumPpm: 0 };
    const sum = (of: (raw: RawTotals) => number) => parts.reduce((total, one) => total + of(one), 0);
    const sealed = [...totals.sealed, ...parts.flatMap((one) => one.sealed)];
    const counts = {
      blocks: totals.blocks + sum((one) => one.blocks),
      measured: totals.measured + sum((one) => one.measured) - gone.measured,
      sumPpm: totals.sumPpm + sum((one) => one.sumPpm) - gone.sumPpm,
      digest: withDigest ? (totals.digest ?? digestOfHours(sealed)) : null,
    };
    return [allocationId, counts];
  });
}
