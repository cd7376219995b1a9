import type { Span } from '@suanxiang/domain/calendar';
import type { Rational } from '@suanxiang/domain/rational';
import type { MergedSeconds } from './merged-seconds';
import type { SummedUsage } from './summed-usage';

/**
 * What the rater reads and gives. Seconds are Unix seconds, intervals are half open, prices are micro-units (10^-6 of the
 * major unit) per GPU-hour, quantities are GPU x ppm x seconds, exact amounts are rationals in minor units.
 */
export type RatingMode = 'allocated' | 'utilization';
export type GapPolicy = 'zero' | 'hold' | 'floor';

export interface TierBand {
  /** Upper end of the band in weighted GPU-seconds, inclusive; null = no end. */
  upToGpuSeconds: bigint | null;
  microPerGpuHour: bigint;
}

export type Pricing =
  | { model: 'flat'; microPerGpuHour: bigint }
  | { model: 'graduated' | 'volume'; bands: readonly TierBand[] };

/** One row of the price book in the currency of the account; in force from max(fromS, publishedS). */
export interface PriceRow {
  sku: string;
  fromS: number;
  /** null: published before it starts. */
  publishedS: number | null;
  pricing: Pricing;
  /** Least billed seconds of an allocation that starts at this price (allocated mode); 0 = no minimum. */
  minSeconds: number;
}

export interface Undelivered extends Span {
  reason: string;
}

/** A lease and how its seconds weigh. */
export interface AllocationTerm {
  id: string;
  sku: string;
  gpusNum: bigint;
  gpusDen: bigint;
  startS: number;
  /** null while it runs. */
  endS: number | null;
  mode: RatingMode;
  floorPpm: number;
  gapPolicy: GapPolicy;
  /** Longest gap that policy `hold` fills, in seconds. */
  holdSeconds: number;
  undelivered: readonly Undelivered[];
}

export interface Reservation extends Span {
  id: string;
  sku: string;
  gpusNum: bigint;
  gpusDen: bigint;
  microPerGpuHour: bigint;
}

export interface RatingInput {
  period: Span;
  /** Digits of the currency's minor unit, 0..6. */
  exponent: number;
  prices: readonly PriceRow[];
  /** In the order in which their lines shall stand. */
  allocations: readonly AllocationTerm[];
  /** Merged samples by allocation id, or their sums; an absent one means that nothing was measured. */
  usage: ReadonlyMap<string, MergedSeconds | SummedUsage>;
  reservations?: readonly Reservation[];
  /** Least total of the period in minor units. */
  commitmentMinor?: bigint | null;
  /** Hard cap on usage in minor units. */
  spendCapMinor?: bigint | null;
  /** Rates only seconds before this one (a running period's draft); default: the period's end. */
  untilS?: number;
  /** Extra seconds at which segments are cut, for splitting lines over time (credits, days). */
  cutsS?: readonly number[];
}

/** A stretch of a line with one price, one GPU count and one band; the segments of a line add up to it. */
export interface Segment extends Span {
  /** usage: seconds of a lease; minimum: seconds added at its start (empty span); fee: a reservation. */
  kind: 'usage' | 'minimum' | 'fee';
  allocationId: string | null;
  /** GPUs that cost here, after reservations. */
  gpus: Rational;
  /** null: no price was in force, so the seconds cost nothing. */
  microPerGpuHour: bigint | null;
  /** Index of the tier band; null for a flat price. */
  band: number | null;
  qty: Rational;
  exact: Rational;
  /** Seconds with a quantity above 0. */
  billedSeconds: number;
  /** Seconds for which a sample exists. */
  measuredSeconds: number;
}

export interface RatedLine extends Span {
  /** usage:<allocation>, tiered:<sku>, reservation:<id> or commitment; unique within a period. */
  key: string;
  kind: 'usage' | 'tiered' | 'reservation' | 'commitment';
  sku: string | null;
  allocationId: string | null;
  qty: Rational;
  exact: Rational;
  /** exact, rounded once, half away from zero. */
  amountMinor: bigint;
  /** Seconds of the line's leases inside the period (a reservation's own seconds for its fee). */
  leasedSeconds: number;
  billedSeconds: number;
  measuredSeconds: number;
  /** Seconds added by a minimum charge; not part of billedSeconds. */
  minimumSeconds: number;
  /** Delivered seconds for which no price was in force. */
  unpricedSeconds: number;
  undeliveredSeconds: number;
  /** Undelivered stretches inside the period, disjoint, in time order. */
  undelivered: Undelivered[];
  segments: Segment[];
}

export interface RatedPeriod {
  period: Span;
  lines: RatedLine[];
  subtotalMinor: bigint;
  /** First second that the spend cap kept from being billed, or null. */
  capReachedS: number | null;
}
