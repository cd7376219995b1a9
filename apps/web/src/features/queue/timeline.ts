import type { QueueEntry } from '@/api/types';

/** One waiting request on the time axis. Positions are shares of the axis, 0 to 1. */
export interface TimelineRow<E> {
  entry: E;
  from: number;
  likely: number;
  to: number;
  /** A promise, not a guess. */
  planned: boolean;
}

interface Timeline<E> {
  rows: TimelineRow<E>[];
  /** How long the axis is in seconds; it begins now. */
  spanS: number;
}

const MIN_SPAN_S = 600;

/**
 * Puts the requests that have an estimate on one axis from now to the latest start, soonest first. What should have begun
 * already stands at the beginning; requests without a start in sight are left to the table.
 */
export function timelineOf<E extends Pick<QueueEntry, 'estimate'>>(entries: readonly E[], nowMs: number): Timeline<E> {
  const known = entries.flatMap((entry) => {
    const { estimate } = entry;
    if (!estimate || estimate.basis === 'beyond') return [];
    const [from, likely, to] = [estimate.from_at, estimate.likely_at, estimate.to_at].map((at) =>
      Math.max(0, (Date.parse(at) - nowMs) / 1000),
    ) as [number, number, number];
    return [{ entry, from, likely, to, planned: estimate.basis === 'planned' }];
  });
  const spanS = Math.max(MIN_SPAN_S, ...known.map(({ to }) => to));
  const rows = known
    .sort((a, b) => a.likely - b.likely)
    .map((row) => ({ ...row, from: row.from / spanS, likely: row.likely / spanS, to: row.to / spanS }));
  return { rows, spanS };
}
