import type { Span } from '@suanxiang/domain/calendar';
import { roundHalfAwayFromZero, sum } from '@suanxiang/domain/rational';
import { clip, secondsIn, undeliveredIn } from './spans';
import type { AllocationTerm, RatedLine, Segment } from './types';

const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** Seconds that a minimum charge stands for. */
function minimumSeconds({ kind, qty, gpus }: Segment): number {
  if (kind !== 'minimum' || gpus.num === 0n) return 0;
  return Number((qty.num * gpus.den) / (qty.den * gpus.num * 1_000_000n));
}

/**
 * What each lease has of rated lines, the tiered ones taken apart by their segments: for reports, which tell by lease what an invoice
 * tells by SKU. Exact amounts add up to those of the lines; each is rounded for itself. The lines must have been rated with a cut at
 * span.fromS.
 */
export function sharesOf(lines: readonly RatedLine[], terms: readonly AllocationTerm[], span: Span): RatedLine[] {
  const byLease = new Map<string, Segment[]>();
  for (const segment of lines.flatMap((line) => line.segments)) {
    if (segment.allocationId === null || segment.fromS < span.fromS || segment.fromS >= span.toS) continue;
    const own = byLease.get(segment.allocationId) ?? [];
    byLease.set(segment.allocationId, own);
    own.push(segment);
  }
  return terms.flatMap((term): RatedLine[] => {
    const window = clip({ fromS: term.startS, toS: term.endS }, span);
    if (!window) return [];
    const segments = byLease.get(term.id) ?? [];
    const exact = sum(segments.map((segment) => segment.exact));
    const undelivered = undeliveredIn(term.undelivered, window);
    const unpriced = segments.filter(({ kind, microPerGpuHour }) => kind === 'usage' && microPerGpuHour === null);
    const head = { key: `usage:${term.id}`, kind: 'usage' as const, sku: term.sku, allocationId: term.id };
    return [
      {
        ...window,
        ...head,
        qty: sum(segments.map((segment) => segment.qty)),
        exact,
        amountMinor: roundHalfAwayFromZero(exact),
        leasedSeconds: window.toS - window.fromS,
        billedSeconds: total(segments.map((segment) => segment.billedSeconds)),
        measuredSeconds: total(segments.map((segment) => segment.measuredSeconds)),
        minimumSeconds: total(segments.map(minimumSeconds)),
        unpricedSeconds: secondsIn(unpriced),
        undeliveredSeconds: secondsIn(undelivered),
        undelivered,
        segments,
      },
    ];
  });
}
