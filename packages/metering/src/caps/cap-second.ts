import type { Span } from '@suanxiang/domain/calendar';
import { sum } from '@suanxiang/domain/rational';
import { ratePeriod } from '../rating/rate';
import type { AllocationTerm, PriceRow } from '../rating/types';

/** What a spend cap looks at: the leases in its scope, in one period. */
export interface CappedUsage {
  period: Span;
  exponent: number;
  prices: readonly PriceRow[];
  terms: readonly AllocationTerm[];
}

/**
 * What the leases would cost in minor units if each of them ended at a second at the latest: the exact total rounded up, or what
 * the invoice would make of it line by line, whichever is more (S15 and the invoice both hold). Minimum charges of those that still run
 * are in it. Leases that are billed by utilization count in full, since what has not been measured yet may still turn out
 * so. Never falls as the second rises.
 */
export function costIfEndedAt({ period, exponent, prices, terms }: CappedUsage, atS: number): bigint {
  const allocations = terms
    .filter((term) => term.startS < atS)
    .map((term) => ({ ...term, mode: 'allocated' as const, endS: Math.min(term.endS ?? atS, atS) }));
  const { lines, subtotalMinor } = ratePeriod({ period, exponent, prices, allocations, usage: new Map() });
  const exact = sum(lines.map((line) => line.exact));
  const roundedUp = (exact.num + exact.den - 1n) / exact.den;
  return roundedUp > subtotalMinor ? roundedUp : subtotalMinor;
}

/**
 * The last second at which all leases could end without costing more than a cap, or null when they may go on until `toS`. What
 * ended before it is as it is. Costs one rating while there is room, and one for each halving of the period when there is none.
 */
export function lastSecondWithin(usage: CappedUsage, capMinor: bigint, toS: number): number | null {
  if (costIfEndedAt(usage, toS) <= capMinor) return null;
  let within = usage.period.fromS;
  let beyond = toS;
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if (costIfEndedAt(usage, middle) <= capMinor) within = middle;
    else beyond = middle;
  }
  return within;
}
