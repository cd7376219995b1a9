import { monthAt, monthBounds } from '@suanxiang/domain/calendar';

/** A period closes this long after its end, so that late usage still finds its way in. */
export const GRACE_S = 86_400;
/** The API moves the clock at most this far at once. */
export const FARTHEST_S = 31 * 86_400;
const MARGIN_S = 60;

export interface ClockTarget {
  /** Where one step leads, Unix seconds. */
  toS: number;
  /** End of the present month in the account's zone. */
  monthEndS: number;
  /** True when that step is enough to close the month. */
  closes: boolean;
}

/** Where to move the clock so that the present month ends and its invoice is made; a long month takes two steps. */
export function closeMonthTarget(nowS: number, timeZone: string): ClockTarget {
  const monthEndS = monthBounds(monthAt(nowS, timeZone), timeZone).toS;
  const wantedS = monthEndS + GRACE_S + MARGIN_S;
  const toS = Math.min(wantedS, nowS + FARTHEST_S);
  return { toS, monthEndS, closes: toS === wantedS };
}
