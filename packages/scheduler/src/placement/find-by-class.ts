import type { ClassPolicy } from '../policy';
import type { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import type { Bucket, Pool } from '../state/pool';
import { classScores } from './class-scores';
import type { Pick } from './pick';
import { pickOf } from './pick-devices';

/** An entry and the devices to take there. */
export interface Place {
  entry: number;
  pick: Pick;
}

/**
 * Looks at classes instead of entries: those of the best score first, and in them the entry of the best tie. With a
 * filter that turns all of those away, the classes of the next score, and so on.
 */
export function findByClass(
  state: FleetView,
  pool: Pool,
  count: number,
  oneIsland: boolean,
  filter: RequestFilter,
  policy: ClassPolicy,
): Place | null {
  const scores = classScores(state.classes, policy);
  let floor = Number.NEGATIVE_INFINITY;
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    const group: Bucket[] = [];
    for (const bucket of pool.buckets) {
      const score = scores.of(bucket.nodeClass, count, oneIsland);
      if (score > best || score <= floor || score === Number.POSITIVE_INFINITY) continue;
      if (filter.rulesOut(bucket.nodeClass)) continue;
      if (score < best) {
        best = score;
        group.length = 0;
      }
      group.push(bucket);
    }
    if (group.length === 0) return null;
    const entry = bestTie(state, group, filter, policy);
    if (entry >= 0) return { entry, pick: pickOf(state.classOf(entry), count, oneIsland)! };
    floor = best;
  }
}

/** Of the entries of some buckets that pass, the one with the lowest tie, then the smallest name; -1 when none passes. */
function bestTie(state: FleetView, group: readonly Bucket[], filter: RequestFilter, policy: ClassPolicy): number {
  const { order } = state.tables;
  let [best, bestTieValue, bestOrder] = [-1, Number.POSITIVE_INFINITY, 0];
  for (const { entries } of group) {
    for (const entry of entries) {
      const tie = policy.tie(state, entry);
      if (tie > bestTieValue || (tie === bestTieValue && order[entry]! > bestOrder)) continue;
      if (!filter.passes(entry)) continue;
      [best, bestTieValue, bestOrder] = [entry, tie, order[entry]!];
    }
  }
  return best;
}
