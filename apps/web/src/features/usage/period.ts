import { dayAt, dayBounds, formatTimestamp } from '@suanxiang/domain/calendar';

export const PERIODS = ['current', '7', '30'] as const;
export type Period = (typeof PERIODS)[number];

/** Reads the period of an address; anything unknown means the present billing period. */
export function parsePeriod(text: string | undefined): Period {
  return PERIODS.find((period) => period === text) ?? 'current';
}

/**
 * The API's query for a period: the billing period by default, else whole local days up to now. `billingNow` is the
 * organisation's own time, so that the server and the browser ask for the same days.
 */
export function usageQueryOf(
  period: Period,
  projectId: string | undefined,
  account: { billing_now: string; time_zone: string },
): { from?: string; project_id?: string } {
  const project = projectId ? { project_id: projectId } : {};
  if (period === 'current') return project;
  const nowS = Math.floor(Date.parse(account.billing_now) / 1000);
  const firstS = nowS - (Number(period) - 1) * 86_400;
  return { from: formatTimestamp(dayBounds(dayAt(firstS, account.time_zone), account.time_zone).fromS), ...project };
}

/** A local date of an address, undefined for anything else. */
export function parseDay(text: string | undefined): string | undefined {
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

/** The API's query for one local day. */
export function dayQueryOf(
  day: string,
  projectId: string | undefined,
  timeZone: string,
): { from: string; to: string; project_id?: string } {
  const { fromS, toS } = dayBounds(day, timeZone);
  return {
    from: formatTimestamp(fromS),
    to: formatTimestamp(toS),
    ...(projectId ? { project_id: projectId } : {}),
  };
}

/** The local date before or after another. */
export function neighbourDay(day: string, by: 1 | -1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
}

/** Every local date from one instant to another, ends included. */
export function datesBetween(fromS: number, toS: number, timeZone: string): string[] {
  const dates: string[] = [];
  const last = dayAt(Math.max(fromS, toS - 1), timeZone);
  let day = dayAt(fromS, timeZone);
  while (day <= last && dates.length < 400) {
    dates.push(day);
    day = dayAt(dayBounds(day, timeZone).toS, timeZone);
  }
  return dates;
}
