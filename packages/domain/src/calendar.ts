/**
 * Time for billing: integer Unix seconds, half-open intervals, and periods that are local midnight to local midnight in
 * an IANA zone. Zone rules come from Intl, so two machines agree when their tzdb versions do (stored with each period).
 */
export interface Span {
  /** First second (Unix seconds). */
  fromS: number;
  /** First second after the span. */
  toS: number;
}

const HOUR_S = 3600;
/** More than any offset from UTC that the tz database knows (Manila's local mean time was -15:56). */
const WIDEST_OFFSET_S = 16 * HOUR_S;

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

function civilToUnixS(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime() / 1000;
}

function isCivilDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/**
 * Reads RFC 3339 text as integer Unix seconds: a fraction is floored and second 60 is read as 59 (leap seconds do not
 * exist for billing). Throws RangeError when the text is not a valid date and time with Z or an offset.
 */
export function parseTimestamp(text: string): number {
  const match = RFC3339.exec(text);
  const field = (index: number) => Number(match?.[index] ?? 0);
  const [hour, minute, second] = [field(4), field(5), field(6)];
  const isClock = hour <= 23 && minute <= 59 && second <= 60 && field(8) <= 23 && field(9) <= 59;
  if (!match || !isClock || !isCivilDate(field(1), field(2), field(3))) {
    throw new RangeError(`"${text}" is not an RFC 3339 time like 2026-10-05T10:00:00Z`);
  }
  const offsetS = (field(8) * HOUR_S + field(9) * 60) * (match[7] === '-' ? -1 : 1);
  return civilToUnixS(field(1), field(2), field(3), hour, minute, Math.min(second, 59)) - offsetS;
}

/** Unix seconds as RFC 3339 UTC without a fraction. Throws RangeError outside the years 0000 to 9999. */
export function formatTimestamp(unixS: number): string {
  if (!Number.isInteger(unixS) || unixS < -62_167_219_200 || unixS > 253_402_300_799) {
    throw new RangeError(`${unixS} is not a whole Unix second of the years 0000 to 9999`);
  }
  return `${new Date(unixS * 1000).toISOString().slice(0, 19)}Z`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  if (!/^[A-Za-z]/.test(timeZone)) throw new RangeError(`"${timeZone}" is not an IANA time zone like Asia/Shanghai`);
  try {
    const made = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, made);
    return made;
  } catch {
    throw new RangeError(`"${timeZone}" is not an IANA time zone like Asia/Shanghai`);
  }
}

/** True when Intl knows the zone by this IANA name. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatterOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The wall clock of a zone at an instant, written as the Unix second that UTC would show for it. */
function localClockS(unixS: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(unixS * 1000)) part[type] = Number(value);
  return civilToUnixS(part.year!, part.month!, part.day!, part.hour!, part.minute!, part.second!);
}

/** Offset from UTC in seconds (east is positive) of a zone at an instant. */
export function utcOffsetS(unixS: number, timeZone: string): number {
  return localClockS(unixS, timeZone) - unixS;
}

/** First second in (lowS, highS] with the offset of highS, given one change between them. */
function transitionS(lowS: number, highS: number, timeZone: string): number {
  const before = utcOffsetS(lowS, timeZone);
  let [low, high] = [lowS, highS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (utcOffsetS(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** Midnights that were looked for before: a month end asks for the same few thousands of times, and each costs some 30 looks. */
const midnights = new Map<string, number>();
const MOST_MIDNIGHTS = 5_000;

function startOfLocalDayS(clockS: number, timeZone: string): number {
  const key = `${clockS} ${timeZone}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  const foundS = findStartOfLocalDayS(clockS, timeZone);
  if (midnights.size >= MOST_MIDNIGHTS) midnights.clear();
  midnights.set(key, foundS);
  return foundS;
}

/**
 * The first instant at which the zone's wall clock shows midnight of a date or later. Where midnight does not exist
 * (a gap) that is the transition itself; where it exists twice it is the earlier one. Algorithm: list the stretches of
 * constant offset around the date and take the first that reaches the wanted wall clock.
 */
function findStartOfLocalDayS(clockS: number, timeZone: string): number {
  let fromS = clockS - WIDEST_OFFSET_S;
  let offsetS = utcOffsetS(fromS, timeZone);
  for (let hourS = fromS; hourS < clockS + WIDEST_OFFSET_S; hourS += HOUR_S) {
    const nextOffsetS = utcOffsetS(hourS + HOUR_S, timeZone);
    if (nextOffsetS === offsetS) continue;
    const changeS = transitionS(hourS, hourS + HOUR_S, timeZone);
    const reachedS = Math.max(fromS, clockS - offsetS);
    if (reachedS < changeS) return reachedS;
    fromS = changeS;
    offsetS = nextOffsetS;
  }
  return Math.max(fromS, clockS - offsetS);
}

function parseMonth(month: string): { year: number; month: number } {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  const year = Number(match?.[1]);
  if (!match || year < 1900 || year > 9998) throw new RangeError(`"${month}" is not a month like 2026-10`);
  return { year, month: Number(match[2]) };
}

/** The month `count` months after (or, negative, before) "YYYY-MM". */
export function addMonths(month: string, count: number): string {
  const parsed = parseMonth(month);
  const index = parsed.year * 12 + parsed.month - 1 + count;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** Bounds of the month "YYYY-MM" in a zone. Throws RangeError for a bad month or zone. */
export function monthBounds(month: string, timeZone: string): Span {
  const first = parseMonth(month);
  const next = parseMonth(addMonths(month, 1));
  return {
    fromS: startOfLocalDayS(civilToUnixS(first.year, first.month, 1), timeZone),
    toS: startOfLocalDayS(civilToUnixS(next.year, next.month, 1), timeZone),
  };
}

/** The month "YYYY-MM" whose bounds hold an instant. */
export function monthAt(unixS: number, timeZone: string): string {
  const month = formatTimestamp(localClockS(unixS, timeZone)).slice(0, 7);
  return unixS >= monthBounds(month, timeZone).toS ? addMonths(month, 1) : month;
}

/** Bounds of the local date "YYYY-MM-DD". A date that the zone skipped is an empty span. Throws RangeError when invalid. */
export function dayBounds(day: string, timeZone: string): Span {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  const [year, month, date] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (!match || year < 1900 || year > 9998 || !isCivilDate(year, month, date)) {
    throw new RangeError(`"${day}" is not a date like 2026-10-05`);
  }
  const clockS = civilToUnixS(year, month, date);
  return { fromS: startOfLocalDayS(clockS, timeZone), toS: startOfLocalDayS(clockS + 24 * HOUR_S, timeZone) };
}

/** The local date "YYYY-MM-DD" whose bounds hold an instant. */
export function dayAt(unixS: number, timeZone: string): string {
  const clockS = localClockS(unixS, timeZone);
  const day = formatTimestamp(clockS).slice(0, 10);
  return unixS >= dayBounds(day, timeZone).toS ? formatTimestamp(clockS + 24 * HOUR_S).slice(0, 10) : day;
}
