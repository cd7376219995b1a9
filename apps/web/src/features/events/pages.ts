import { localToUnixS } from '@/lib/local-time';

/** Events on one page; server and browser ask for the same. */
export const EVENTS_PAGE = 50;

export interface EventFilters {
  type?: string;
  resource?: string;
  actor?: string;
  since?: string;
  until?: string;
}

const TYPE = /^[a-z_]{1,40}\.([a-z0-9_]{1,60}|\*)$/;

/** The filters of the address as the API takes them, times by the organisation's clock; what it would refuse is left out. */
export function eventFilters(get: (name: string) => string | undefined, timeZone: string): EventFilters {
  const type = get('type')?.trim() ?? '';
  const resource = get('resource')?.trim().slice(0, 64);
  const actor = get('actor')?.trim().slice(0, 64);
  const instant = (name: string) => {
    const seconds = localToUnixS(get(name) ?? '', timeZone);
    return seconds === null ? undefined : new Date(seconds * 1000).toISOString();
  };
  const [since, until] = [instant('since'), instant('until')];
  return {
    ...(TYPE.test(type) ? { type } : {}),
    ...(resource ? { resource } : {}),
    ...(actor ? { actor } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
  };
}
