import type { ClassPolicy, EntryPolicy, PlacementPolicy } from '../policy';
import type { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import { pickOf } from '../state/node-class';
import type { Bucket, Pool } from '../state/pool';
import { classScores } from './class-scores';
import type { Pick } from './pick-devices';

interface Place {
  entry: number;
  pick: Pick;
}

/** The best device of a pool for a slice of `milli` thousandths, or null. */
export function findSlice(
  state: FleetView,
  pool: Pool,
  milli: number,
  filter: RequestFilter,
  policy: PlacementPolicy,
): Place | null {
  if (policy.kind !== 'class') return bySlice(state, pool, milli, filter, policy);
  const shared = tightestShared(state, pool, milli, filter, policy);
  if (shared && distrust(state, shared) === 0) return shared;
  const whole = brokenWhole(state, pool, milli, filter, policy);
  return !shared || (whole && distrust(state, whole) < distrust(state, shared)) ? whole : shared;
}

/** 0 for a healthy device on a trusted node; the node counts for more than the device. */
function distrust(state: FleetView, { entry, pick }: Place): number {
  return state.classOf(entry).suspicion * 2 + (pick.usesDegraded ? 1 : 0);
}

/** Every slice that an entry can give of `milli`: one device of each free share, the lowest position of each. */
export function slicesOf(state: FleetView, entry: number, milli: number): Pick[] {
  const { openCount } = state.classOf(entry);
  const picks: Pick[] = [];
  const seen = new Set<number>();
  for (let bit = 0; bit < state.size(entry); bit += 1) {
    const share = state.shareOf(entry, bit);
    if (share < milli) continue;
    const degraded = state.isDegraded(entry, bit);
    const key = share * 2 + (degraded ? 1 : 0);
    if (share < 1000 && seen.has(key)) continue;
    seen.add(key);
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
 * Of the devices in use by slices, the one that is filled tightest on the most trusted node. Suspected nodes and degraded
 * devices come last, which the index by share does not know: shares are gone through until a trusted one is found.
 */
function tightestShared(
  state: FleetView,
  pool: Pool,
  milli: number,
  filter: RequestFilter,
  policy: ClassPolicy,
): Place | null {
  const index = state.sharesOf(pool);
  const { deviceEntry, firstDevice, order } = state.tables;
  let best: { device: number; trust: number; share: number; tie: number } | null = null;
  for (let share = index.next(milli); share > 0; share = index.next(share + 1)) {
    for (const device of index.devices(share)) {
      const entry = deviceEntry[device]!;
      const degraded = state.isDegraded(entry, device - firstDevice[entry]!) ? 1 : 0;
      const trust = state.classOf(entry).suspicion * 2 + degraded;
      if (best !== null && (trust > best.trust || (trust === best.trust && share > best.share))) continue;
      if (!filter.passes(entry)) continue;
      const tie = policy.tie(state, entry);
      const other = best === null ? -1 : deviceEntry[best.device]!;
      const better =
        best === null ||
        trust < best.trust ||
        tie < best.tie ||
        (tie === best.tie && (order[entry]! - order[other]! || device - best.device) < 0);
      if (better) best = { device, trust, share, tie };
    }
    if (best?.trust === 0) break;
  }
  if (best === null) return null;
  const entry = deviceEntry[best.device]!;
  const bit = best.device - firstDevice[entry]!;
  return { entry, pick: slicePick(bit, best.share, milli, best.trust % 2 === 1, state.classOf(entry).openCount) };
}

/** A whole device to be cut: the one that the policy would give to a request for one device. */
function brokenWhole(
  state: FleetView,
  pool: Pool,
  milli: number,
  filter: RequestFilter,
  policy: ClassPolicy,
): Place | null {
  const scores = classScores(state.classes, policy);
  const { order } = state.tables;
  let best: { entry: number; score: number; tie: number } | null = null;
  for (const { nodeClass, entries } of pool.buckets as readonly Bucket[]) {
    const score = scores.of(nodeClass, 1, false);
    if ((best !== null && score > best.score) || filter.rulesOut(nodeClass)) continue;
    for (const entry of entries) {
      const tie = policy.tie(state, entry);
      const beaten =
        best !== null &&
        (score > best.score ||
          (score === best.score && (tie > best.tie || (tie === best.tie && order[entry]! > order[best.entry]!))));
      if (!beaten && filter.passes(entry)) best = { entry, score, tie };
    }
  }
  if (best === null) return null;
  const nodeClass = state.classOf(best.entry);
  const whole = pickOf(nodeClass, 1, false)!;
  const bit = 31 - Math.clz32(whole.mask);
  return { entry: best.entry, pick: slicePick(bit, 1000, milli, whole.usesDegraded, nodeClass.openCount) };
}

function bySlice(
  state: FleetView,
  pool: Pool,
  milli: number,
  filter: RequestFilter,
  policy: EntryPolicy,
): Place | null {
  const { order } = state.tables;
  let best: Place | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const entry of pool.entries) {
    if (!filter.passes(entry)) continue;
    for (const pick of slicesOf(state, entry, milli)) {
      const score = policy.score(state, entry, pick);
      const ties = score === bestScore && best !== null && order[entry]! < order[best.entry]!;
      if (score < bestScore || ties || best === null) {
        best = { entry, pick };
        bestScore = score;
      }
    }
  }
  return best;
}
