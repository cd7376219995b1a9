import type { ClassPolicy, EntryPolicy, PlacementPolicy } from '../policy';
import type { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import type { Pool } from '../state/pool';
import type { PlacementRequest } from '../types';
import { findByClass, type Place } from './find-by-class';
import type { Pick } from './pick';

/** The best device of a pool for a slice of `milli` thousandths, or null. */
export function findSlice(
  state: FleetView,
  pool: Pool,
  request: PlacementRequest,
  milli: number,
  filter: RequestFilter,
  policy: PlacementPolicy,
): Place | null {
  if (policy.kind !== 'class') return bySlice(state, pool, request, milli, filter, policy);
  const shared = tightestShared(state, pool, milli, filter);
  if (shared && distrust(state, shared) === 0) return shared;
  const whole = brokenWhole(state, pool, milli, filter, policy);
  return !shared || (whole && distrust(state, whole) < distrust(state, shared)) ? whole : shared;
}

/** 0 for a healthy device on a trusted node; the node counts for more than the device. */
function distrust(state: FleetView, { entry, pick }: Place): number {
  return state.classOf(entry).suspicion * 2 + (pick.usesDegraded ? 1 : 0);
}

/**
 * Every slice that an entry can give of `milli`: one device of each free share, the lowest position of each; of untouched
 * devices, one of each island.
 */
export function slicesOf(state: FleetView, entry: number, milli: number): Pick[] {
  const { openCount } = state.classOf(entry);
  const picks: Pick[] = [];
  let islandsSeen = 0;
  for (let bit = 0; bit < state.size(entry); bit += 1) {
    const share = state.shareOf(entry, bit);
    if (share < milli) continue;
    const mask = (1 << bit) >>> 0;
    const degraded = state.isDegraded(entry, bit);
    if (share === 1000 && !degraded) {
      if ((islandsSeen & mask) !== 0) continue;
      for (const island of state.islandsOf(entry)) if ((island & mask) !== 0) islandsSeen |= island;
    } else if (picks.some((one) => one.slice!.left === share - milli && one.usesDegraded === degraded)) continue;
    picks.push(slicePick(bit, share, milli, degraded, openCount));
  }
  return picks;
}

function slicePick(bit: number, share: number, milli: number, degraded: boolean, openCount: number): Pick {
  return {
    mask: (1 << bit) >>> 0,
    usesDegraded: degraded,
    oneIsland: true,
    leftInIsland: 0,
    leftOnNode: share === 1000 ? openCount - 1 : openCount,
    slice: { milli, left: share - milli },
  };
}

/**
 * Of the devices in use by slices, the one that is filled tightest, on the node of the smallest name. Suspected nodes and
 * degraded devices come last, which the index does not know: it is gone through until a trusted one is found.
 */
function tightestShared(state: FleetView, pool: Pool, milli: number, filter: RequestFilter): Place | null {
  const index = state.sharesOf(pool);
  const { deviceEntry, firstDevice } = state.tables;
  let best: Place | null = null;
  let bestDistrust = Number.POSITIVE_INFINITY;
  for (let share = index.next(milli); share > 0; share = index.next(share + 1)) {
    for (const device of index.devices(share)) {
      const entry = deviceEntry[device]!;
      const bit = device - firstDevice[entry]!;
      const { suspicion, openCount } = state.classOf(entry);
      const degraded = state.isDegraded(entry, bit);
      const distrusted = suspicion * 2 + (degraded ? 1 : 0);
      if (distrusted >= bestDistrust || !filter.passes(entry)) continue;
      best = { entry, pick: slicePick(bit, share, milli, degraded, openCount) };
      bestDistrust = distrusted;
      if (distrusted === 0) return best;
    }
  }
  return best;
}

/** A whole device to be cut: the one that the policy would give to a request for one device. */
function brokenWhole(
  state: FleetView,
  pool: Pool,
  milli: number,
  filter: RequestFilter,
  policy: ClassPolicy,
): Place | null {
  const place = findByClass(state, pool, 1, false, filter, policy);
  if (place === null) return null;
  const { entry, pick } = place;
  const bit = 31 - Math.clz32(pick.mask);
  return { entry, pick: slicePick(bit, 1000, milli, pick.usesDegraded, state.classOf(entry).openCount) };
}

function bySlice(
  state: FleetView,
  pool: Pool,
  request: PlacementRequest,
  milli: number,
  filter: RequestFilter,
  policy: EntryPolicy,
): Place | null {
  const { order } = state.tables;
  let best: Place | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const entry of pool.entries) {
    const nothingFree = state.tables.partial[entry] === 0 && state.classOf(entry).openCount === 0;
    if (nothingFree || !filter.passes(entry)) continue;
    for (const pick of slicesOf(state, entry, milli)) {
      const score = policy.score(state, entry, pick, request);
      const ties = score === bestScore && best !== null && order[entry]! < order[best.entry]!;
      if (score < bestScore || ties || best === null) {
        best = { entry, pick };
        bestScore = score;
      }
    }
  }
  return best;
}
