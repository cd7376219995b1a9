import type { FleetState } from './fleet-state';
import type { Pick } from './placement/pick-devices';

/** Orders nodes that can all take a request: the lowest score wins, and the smallest node name among equals. */
export interface PlacementPolicy {
  name: string;
  /** Score of giving `pick` on `entry`; a finite number, lower is better. */
  score(state: FleetState, entry: number, pick: Pick): number;
}

/**
 * Keeps whole nodes free: the node with the fewest devices left over, and where an untouched node must be broken, one
 * below the leaf with the fewest untouched nodes, so that large unbroken leaves stay for gangs. Degraded devices come
 * last, and requests that fit into one island stay in one whenever any node allows it.
 */
export const bestFit: PlacementPolicy = {
  name: 'best_fit',
  score(state, entry, pick) {
    return (
      (pick.usesDegraded ? 1e12 : 0) +
      (pick.oneIsland ? 0 : 1e11) +
      pick.leftOnNode * 1e9 +
      pick.leftInIsland * 1e7 +
      Math.min(state.wholeBelowLeaf(entry), 9_999_999)
    );
  },
};
