import type { Span } from '@suanxiang/domain/calendar';
import {
  add,
  compare,
  min,
  type Rational,
  rational,
  roundHalfAwayFromZero,
  sub,
  ZERO,
} from '@suanxiang/domain/rational';
import { costOf, quantityOf } from './prices';
import { clip, cutAt, undeliveredIn } from './spans';
import type { AllocationTerm, RatedLine, Reservation } from './types';

/** From this second on, this many GPUs of an allocation are on demand. */
export interface OnDemandStep {
  fromS: number;
  gpus: Rational;
}

/** Order in which running allocations take reserved GPUs (S10). */
export function byStartThenId(a: AllocationTerm, b: AllocationTerm): number {
  return a.startS - b.startS || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** On-demand GPUs at a second (steps ascending; the first one is at or before it). */
export function coverageAt(steps: readonly OnDemandStep[], second: number): Rational {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]!.fromS <= second) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1]?.gpus ?? ZERO;
}

/**
 * Spreads reserved GPUs of one SKU over its running allocations (S10): in each second they go to allocations in the order
 * of (start, id); what they do not cover is on demand. An undelivered second runs nothing, so it takes nothing.
 */
export function spreadReservations(
  allocations: readonly AllocationTerm[],
  reservations: readonly Reservation[],
  period: Span,
): Map<string, OnDemandStep[]> {
  const running = [...allocations].sort(byStartThenId).flatMap((term) => {
    const window = clip({ fromS: term.startS, toS: term.endS }, period);
    if (!window) return [];
    return [
      { term, window, gaps: undeliveredIn(term.undelivered, window), gpus: rational(term.gpusNum, term.gpusDen) },
    ];
  });
  const edges = [
    ...reservations.flatMap(({ fromS, toS }) => [fromS, toS]),
    ...running.flatMap(({ window, gaps }) => [window, ...gaps].flatMap(({ fromS, toS }) => [fromS, toS])),
  ];
  const steps = new Map<string, OnDemandStep[]>(running.map(({ term }) => [term.id, []]));
  const holds = (span: Span, second: number) => span.fromS <= second && second < span.toS;
  for (const { fromS } of cutAt(period, edges)) {
    let free = ZERO;
    for (const reservation of reservations) {
      if (holds(reservation, fromS)) free = add(free, rational(reservation.gpusNum, reservation.gpusDen));
    }
    for (const { term, window, gaps, gpus } of running) {
      if (!holds(window, fromS) || gaps.some((gap) => holds(gap, fromS))) continue;
      const covered = min(free, gpus);
      free = sub(free, covered);
      const own = steps.get(term.id)!;
      const onDemand = sub(gpus, covered);
      const last = own.at(-1);
      if (!last || compare(last.gpus, onDemand) !== 0) own.push({ fromS, gpus: onDemand });
    }
  }
  return steps;
}

/** The fee of a reservation for its seconds inside the period, used or not; null when it does not overlap. */
export function reservationLine(
  reservation: Reservation,
  period: Span,
  cutsS: readonly number[],
  exponent: number,
): RatedLine | null {
  const window = clip(reservation, period);
  if (!window) return null;
  const gpus = rational(reservation.gpusNum, reservation.gpusDen);
  const { microPerGpuHour } = reservation;
  const segments = cutAt(window, cutsS).map((span) => {
    const seconds = span.toS - span.fromS;
    const qty = quantityOf(gpus, seconds * 1_000_000);
    const exact = costOf(qty, microPerGpuHour, exponent);
    const shape = { kind: 'fee' as const, allocationId: null, band: null, measuredSeconds: 0 };
    return { ...shape, ...span, gpus, microPerGpuHour, qty, exact, billedSeconds: seconds };
  });
  const seconds = window.toS - window.fromS;
  const qty = quantityOf(gpus, seconds * 1_000_000);
  const exact = costOf(qty, microPerGpuHour, exponent);
  return {
    ...window,
    key: `reservation:${reservation.id}`,
    kind: 'reservation',
    sku: reservation.sku,
    allocationId: null,
    qty,
    exact,
    amountMinor: roundHalfAwayFromZero(exact),
    leasedSeconds: seconds,
    billedSeconds: seconds,
    measuredSeconds: 0,
    minimumSeconds: 0,
    unpricedSeconds: 0,
    undeliveredSeconds: 0,
    undelivered: [],
    segments,
  };
}
