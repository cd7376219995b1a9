import type { MergedSeconds } from './merged-seconds';

/** `count` one-second samples at fromS, fromS + stepS, ... (S1). */
export interface SampleGroup {
  allocationId: string;
  fromS: number;
  count: number;
  stepS: number;
  /** Anything but an integer 0..1_000_000 is quarantined. */
  utilPpm: number;
  rev: number;
  /** One arrival for all (`atS`), or each sample's own second plus a delay. */
  arrival: { atS: number } | { delayS: number };
}

export interface SampleLimits {
  futureLimitS: number;
  lateLimitS: number;
}

interface IndexRange {
  first: number;
  end: number;
}

const NONE: IndexRange = { first: 0, end: 0 };

/** Samples of a group that are valid (S2): a contiguous range of indexes, because time rises with the index. */
function validRange(group: SampleGroup, limits: SampleLimits): IndexRange {
  const { fromS, count, stepS, utilPpm, arrival } = group;
  if (!Number.isInteger(utilPpm) || utilPpm < 0 || utilPpm > 1_000_000) return NONE;
  if ('delayS' in arrival) {
    const isValid = arrival.delayS >= -limits.futureLimitS && arrival.delayS <= limits.lateLimitS;
    return isValid ? { first: 0, end: count } : NONE;
  }
  const first = Math.max(0, Math.ceil((arrival.atS - limits.lateLimitS - fromS) / stepS));
  const end = Math.min(count, Math.floor((arrival.atS + limits.futureLimitS - fromS) / stepS) + 1);
  return first < end ? { first, end } : NONE;
}

/** How many samples of a group are quarantined (S2). */
export function quarantinedCount(group: SampleGroup, limits: SampleLimits): number {
  const { first, end } = validRange(group, limits);
  return group.count - (end - first);
}

/** Merges the valid samples of a group that arrived at or before cutoffS. */
export function addSamples(store: MergedSeconds, group: SampleGroup, limits: SampleLimits, cutoffS: number): void {
  const { first, end } = validRange(group, limits);
  const { fromS, stepS, arrival } = group;
  const arrived =
    'delayS' in arrival
      ? Math.floor((cutoffS - arrival.delayS - fromS) / stepS) + 1
      : arrival.atS <= cutoffS
        ? group.count
        : 0;
  const count = Math.min(end, arrived) - first;
  if (count > 0) store.addRun(fromS + first * stepS, count, stepS, group.utilPpm, group.rev);
}
