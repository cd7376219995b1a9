import type { Span } from '@suanxiang/domain/calendar';
import { compare, type Rational, rational } from '@suanxiang/domain/rational';

/** Usage of a period up to a second: its exact cost in minor units, and the quantity of each volume-priced SKU. */
export interface UsageSoFar {
  exact: Rational;
  volumes: ReadonlyMap<string, Rational>;
}

/** Smallest t in (low, high] with test(t); test is false at low, true at high, and changes once between them. */
function firstTrue(low: number, high: number, test: (t: number) => boolean): number {
  let [below, above] = [low, high];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (test(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/**
 * The first second that a hard cap keeps from being billed (S15), or null: seconds of the whole account are taken in time
 * order, each is billed only if the exact running total with it is <= the cap, and the first that does not fit ends
 * billing for the period. `upTo(t)` is the usage of all seconds before t. Found by bisection: the total rises with
 * time except where a volume-priced SKU passes a limit, so those seconds are looked up first and the stretches between
 * them are searched one after the other.
 */
export function capSecond(
  period: Span,
  capMinor: bigint,
  limits: ReadonlyMap<string, readonly Rational[]>,
  upTo: (t: number) => UsageSoFar,
): number | null {
  const cap = rational(capMinor);
  const isOver = (t: number) => compare(upTo(t).exact, cap) > 0;
  const marks = new Set([period.toS]);
  const whole = upTo(period.toS).volumes;
  for (const [sku, skuLimits] of limits) {
    for (const limit of skuLimits) {
      const isPassed = (volumes: UsageSoFar['volumes']) => compare(volumes.get(sku) ?? rational(0n), limit) > 0;
      if (!isPassed(whole)) continue;
      const passedS = firstTrue(period.fromS, period.toS, (t) => isPassed(upTo(t).volumes));
      marks.add(passedS - 1).add(passedS);
    }
  }
  let fromS = period.fromS;
  for (const markS of [...marks].sort((a, b) => a - b)) {
    if (markS > fromS && isOver(markS)) return firstTrue(fromS, markS, isOver) - 1;
    fromS = markS;
  }
  return null;
}
