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

/** Requests of one shape are interchangeable for the question whether they fit. */
function shapeOf(request: PlacementRequest): string {
  const { regionId, modelId, nodeCount, gpusPerNode, topology, excludedNodeIds } = request;
  return JSON.stringify([regionId, modelId, nodeCount, gpusPerNode, topology, excludedNodeIds]);
}

/**
 * Decides a round: each request in the given order against what the ones before it left. Takes the devices of every
 * decision in `state`. A request that does not fit does not stop later ones; as a round only takes, a shape refused once
 * is refused for the rest of it with the same explanation.
 */
export function placeRound(
  state: FleetState,
  requests: readonly PlacementRequest[],
  policy: PlacementPolicy = bestFit,
): (Decision | Refusal)[] {
  const refused = new Map<string, Refusal>();
  return requests.map((request) => {
    const shape = shapeOf(request);
    const before = refused.get(shape);
    if (before) return { ...before, requestId: request.requestId };
    const answer = place(state, request, policy);
    if (answer.placed) for (const node of answer.nodes) state.take(node.deviceIds);
    else refused.set(shape, answer);
    return answer;
  });
}

/** Explains several requests against one state; equal shapes share one explanation. */
export function explainRound(state: FleetState, requests: readonly PlacementRequest[]): Refusal[] {
  const known = new Map<string, Refusal>();
  return requests.map((request) => {
    const shape = shapeOf(request);
    const refusal = known.get(shape) ?? explain(state, request);
    known.set(shape, refusal);
    return { ...refusal, requestId: request.requestId };
  });
}
