import type { EntryPolicy, PlacementPolicy } from '../policy';
import type { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import type { Pool } from '../state/pool';
import type { PlacementRequest } from '../types';
import { findByClass, type Place } from './find-by-class';
import { findSlice } from './find-slice';
import { pickOf } from './pick-devices';

/** The best entry of a pool for one part of a request, or null. Deterministic: the smallest node name wins ties. */
export function findEntry(
  state: FleetView,
  pool: Pool,
  request: PlacementRequest,
  filter: RequestFilter,
  policy: PlacementPolicy,
): Place | null {
  if (request.milli !== undefined) return findSlice(state, pool, request, request.milli, filter, policy);
  const oneIsland = request.topology === 'same_island';
  return policy.kind === 'class'
    ? findByClass(state, pool, request.gpusPerNode, oneIsland, filter, policy)
    : byEntry(state, pool, request, oneIsland, filter, policy);
}

function byEntry(
  state: FleetView,
  pool: Pool,
  request: PlacementRequest,
  oneIsland: boolean,
  filter: RequestFilter,
  policy: EntryPolicy,
): Place | null {
  const { order } = state.tables;
  let best: Place | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const { nodeClass, entries } of pool.buckets) {
    const pick = pickOf(nodeClass, request.gpusPerNode, oneIsland);
    if (!pick || filter.rulesOut(nodeClass)) continue;
    for (const entry of entries) {
      if (!filter.passes(entry)) continue;
      const score = policy.score(state, entry, pick, request);
      if (best !== null && (score > bestScore || (score === bestScore && order[entry]! > order[best.entry]!))) continue;
      best = { entry, pick };
      bestScore = score;
    }
  }
  return best;
}
