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
import { rawSums } from './raw-sums';
import { type Stretch, usableHours } from './usable-hours';

/** What the rater will be asked: its cuts decide over which stretches samples may be added up. */
export interface RatedInput {
  period: Span;
  untilS: number;
  prices: readonly PriceRow[];
  terms: readonly AllocationTerm[];
  cutsS: readonly number[];
}

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
 */
export async function loadUsage(
  sql: Sql,
  orgId: string,
  input: RatedInput,
  cutoff: Cutoff | null,
): Promise<Map<string, MergedSeconds | SummedUsage>> {
  const weighed = weighedStretches(input);
  const usage = new Map<string, MergedSeconds | SummedUsage>();
  for (const { term } of weighed) if (!usage.has(term.id)) usage.set(term.id, new SummedUsage());
  const delivered = weighed.filter((stretch) => stretch.delivered);
  const floors = delivered.map(({ term }) => term.floorPpm);
  const hours = await usableHours(sql, orgId, delivered, cutoff, { floors });
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
    const window = clip({ fromS: term.startS, toS: term.endS }, input.period);
    if (window) usage.set(term.id, await mergeBlocks(sql, orgId, term.id, window, cutoff));
  }
  return usage;
}
