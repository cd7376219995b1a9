import { add, type Rational, sum, ZERO } from '@suanxiang/domain/rational';
import { capSecond, type UsageSoFar } from './cap';
import { commitmentLine } from './commitment';
import { usageLine } from './lines';
import { type AllocationUsage, usageOf } from './pieces';
import { type PriceTimeline, timelineOf } from './prices';
import { type OnDemandStep, reservationLine, spreadReservations } from './reservations';
import { tieredLine, volumeLimits } from './tiers';
import type { PriceRow, RatedLine, RatedPeriod, RatingInput } from './types';

/** What does not depend on how far the period is rated; made once, because a spend cap rates many times. */
interface Prepared {
  input: RatingInput;
  skus: { sku: string; timeline: PriceTimeline; rows: PriceRow[]; onDemand: Map<string, OnDemandStep[]> | null }[];
}

function prepare(input: RatingInput): Prepared {
  const skus = [...new Set(input.allocations.map((term) => term.sku))];
  return {
    input,
    skus: skus.map((sku) => {
      const terms = input.allocations.filter((term) => term.sku === sku);
      const reservations = (input.reservations ?? []).filter((reservation) => reservation.sku === sku);
      return {
        sku,
        timeline: timelineOf(input.prices, sku),
        rows: input.prices.filter((row) => row.sku === sku),
        onDemand: reservations.length > 0 ? spreadReservations(terms, reservations, input.period) : null,
      };
    }),
  };
}

/** True when some second of the allocation's window is priced by tiers, and when some is not. */
function pricingKinds({ window }: AllocationUsage, timeline: PriceTimeline): { tiered: boolean; flat: boolean } {
  const starts = timeline.startsS.filter((startS) => startS > window.fromS && startS < window.toS);
  const models = [window.fromS, ...starts].map((second) => timeline.at(second)?.pricing.model ?? 'flat');
  return { tiered: models.some((model) => model !== 'flat'), flat: models.includes('flat') };
}

/** Usage and tiered lines for the seconds before untilS: usage in the order of the allocations, then tiered by SKU. */
function rateUsage({ input, skus }: Prepared, untilS: number): RatedLine[] {
  const { period, exponent, cutsS = [] } = input;
  const bySku = new Map(skus.map((entry) => [entry.sku, { ...entry, tiered: [] as AllocationUsage[] }]));
  const lines: RatedLine[] = [];
  for (const term of input.allocations) {
    const entry = bySku.get(term.sku)!;
    const onDemand = entry.onDemand?.get(term.id) ?? null;
    const usage = usageOf(term, {
      period,
      untilS,
      timeline: entry.timeline,
      usage: input.usage.get(term.id),
      onDemand,
      cutsS,
    });
    if (!usage) continue;
    const kinds = pricingKinds(usage, entry.timeline);
    if (kinds.flat) lines.push(usageLine(usage, exponent));
    if (kinds.tiered) entry.tiered.push(usage);
  }
  for (const { sku, timeline, tiered } of bySku.values()) {
    if (tiered.length > 0) lines.push(tieredLine(sku, tiered, [...timeline.startsS, ...cutsS], period, exponent));
  }
  return lines;
}

function findCapSecond(prepared: Prepared, capMinor: bigint): number | null {
  const { period, untilS = period.toS } = prepared.input;
  const limits = new Map<string, Rational[]>();
  for (const { sku, rows } of prepared.skus) limits.set(sku, volumeLimits(rows.map((row) => row.pricing)));
  const upTo = (t: number): UsageSoFar => {
    const lines = rateUsage(prepared, t);
    const volumes = new Map<string, Rational>();
    for (const { kind, sku, qty } of lines) {
      if (kind === 'tiered') volumes.set(sku!, add(volumes.get(sku!) ?? ZERO, qty));
    }
    return { exact: sum(lines.map((line) => line.exact)), volumes };
  };
  return capSecond({ fromS: period.fromS, toS: Math.min(period.toS, untilS) }, capMinor, limits, upTo);
}

/**
 * Rates one period of one account: pure and exact (S4 to S11, S15, S17). Every second of an allocation belongs to exactly
 * one line, a line is the sum of its segments and is rounded once. Lines stand as usage in the order of the
 * allocations, tiered by SKU, reservations, commitment. Tax, credits and corrections come after (tax.ts, credits.ts,
 * corrections.ts). Cost: allocated leases by interval, utilization about 5 ns a second.
 */
export function ratePeriod(input: RatingInput): RatedPeriod {
  const prepared = prepare(input);
  const { period, exponent, cutsS = [], untilS = period.toS } = input;
  const capReachedS = input.spendCapMinor == null ? null : findCapSecond(prepared, input.spendCapMinor);
  const lines = rateUsage(prepared, Math.min(untilS, capReachedS ?? period.toS));
  for (const reservation of input.reservations ?? []) {
    const line = reservationLine(reservation, { ...period, toS: Math.min(untilS, period.toS) }, cutsS, exponent);
    if (line) lines.push(line);
  }
  if (input.commitmentMinor != null) lines.push(commitmentLine(input.commitmentMinor, lines, period));
  const subtotalMinor = lines.reduce((subtotal, line) => subtotal + line.amountMinor, 0n);
  return { period, lines, subtotalMinor, capReachedS };
}
