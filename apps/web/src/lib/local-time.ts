import { utcOffsetS } from '@suanxiang/domain/calendar';

/** "2026-11-30T23:59" on a zone's wall clock as Unix seconds; null while it is not a date. */
export function localToUnixS(text: string, timeZone: string): number | null {
  const asUtcMs = Date.parse(`${text}Z`);
  if (text === '' || Number.isNaN(asUtcMs)) return null;
  const asUtcS = Math.floor(asUtcMs / 1000);
  const firstGuess = asUtcS - utcOffsetS(asUtcS, timeZone);
  return asUtcS - utcOffsetS(firstGuess, timeZone);
}
