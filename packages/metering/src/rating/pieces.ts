import type { Span } from '@suanxiang/domain/calendar';
import { compare, type Rational, rational, ZERO } from '@suanxiang/domain/rational';
import type { MergedSeconds } from './merged-seconds';
import { type PriceTimeline, quantityOf } from './prices';
import { coverageAt, type OnDemandStep } from './reservations';
import { clip, cutAt, secondsIn, undeliveredIn } from './spans';
import type { SummedUsage } from './summed-usage';
import type { AllocationTerm, PriceRow, Undelivered } from './types';
import { weigherOf } from './weights';

/** A delivered stretch of an allocation with one price row and one on-demand GPU count, or its minimum charge. */
export interface Piece extends Span {
  kind: 'usage' | 'minimum';
  allocationId: string;
  row: PriceRow | null;
  gpus: Rational;
  qty: Rational;
  billedSeconds: number;
  measuredSeconds: number;
}

/** An allocation's part of a period, ready to be priced. */
export interface AllocationUsage {
  term: AllocationTerm;
  /** Lease inside the period, before untilS cuts it. */
  window: Span;
  undelivered: Undelivered[];
  minimumSeconds: number;
  pieces: Piece[];
}

export interface PieceContext {
  period: Span;
  /** Seconds from here on are not rated. */
  untilS: number;
  timeline: PriceTimeline;
  usage: MergedSeconds | SummedUsage | undefined;
  /** On-demand GPUs over time where reservations cover some; null: none do. */
  onDemand: readonly OnDemandStep[] | null;
  cutsS: readonly number[];
}

/**
 * Seconds that a minimum charge adds (S9): what the lease, less its undelivered seconds (S17), lacks to the minimum of
 * the price row at its start. A lease that still runs, or of which nothing was delivered, adds none: nobody pays for a
 * broken machine.
 */
export function minimumSecondsOf(term: AllocationTerm, row: PriceRow | null): number {
  if (term.mode !== 'allocated' || term.endS === null || !row) return 0;
  const lease = { fromS: term.startS, toS: term.endS };
  const delivered = lease.toS - lease.fromS - secondsIn(undeliveredIn(term.undelivered, lease));
  return delivered > 0 ? Math.max(0, row.minSeconds - delivered) : 0;
}

function minimumPiece(term: AllocationTerm, context: PieceContext, gpus: Rational): Piece | null {
  const { period, untilS, timeline } = context;
  if (term.startS < period.fromS || term.startS >= Math.min(period.toS, untilS)) return null;
  const row = timeline.at(term.startS);
  const seconds = minimumSecondsOf(term, row);
  if (seconds === 0) return null;
  // GPUs that a reservation covers in the first delivered second are paid by its fee, in the minimum too.
  const onDemand = context.onDemand?.[0]?.gpus ?? gpus;
  return {
    kind: 'minimum',
    fromS: term.startS,
    toS: term.startS,
    allocationId: term.id,
    row,
    gpus: onDemand,
    qty: quantityOf(onDemand, seconds * 1_000_000),
    billedSeconds: 0,
    measuredSeconds: 0,
  };
}

/** The stretches of an allocation's part of a period that are weighed one by one, each delivered or not as a whole. */
export function spansOf(
  term: AllocationTerm,
  context: Pick<PieceContext, 'period' | 'untilS' | 'timeline' | 'onDemand' | 'cutsS'>,
): (Span & { delivered: boolean })[] {
  const window = clip({ fromS: term.startS, toS: term.endS }, context.period);
  const rated = window && clip(window, { fromS: window.fromS, toS: context.untilS });
  if (!rated) return [];
  const undelivered = undeliveredIn(term.undelivered, window);
  const edges = undelivered.flatMap(({ fromS, toS }) => [fromS, toS]);
  const covered = context.onDemand?.map((step) => step.fromS) ?? [];
  let next = 0;
  return cutAt(rated, [...context.timeline.startsS, ...edges, ...covered, ...context.cutsS]).map((span) => {
    while (next < undelivered.length && undelivered[next]!.toS <= span.fromS) next += 1;
    return { ...span, delivered: !(next < undelivered.length && undelivered[next]!.fromS <= span.fromS) };
  });
}

/** Cuts an allocation's part of a period into pieces and weighs them (S4, S5, S17); null when they do not overlap. */
export function usageOf(term: AllocationTerm, context: PieceContext): AllocationUsage | null {
  const window = clip({ fromS: term.startS, toS: term.endS }, context.period);
  if (!window) return null;
  const gpus = rational(term.gpusNum, term.gpusDen);
  const undelivered = undeliveredIn(term.undelivered, window);
  const minimum = minimumPiece(term, context, gpus);
  const result: AllocationUsage = {
    term,
    window,
    undelivered,
    minimumSeconds: minimum ? minimumSecondsOf(term, minimum.row) : 0,
    pieces: minimum ? [minimum] : [],
  };
  const weigher = weigherOf(term, context.usage);
  for (const { delivered, ...span } of spansOf(term, context)) {
    // An undelivered stretch is weighed too, so that a gap after it can hold its last sample, and then dropped.
    const sum = weigher.weigh(span);
    if (!delivered) continue;
    const onDemand = context.onDemand ? coverageAt(context.onDemand, span.fromS) : gpus;
    result.pieces.push({
      kind: 'usage',
      ...span,
      allocationId: term.id,
      row: context.timeline.at(span.fromS),
      gpus: onDemand,
      qty: quantityOf(onDemand, sum.ppmSeconds),
      billedSeconds: compare(onDemand, ZERO) > 0 ? sum.weighedSeconds : 0,
      measuredSeconds: sum.measuredSeconds,
    });
  }
  return result;
}
