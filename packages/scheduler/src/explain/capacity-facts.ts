import { roomByZone, type ZoneRoom } from '../placement/gang-parts';
import { RequestFilter } from '../request/request-filter';
import { countBits } from '../state/bits';
import type { FleetView } from '../state/fleet-view';
import type { CapacityFacts, PlacementRequest } from '../types';

/** The models of a request, the asked one first. */
export function welcomeModels(request: PlacementRequest): string[] {
  return [request.modelId, ...(request.alternatives ?? [])];
}

/** Counts of the welcome models in the asked region, over available nodes that the request allows. */
export function capacityFacts(state: FleetView, request: PlacementRequest): CapacityFacts {
  const facts: CapacityFacts = {
    total: 0,
    free: 0,
    largestFree: 0,
    wholeNodesFree: 0,
    fittingNodes: { zone: 0, spine: 0, leaf: 0, rack: 0 },
    ever: { nodeCount: 0, gpusPerNode: 0 },
  };
  for (const modelId of welcomeModels(request)) {
    const one = { ...request, modelId };
    const filter = new RequestFilter(state, one);
    countDevices(state, one, filter, facts);
    countFitting(state, one, filter, facts);
    countEver(state, one, filter, facts);
  }
  return facts;
}

function countDevices(state: FleetView, request: PlacementRequest, filter: RequestFilter, facts: CapacityFacts): void {
  for (const entry of state.poolOf(request.regionId, request.modelId)?.entries ?? []) {
    if (!state.isAvailable(entry) || !filter.allows(entry)) continue;
    const free = request.milli === undefined ? state.classOf(entry).openCount : slots(state, entry, request.milli);
    facts.total += state.usableCount(entry);
    facts.free += free;
    facts.largestFree = Math.max(facts.largestFree, free);
    if (state.isWhole(entry)) facts.wholeNodesFree += 1;
  }
}

/** Devices of an entry with enough of a share. */
function slots(state: FleetView, entry: number, milli: number): number {
  let count = 0;
  for (let bit = 0; bit < state.size(entry); bit += 1) if (state.shareOf(entry, bit) >= milli) count += 1;
  return count;
}

function countFitting(
  state: FleetView,
  request: PlacementRequest,
  filter: RequestFilter,
  { fittingNodes }: CapacityFacts,
): void {
  const pool = state.poolOf(request.regionId, request.modelId);
  if (!pool) return;
  for (const zone of roomByZone(state, pool, { ...request, topology: 'any' }, filter)) {
    fittingNodes.zone = Math.max(fittingNodes.zone, zone.capacity);
    fittingNodes.spine = Math.max(fittingNodes.spine, ...spineSums(zone));
    for (const { pocket, capacity } of zone.leaves) {
      if (capacity <= Math.min(fittingNodes.rack, fittingNodes.leaf)) continue;
      fittingNodes.leaf = Math.max(fittingNodes.leaf, capacity);
      const fitting = pocket.entries.filter((entry) => fitsPart(state, entry, request) && filter.passes(entry));
      fittingNodes.rack = Math.max(fittingNodes.rack, largestGroup(state.tables.rack, fitting));
    }
  }
}

function fitsPart(state: FleetView, entry: number, { milli, gpusPerNode }: PlacementRequest): boolean {
  return milli === undefined ? state.classOf(entry).openCount >= gpusPerNode : slots(state, entry, milli) > 0;
}

function spineSums(zone: ZoneRoom): number[] {
  const sums = new Map<number, number>();
  for (const { pocket, capacity } of zone.leaves) sums.set(pocket.spine, (sums.get(pocket.spine) ?? 0) + capacity);
  return [...sums.values()];
}

function groupSizes(column: Int32Array, entries: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const entry of entries) sizes.set(column[entry]!, (sizes.get(column[entry]!) ?? 0) + 1);
  return [...sizes.values()];
}

function largestGroup(column: Int32Array, entries: readonly number[]): number {
  return Math.max(0, ...groupSizes(column, entries));
}

/** What an empty fleet without faults, with every node in service, could take. */
function countEver(state: FleetView, request: PlacementRequest, filter: RequestFilter, { ever }: CapacityFacts): void {
  const pool = state.poolOf(request.regionId, request.modelId);
  const entries = (pool?.entries ?? []).filter((entry) => state.isAlive(entry) && filter.couldPass(entry));
  const perNode = (entry: number) =>
    request.topology === 'same_island'
      ? Math.max(...state.islandsOf(entry).map((island) => countBits(island)))
      : state.size(entry);
  for (const entry of entries) ever.gpusPerNode = Math.max(ever.gpusPerNode, perNode(entry));
  const large = entries.filter((entry) => perNode(entry) >= request.gpusPerNode);
  ever.nodeCount = Math.max(ever.nodeCount, mostTogether(state, request, large));
}

function mostTogether(state: FleetView, request: PlacementRequest, entries: readonly number[]): number {
  const { rack, leaf, spine, zone } = state.tables;
  switch (request.topology) {
    case 'same_rack':
      return largestGroup(rack, entries);
    case 'same_leaf':
      return largestGroup(leaf, entries);
    case 'same_spine':
      return largestGroup(spine, entries);
    case 'spread': {
      const { level, mostPerDomain } = request.spread ?? { level: 'leaf', mostPerDomain: 1 };
      const zones = new Map<number, number[]>();
      for (const entry of entries) zones.set(zone[entry]!, [...(zones.get(zone[entry]!) ?? []), entry]);
      const sums = [...zones.values()].map((below) =>
        groupSizes({ rack, leaf, spine }[level], below).reduce((sum, size) => sum + Math.min(size, mostPerDomain), 0),
      );
      return Math.max(0, ...sums);
    }
    default:
      return largestGroup(zone, entries);
  }
}
