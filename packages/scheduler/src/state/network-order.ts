import type { FleetView } from './fleet-view';
import type { Pocket, Pool } from './pool';
import { compareText } from './text-order';

/** Orders pockets by the names of zone, spine and leaf. */
function comparePockets(state: FleetView, a: Pocket, b: Pocket): number {
  if (a.leaf === b.leaf) return 0;
  return (
    compareText(state.zones.list[a.zone]!, state.zones.list[b.zone]!) ||
    compareText(state.spines.list[a.spine]!, state.spines.list[b.spine]!) ||
    compareText(state.leaves.list[a.leaf]!, state.leaves.list[b.leaf]!)
  );
}

/** Pockets of a pool along the network: neighbours in the list are neighbours in the fleet. */
export function pocketsInOrder(state: FleetView, pool: Pool): readonly Pocket[] {
  return pool.inOrder((a, b) => comparePockets(state, a, b));
}

/** Orders entries of one leaf by rack, then node name. */
export function compareInLeaf(state: FleetView, a: number, b: number): number {
  const { rack, order } = state.tables;
  if (rack[a] !== rack[b]) {
    const byName = compareText(state.racks.list[rack[a]!]!, state.racks.list[rack[b]!]!);
    if (byName !== 0) return byName;
  }
  return order[a]! - order[b]!;
}
