import { monthPeriodAt } from '@suanxiang/metering/periods';

/** First second of the local month so many months before the one that holds nowS. */
export function monthStartS(nowS: number, monthsAgo: number, timeZone: string): number {
  let { fromS } = monthPeriodAt(nowS, timeZone);
  for (let i = 0; i < monthsAgo; i += 1) ({ fromS } = monthPeriodAt(fromS - 1, timeZone));
  return fromS;
}

/** An instant of a local month by day (0-based) and hour; both zones of the demonstration keep one offset all year. */
export function instantS(monthFromS: number, day: number, hour = 0): number {
  return monthFromS + day * 86_400 + Math.round(hour * 3_600);
}
