import type { FleetView } from '../state/fleet-view';
import { compareText } from '../state/text-order';
import type { Topology } from '../types';
import { fewestDomains, fewestGroups, leastExcess } from './fewest-domains';
import type { LeafRoom, ZoneRoom } from './gang-parts';

/** Which leaves of a zone a gang takes, small ones first, and what that costs. */
export interface LeafPlan {
  leaves: LeafRoom[];
  spines: number;
  /** Parts that the chosen leaves could take beyond the gang's. */
  excess: number;
  zone: ZoneRoom;
}

/**
 * Leaves for `need` parts in the best zone: fewest leaves, then fewest spines, then the least left over in the leaves it
 * breaks, then the zone with the least room. Null when no zone can.
 */
export function planLeaves(
  state: FleetView,
  zones: readonly ZoneRoom[],
  need: number,
  topology: Topology,
): LeafPlan | null {
  let best: LeafPlan | null = null;
  for (const zone of zones) {
    const plan = planZone(zone, need, topology);
    if (plan && (best === null || comparePlans(state, plan, best) < 0)) best = plan;
  }
  return best;
}

function comparePlans(state: FleetView, a: LeafPlan, b: LeafPlan): number {
  return (
    a.leaves.length - b.leaves.length ||
    a.spines - b.spines ||
    a.excess - b.excess ||
    a.zone.capacity - b.zone.capacity ||
    compareText(state.zones.list[a.zone.zone]!, state.zones.list[b.zone.zone]!)
  );
}

/** Most parts that one choice of leaves can take under a topology. */
export function mostParts(zones: readonly ZoneRoom[], topology: Topology): number {
  let most = 0;
  for (const zone of zones) {
    if (topology === 'same_leaf') for (const leaf of zone.leaves) most = Math.max(most, leaf.capacity);
    else if (topology === 'same_spine') for (const spine of bySpine(zone)) most = Math.max(most, sum(spine));
    else most = Math.max(most, zone.capacity);
  }
  return most;
}

/** Leaves among which a choice is made, and their capacities. */
interface LeafSet {
  leaves: readonly LeafRoom[];
  capacities: readonly number[];
}

function setOf(leaves: readonly LeafRoom[]): LeafSet {
  return { leaves, capacities: leaves.map((leaf) => leaf.capacity) };
}

function planZone(zone: ZoneRoom, need: number, topology: Topology): LeafPlan | null {
  if (zone.capacity < need) return null;
  const all = setOf(zone.leaves);
  if (topology === 'same_leaf') return bestOf(zone, [all], need, 1);
  const spines = bySpine(zone).map(setOf);
  if (topology === 'same_spine') {
    const counts = spines.map((spine) => fewestDomains(spine.capacities, need)).filter((count) => count !== null);
    return counts.length === 0 ? null : bestOf(zone, spines, need, Math.min(...counts));
  }
  const count = fewestDomains(all.capacities, need)!;
  const within = bestOf(zone, spines, need, count);
  if (within) return within;
  const groups = spines.map((spine) => spine.capacities);
  const chosen = fewestGroups(groups, count, need)!;
  const leaves = chosen.flatMap((index) => spines[index]!.leaves);
  return bestOf(zone, [setOf(leaves)], need, count, chosen.length);
}

function sum(leaves: readonly LeafRoom[]): number {
  let total = 0;
  for (const leaf of leaves) total += leaf.capacity;
  return total;
}

function bySpine(zone: ZoneRoom): LeafRoom[][] {
  const groups: LeafRoom[][] = [];
  let spine = -1;
  for (const leaf of zone.leaves) {
    if (leaf.pocket.spine !== spine) groups.push([]);
    spine = leaf.pocket.spine;
    groups.at(-1)!.push(leaf);
  }
  return groups;
}

/** Among sets of leaves, the one that gives `need` from exactly `count` leaves with least excess, then least room. */
function bestOf(zone: ZoneRoom, sets: readonly LeafSet[], need: number, count: number, spines = 1): LeafPlan | null {
  let best: (LeafPlan & { room: number }) | null = null;
  for (const set of sets) {
    if (fewestDomains(set.capacities, need) !== count) continue;
    const leaves = leastExcess(set.capacities, count, need).map((index) => set.leaves[index]!);
    const excess = sum(leaves) - need;
    const room = sum(set.leaves);
    if (best === null || excess < best.excess || (excess === best.excess && room < best.room)) {
      best = { leaves: leaves.sort((a, b) => a.capacity - b.capacity), spines, excess, zone, room };
    }
  }
  return best;
}
