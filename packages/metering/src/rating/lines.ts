import { type Rational, roundHalfAwayFromZero, sum } from '@suanxiang/domain/rational';
import type { AllocationUsage, Piece } from './pieces';
import { costOf } from './prices';
import { secondsIn } from './spans';
import type { RatedLine, Segment } from './types';

/** A segment of a piece, or of the part `qty` of it that falls in one tier band. */
export function segmentOf(
  piece: Piece,
  qty: Rational,
  microPerGpuHour: bigint | null,
  band: number | null,
  exponent: number,
): Segment {
  return {
    kind: piece.kind,
    allocationId: piece.allocationId,
    fromS: piece.fromS,
    toS: piece.toS,
    gpus: piece.gpus,
    microPerGpuHour,
    band,
    qty,
    exact: costOf(qty, microPerGpuHour ?? 0n, exponent),
    billedSeconds: piece.billedSeconds,
    measuredSeconds: piece.measuredSeconds,
  };
}

const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** What usage and tiered lines have in common: sums over segments, rounded once. */
export function sumLine(
  head: Pick<RatedLine, 'key' | 'kind' | 'sku' | 'allocationId' | 'fromS' | 'toS'>,
  usages: readonly AllocationUsage[],
  segments: Segment[],
): RatedLine {
  const exact = sum(segments.map((segment) => segment.exact));
  const undelivered = usages.flatMap((usage) => usage.undelivered).sort((a, b) => a.fromS - b.fromS);
  const minimums = usages.filter((usage) =>
    segments.some((s) => s.kind === 'minimum' && s.allocationId === usage.term.id),
  );
  const unpriced = segments.filter((segment) => segment.microPerGpuHour === null && segment.kind === 'usage');
  return {
    ...head,
    qty: sum(segments.map((segment) => segment.qty)),
    exact,
    amountMinor: roundHalfAwayFromZero(exact),
    leasedSeconds: secondsIn(usages.map((usage) => usage.window)),
    billedSeconds: total(segments.map((segment) => segment.billedSeconds)),
    measuredSeconds: total(segments.map((segment) => segment.measuredSeconds)),
    minimumSeconds: total(minimums.map((usage) => usage.minimumSeconds)),
    unpricedSeconds: secondsIn(unpriced),
    undeliveredSeconds: secondsIn(undelivered),
    undelivered,
    segments,
  };
}

/** The usage line of one allocation (S7) over its flat-priced pieces. */
export function usageLine(usage: AllocationUsage, exponent: number): RatedLine {
  const segments = usage.pieces.flatMap((piece) => {
    const pricing = piece.row?.pricing;
    if (pricing && pricing.model !== 'flat') return [];
    return [segmentOf(piece, piece.qty, pricing?.microPerGpuHour ?? null, null, exponent)];
  });
  const { id, sku } = usage.term;
  const head = { key: `usage:${id}`, kind: 'usage' as const, sku, allocationId: id, ...usage.window };
  return sumLine(head, [usage], segments);
}
