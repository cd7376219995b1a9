import type { Pick } from './placement/pick';
import type { FleetView } from './state/fleet-view';
import type { NodeClass } from './state/node-class';
import type { PlacementRequest, Reason } from './types';

/** Orders entries by what their class says alone: worked out once for all entries that look alike. */
export interface ClassPolicy {
  name: string;
  kind: 'class';
  /** Score of giving `pick` on any entry of the class; a finite number, lower is better. */
  score(nodeClass: NodeClass, pick: Pick): number;
  /** Decides among equal scores before the name does; lower is better. */
  tie(state: FleetView, entry: number): number;
}

/** Orders entries one by one, by anything that the state knows. */
export interface EntryPolicy {
  name: string;
  kind?: 'entry';
  /** Score of giving `pick` on `entry` to a part of `request`; a finite number, lower is better. */
  score(state: FleetView, entry: number, pick: Pick, request: PlacementRequest): number;
  /** Why a node was chosen, for people; unset: that this policy prefers it. */
  why?(nodeName: string): Reason;
}

/** Orders nodes that can all take a request: the lowest score wins, and the smallest node name among equals. */
export type PlacementPolicy = ClassPolicy | EntryPolicy;

/**
 * Keeps whole nodes free: trusted nodes before suspected ones, healthy devices before degraded ones, one island before
 * several, then the node with the fewest devices left over; where an untouched node must be broken, one below the leaf
 * with the fewest untouched nodes, so that large unbroken leaves stay for gangs. A slice goes to the device that it fills
 * tightest, and breaks a whole one only when it must.
 */
export const bestFit: ClassPolicy = {
  name: 'best_fit',
  kind: 'class',
  score(nodeClass, pick) {
    return (
      nodeClass.suspicion * 1e9 +
      (pick.usesDegraded ? 1e8 : 0) +
      (pick.oneIsland ? 0 : 1e7) +
      pick.leftOnNode * 1e4 +
      pick.leftInIsland * 1e2
    );
  },
  tie: (state, entry) => state.wholeBelowLeaf(entry),
};

/** Score of a pick on an entry, of either kind of policy. */
export function scoreOf(
  policy: PlacementPolicy,
  state: FleetView,
  entry: number,
  pick: Pick,
  request: PlacementRequest,
): number {
  return policy.kind === 'class' ? policy.score(state.classOf(entry), pick) : policy.score(state, entry, pick, request);
}
