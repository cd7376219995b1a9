import { explain } from './explain';
import type { FleetState } from './fleet-state';
import { placeGang } from './place-gang';
import { placeSingle } from './place-single';
import { bestFit, type PlacementPolicy } from './policy';
import type { Decision, PlacementRequest, Refusal } from './types';

/**
 * Decides where one request goes; changes nothing. Same state and request, same answer, on every machine.
 * Throws RangeError for counts below 1.
 */
export function place(
  state: FleetState,
  request: PlacementRequest,
  policy: PlacementPolicy = bestFit,
): Decision | Refusal {
  const { nodeCount, gpusPerNode } = request;
  if (!Number.isInteger(nodeCount) || nodeCount < 1 || !Number.isInteger(gpusPerNode) || gpusPerNode < 1) {
    throw new RangeError(`${nodeCount} nodes with ${gpusPerNode} devices each is not a request`);
  }
  const decide = nodeCount === 1 ? placeSingle : placeGang;
  return decide(state, request, policy) ?? explain(state, request);
}

/**
 * Decides a round: each request in the given order against what the ones before it left. Takes the devices of every
 * decision in `state`. A request that does not fit does not stop later ones.
 */
export function placeRound(
  state: FleetState,
  requests: readonly PlacementRequest[],
  policy: PlacementPolicy = bestFit,
): (Decision | Refusal)[] {
  return requests.map((request) => {
    const answer = place(state, request, policy);
    if (answer.placed) for (const node of answer.nodes) state.take(node.deviceIds);
    return answer;
  });
}
