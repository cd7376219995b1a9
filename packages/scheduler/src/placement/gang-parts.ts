import { type PlacementPolicy, scoreOf } from '../policy';
import type { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import { pocketsInOrder } from '../state/network-order';
import type { Pocket, Pool } from '../state/pool';
import type { PlacementRequest } from '../types';
import { slicesOf } from './find-slice';
import type { Pick } from './pick';
import { pickOf } from './pick-devices';

/** An entry that can take one part of a gang. */
export interface Part {
  entry: number;
  pick: Pick;
  score: number;
}

/** A leaf and how many parts it can take. */
export interface LeafRoom {
  pocket: Pocket;
  capacity: number;
}

/** The leaves of one zone that can take something, in network order. */
export interface ZoneRoom {
  zone: number;
  leaves: LeafRoom[];
  capacity: number;
}

/** Where the parts of a gang could go: one entry takes at most one part. */
export function roomByZone(state: FleetView, pool: Pool, request: PlacementRequest, filter: RequestFilter): ZoneRoom[] {
  const counts = countParts(state, pool, request, filter);
  const zones: ZoneRoom[] = [];
  for (const pocket of pocketsInOrder(state, pool)) {
    const capacity = counts[pocket.id]!;
    if (capacity === 0) continue;
    let room = zones.at(-1);
    if (!room || room.zone !== pocket.zone) {
      room = { zone: pocket.zone, leaves: [], capacity: 0 };
      zones.push(room);
    }
    room.leaves.push({ pocket, capacity });
    room.capacity += capacity;
  }
  return zones;
}

/** Fitting entries by pocket. Without conditions they are known from the counts by open devices. */
function countParts(state: FleetView, pool: Pool, request: PlacementRequest, filter: RequestFilter): Int32Array {
  const counts = new Int32Array(pool.pockets.length);
  const need = request.gpusPerNode;
  if (request.milli !== undefined) {
    for (const entry of pool.entries) {
      if (filter.passes(entry) && hasSlice(state, entry, request.milli)) counts[state.pocketOf(entry).id]! += 1;
    }
    return counts;
  }
  const oneIsland = request.topology === 'same_island';
  if (filter.empty && !oneIsland) {
    for (const { id, byOpen } of pool.pockets) for (let open = need; open < 33; open += 1) counts[id]! += byOpen[open]!;
    return counts;
  }
  for (const { nodeClass, entries } of pool.buckets) {
    if (!pickOf(nodeClass, need, oneIsland) || filter.rulesOut(nodeClass)) continue;
    for (const entry of entries) if (filter.passes(entry)) counts[state.pocketOf(entry).id]! += 1;
  }
  return counts;
}

function hasSlice(state: FleetView, entry: number, milli: number): boolean {
  for (let bit = 0; bit < state.size(entry); bit += 1) if (state.shareOf(entry, bit) >= milli) return true;
  return false;
}

/** What an entry would give to one part, or null. */
function pickPart(
  state: FleetView,
  entry: number,
  request: PlacementRequest,
  filter: RequestFilter,
  policy: PlacementPolicy,
): Part | null {
  if (request.milli !== undefined)
    return filter.passes(entry) ? bestSlice(state, entry, request, request.milli, policy) : null;
  const pick = pickOf(state.classOf(entry), request.gpusPerNode, request.topology === 'same_island');
  if (!pick || !filter.passes(entry)) return null;
  return { entry, pick, score: scoreOf(policy, state, entry, pick, request) };
}

function bestSlice(
  state: FleetView,
  entry: number,
  request: PlacementRequest,
  milli: number,
  policy: PlacementPolicy,
): Part | null {
  let best: Part | null = null;
  for (const pick of slicesOf(state, entry, milli)) {
    const score = scoreOf(policy, state, entry, pick, request) + pick.slice!.left / 1000;
    if (best === null || score < best.score) best = { entry, pick, score };
  }
  return best;
}

/** The parts that a leaf can take. */
export function partsOf(
  state: FleetView,
  pocket: Pocket,
  request: PlacementRequest,
  filter: RequestFilter,
  policy: PlacementPolicy,
): Part[] {
  const parts: Part[] = [];
  for (const entry of pocket.entries) {
    const part = pickPart(state, entry, request, filter, policy);
    if (part) parts.push(part);
  }
  return parts;
}

/** Parts by the number of a domain of theirs, domains in the order in which they are met. */
export function groupBy(column: Int32Array, parts: readonly Part[]): Part[][] {
  const groups = new Map<number, Part[]>();
  for (const part of parts) {
    const group = groups.get(column[part.entry]!);
    if (group) group.push(part);
    else groups.set(column[part.entry]!, [part]);
  }
  return [...groups.values()];
}

/** The `count` best parts: lowest score, then smallest node name. */
export function bestParts(state: FleetView, parts: readonly Part[], count: number): Part[] {
  const { order } = state.tables;
  return [...parts].sort((a, b) => a.score - b.score || order[a.entry]! - order[b.entry]!).slice(0, count);
}
