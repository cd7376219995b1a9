import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import type { Cutoff } from '../ingest/cutoff';
import type { MergedSeconds } from '../rating/merged-seconds';
import { spansOf } from '../rating/pieces';
import { type PriceTimeline, timelineOf } from '../rating/prices';
import { clip } from '../rating/spans';
import { addSums, NO_SECONDS, SummedUsage } from '../rating/summed-usage';
import type { AllocationTerm, PriceRow } from '../rating/types';
import { mergeBlocks } from './load-samples';
import { rawSums } from './stretch-sums';
import { type HourTotals, type Stretch, usableHours } from './usable-hours';

/** What the rater will be asked: its cuts decide over which stretches samples may be added up. */
interface RatedInput {
  period: Span;
  untilS: number;
  prices: readonly PriceRow[];
  terms: readonly AllocationTerm[];
  cutsS: readonly number[];
}

/** Whose usage, and which blocks may be read (null: all that have arrived). */
export interface UsageRequest extends RatedInput {
  orgId: string;
  cutoff: Cutoff | null;
}

/** Samples of a lease, or their sums. */
export type Usage = MergedSeconds | SummedUsage;

interface Weighed extends Stretch {
  term: AllocationTerm;
  delivered: boolean;
}

/** The stretches that rating will weigh, of the leases that are billed by utilization. */
function weighedStretches({ period, untilS, prices, terms, cutsS }: RatedInput): Weighed[] {
  const timelines = new Map<string, PriceTimeline>();
  return terms
    .filter((term) => term.mode === 'utilization')
    .flatMap((term) => {
      const timeline = timelines.get(term.sku) ?? timelineOf(prices, term.sku);
      timelines.set(term.sku, timeline);
      const spans = spansOf(term, { period, untilS, timeline, onDemand: null, cutsS });
      return spans.map((span) => ({ ...span, allocationId: term.id, term }));
    });
}

/**
 * The samples of the leases that are billed by utilization, added up over the stretches that rating weighs: by the hours that have been
 * added up already where these hold just what the cutoff may see, by the blocks where not. A lease whose gaps are to be filled with the
 * value before them comes second by second. Leases billed by time need none: their seconds weigh the same whatever was measured.
 * In the order of the requests.
 */
export async function loadUsageOf(sql: Sql, requests: readonly UsageRequest[]): Promise<Map<string, Usage>[]> {
  const weighed = requests.map(weighedStretches);
  const delivered = weighed.map((own) => own.filter((stretch) => stretch.delivered));
  const asked = requests.flatMap(({ orgId, cutoff }, place) =>
    delivered[place]!.map(({ allocationId, fromS, toS }) => ({ orgId, cutoff, allocationId, fromS, toS })),
  );
  const floors = delivered.flatMap((own) => own.map(({ term }) => term.floorPpm));
  const hours = await usableHours(sql, asked, { floors });
  const found: Map<string, Usage>[] = [];
  let first = 0;
  for (const [place, request] of requests.entries()) {
    const until = first + delivered[place]!.length;
    found.push(await usageOf(sql, request, weighed[place]!, hours.slice(first, until)));
    first = until;
  }
  return found;
}

/** One organisation's: what its hours hold, made whole from the blocks where they do not hold all. */
async function usageOf(
  sql: Sql,
  { orgId, period, cutoff }: UsageRequest,
  weighed: readonly Weighed[],
  hours: readonly HourTotals[],
): Promise<Map<string, Usage>> {
  const usage = new Map<string, Usage>();
  for (const { term } of weighed) if (!usage.has(term.id)) usage.set(term.id, new SummedUsage());
  const delivered = weighed.filter((stretch) => stretch.delivered);
  for (const { term, ...span } of weighed.filter((stretch) => !stretch.delivered)) {
    (usage.get(term.id) as SummedUsage).add(span, NO_SECONDS);
  }
  const gappy = new Map<string, AllocationTerm>();
  for (const [index, { term, ...stretch }] of delivered.entries()) {
    const { measured: measuredSeconds, flooredPpm, weighed: weighedSeconds, open } = hours[index]!;
    let sums = { measuredSeconds, flooredPpm, weighedSeconds };
    for (const span of open) {
      const part = { allocationId: term.id, ...span };
      if (!gappy.has(term.id)) sums = addSums(sums, await rawSums(sql, orgId, part, term.floorPpm, cutoff));
    }
    (usage.get(term.id) as SummedUsage).add(stretch, sums);
    const hasGap = sums.measuredSeconds < stretch.toS - stretch.fromS;
    if (hasGap && term.gapPolicy === 'hold') gappy.set(term.id, term);
  }
  for (const term of gappy.values()) {
    const window = clip({ fromS: term.startS, toS: term.endS }, period);
    if (window) usage.set(term.id, await mergeBlocks(sql, orgId, term.id, window, cutoff));
  }
  return usage;
}
