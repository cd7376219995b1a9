'use client';
import type { Cost } from '@/api/types';
import { minorFractionText, plusTimes } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';

const SHOWN_PLACES = 4;

interface LiveCostProps {
  cost: Cost;
  /** When the answer arrived, ms of the browser's clock. */
  arrivedMs: number;
  running: boolean;
}

/**
 * The cost so far, counting on by itself between two answers of the API: exact cost at `as_of` plus whole seconds at the
 * rate. `as_of` is the organisation's own time, so only the time since the answer arrived is added.
 */
export function LiveCost({ cost, arrivedMs, running }: LiveCostProps) {
  const format = useFormat();
  const now = useNow(1000);
  const { currency } = cost.so_far;
  const seconds = running && now !== null ? Math.max(0, Math.floor((now - arrivedMs) / 1000)) : 0;
  const exact = minorFractionText(cost.exact, currency, 8);
  return format.price(plusTimes(exact, cost.per_second, seconds, SHOWN_PLACES), currency, SHOWN_PLACES, SHOWN_PLACES);
}
