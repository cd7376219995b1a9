import type { Span } from '@suanxiang/domain/calendar';
import { add, compare, min, type Rational, rational, sub, sum, ZERO } from '@suanxiang/domain/rational';
import { segmentOf, sumLine } from './lines';
import type { AllocationUsage, Piece } from './pieces';
import { byStartThenId } from './reservations';
import type { Pricing, RatedLine, Segment, TierBand } from './types';

type Tiered = Extract<Pricing, { bands: readonly TierBand[] }>;

const PPM = 1_000_000n;

/** Upper end of a band as a quantity (GPU x ppm x seconds), or null when it has none. The last band never ends. */
function limitOf(bands: readonly TierBand[], band: number): Rational | null {
  const upTo = bands[band]?.upToGpuSeconds ?? null;
  return upTo === null || band >= bands.length - 1 ? null : rational(upTo * PPM);
}

/** The band in which a quantity ends (up_to is inclusive). */
function bandEndingAt(bands: readonly TierBand[], qty: Rational): number {
  for (let band = 0; ; band += 1) {
    const limit = limitOf(bands, band);
    if (!limit || compare(qty, limit) <= 0) return band;
  }
}

export function tieredPricing(piece: Piece): Tiered | null {
  const pricing = piece.row?.pricing;
  return pricing && pricing.model !== 'flat' ? pricing : null;
}

/** Splits a piece over the bands that it passes through when `before` has been used already. */
function graduatedSegments(piece: Piece, bands: readonly TierBand[], before: Rational, exponent: number): Segment[] {
  const segments: Segment[] = [];
  let used = before;
  let left = piece.qty;
  for (let band = 0; ; band += 1) {
    const limit = limitOf(bands, band);
    if (limit && compare(used, limit) >= 0) continue;
    const part = limit ? min(left, sub(limit, used)) : left;
    segments.push(segmentOf(piece, part, bands[band]!.microPerGpuHour, band, exponent));
    used = add(used, part);
    left = sub(left, part);
    if (left.num === 0n) break;
  }
  // The seconds of a piece count once, in the first band it touches.
  return segments.map((segment, index) =>
    index === 0 ? segment : { ...segment, billedSeconds: 0, measuredSeconds: 0 },
  );
}

/**
 * The one line of a tiered SKU over all its allocations in a period (S8). Graduated: quantity fills the bands in time
 * order, epoch by epoch (an epoch ends where another price row comes into force or the caller cuts), inside an epoch by
 * (allocation start, id); with one row the order changes nothing but which segment stands in which band. Volume: every
 * piece at its row's band in which the whole quantity ends.
 */
export function tieredLine(
  sku: string,
  usages: readonly AllocationUsage[],
  epochStartsS: readonly number[],
  period: Span,
  exponent: number,
): RatedLine {
  const starts = [...epochStartsS].sort((a, b) => a - b);
  const epochOf = (second: number) => starts.filter((start) => start <= second).length;
  const ordered = [...usages].sort((a, b) => byStartThenId(a.term, b.term));
  const pieces = ordered
    .flatMap((usage) => usage.pieces.filter(tieredPricing))
    .map((piece) => ({ piece, epoch: epochOf(piece.fromS) }))
    .sort((a, b) => a.epoch - b.epoch)
    .map(({ piece }) => piece);
  const whole = sum(pieces.map((piece) => piece.qty));
  let used = ZERO;
  const segments: Segment[] = [];
  for (const piece of pieces) {
    const { model, bands } = tieredPricing(piece)!;
    if (model === 'graduated') segments.push(...graduatedSegments(piece, bands, used, exponent));
    else {
      const band = bandEndingAt(bands, whole);
      segments.push(segmentOf(piece, piece.qty, bands[band]!.microPerGpuHour, band, exponent));
    }
    used = add(used, piece.qty);
  }
  const head = { key: `tiered:${sku}`, kind: 'tiered' as const, sku, allocationId: null, ...period };
  return sumLine(head, ordered, segments);
}

/** Quantities at which the price of a volume SKU changes: its total cost may fall when one is passed. */
export function volumeLimits(pricings: readonly Pricing[]): Rational[] {
  return pricings.flatMap((pricing) => {
    if (pricing.model !== 'volume') return [];
    return pricing.bands.flatMap((_, band) => limitOf(pricing.bands, band) ?? []);
  });
}
