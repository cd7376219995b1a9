import type { Span } from '@suanxiang/domain/calendar';
import { splitByLargestRemainder } from '@suanxiang/domain/money';
import { sum } from '@suanxiang/domain/rational';
import { cutAt } from './spans';
import type { RatedLine } from './types';

export interface Credit {
  id: string;
  /** promo: before tax, for usage inside [effectiveS, expiresS); paid: a means of payment, after tax. */
  kind: 'promo' | 'paid';
  priority: number;
  effectiveS: number | null;
  expiresS: number | null;
  grantedS: number | null;
  remainingMinor: bigint;
}

/** Minor units taken from credits, by credit id; only amounts above 0. */
export type Burnt = Map<string, bigint>;

/** Order in which credits burn (S12): promo before paid, priority, expiry (none last), grant, id. */
export function burnOrder(a: Credit, b: Credit): number {
  return (
    Number(a.kind === 'paid') - Number(b.kind === 'paid') ||
    a.priority - b.priority ||
    compareOrInfinite(a.expiresS, b.expiresS) ||
    (a.grantedS ?? 0) - (b.grantedS ?? 0) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

function compareOrInfinite(a: number | null, b: number | null): number {
  if (a === b) return 0;
  return (a ?? Infinity) - (b ?? Infinity);
}

/** Seconds inside a period at which a promotional credit begins or ends; rate the period with these as cutsS. */
export function promoCuts(credits: readonly Credit[], period: Span): number[] {
  const edges = credits.filter((credit) => credit.kind === 'promo').flatMap((c) => [c.effectiveS, c.expiresS]);
  return edges.filter((edge) => edge !== null).filter((edge) => edge > period.fromS && edge < period.toS);
}

/** Takes up to amountMinor from credits in the given order; `left` holds what each still has and is updated. */
function burn(amountMinor: bigint, credits: readonly Credit[], left: Map<string, bigint>, burnt: Burnt): void {
  let openMinor = amountMinor;
  for (const { id } of credits) {
    const has = left.get(id)!;
    let taken = openMinor;
    if (taken > has) taken = has;
    if (taken <= 0n) continue;
    openMinor -= taken;
    left.set(id, has - taken);
    burnt.set(id, (burnt.get(id) ?? 0n) + taken);
  }
}

/** Each line's rounded amount split over the parts of the period by the exact cost of its segments in each part. */
export function amountsByPart(lines: readonly RatedLine[], parts: readonly Span[]): bigint[] {
  const totals = parts.map(() => 0n);
  for (const line of lines.filter(({ segments }) => segments.length > 0)) {
    const weights = parts.map((part) =>
      sum(line.segments.filter((s) => s.fromS >= part.fromS && s.fromS < part.toS).map((s) => s.exact)),
    );
    splitByLargestRemainder(line.amountMinor, weights).forEach((share, index) => {
      totals[index]! += share;
    });
  }
  return totals;
}

/**
 * Promotional credits on a period (S12): the period is cut at every credit boundary, each rounded line is split over the
 * parts by largest remainder, and the parts are paid in time order by the credits valid in them. The lines must have
 * been rated with promoCuts(...) among their cutsS. A commitment's true-up has no seconds and is not covered.
 */
export function burnPromo(lines: readonly RatedLine[], period: Span, credits: readonly Credit[]): Burnt {
  const promos = credits.filter((credit) => credit.kind === 'promo').sort(burnOrder);
  const parts = cutAt(period, promoCuts(promos, period));
  const amounts = amountsByPart(lines, parts);
  const left = new Map(promos.map((credit) => [credit.id, credit.remainingMinor]));
  const burnt: Burnt = new Map();
  parts.forEach((part, index) => {
    const valid = promos.filter(
      (c) => (c.effectiveS ?? -Infinity) <= part.fromS && part.toS <= (c.expiresS ?? Infinity),
    );
    burn(amounts[index]!, valid, left, burnt);
  });
  return burnt;
}

/** Paid credits on an invoice's total after tax (S12): those that are effective when it is finalized. */
export function burnPaid(totalMinor: bigint, finalizedS: number, credits: readonly Credit[]): Burnt {
  const paid = credits.filter((c) => c.kind === 'paid' && (c.effectiveS ?? -Infinity) <= finalizedS).sort(burnOrder);
  const burnt: Burnt = new Map();
  burn(totalMinor, paid, new Map(paid.map((credit) => [credit.id, credit.remainingMinor])), burnt);
  return burnt;
}
