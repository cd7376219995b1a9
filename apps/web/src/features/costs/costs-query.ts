import { parsePeriod, usageQueryOf } from '@/features/usage/period';

export const DIMENSIONS = ['project', 'workload', 'sku', 'creator', 'day', 'label'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Reads the dimension of an address; anything unknown means projects. */
export function parseDimension(text: string | undefined): Dimension {
  return DIMENSIONS.find((dimension) => dimension === text) ?? 'project';
}

/** The API's query for what an address asks for. */
export function costsQueryOf(
  search: { by?: string | undefined; label?: string | undefined; period?: string | undefined },
  account: { billing_now: string; time_zone: string },
): { by: string; from?: string } {
  const dimension = parseDimension(search.by);
  const by = dimension === 'label' ? `label:${search.label || 'team'}` : dimension;
  const { from } = usageQueryOf(parsePeriod(search.period), undefined, account);
  return { by, ...(from ? { from } : {}) };
}
