import { explain } from './explain/explain';
import type { FleetState } from './fleet-state';
import { decide } from './placement/decide';
import { bestFit, type PlacementPolicy } from './policy';
import { assertRequest } from './request/check-request';
import { compareText } from './state/text-order';
import type { Decision, PlacementRequest, Refusal } from './types';

/**
 * Decides where one request goes; changes nothing. Same state and request, same answer, on every machine.
 * Throws RangeError for a request that contradicts itself (see request/check-request).
 */
export function place(
  state: FleetState,
  request: PlacementRequest,
  policy: PlacementPolicy = bestFit,
): Decision | Refusal {
  assertRequest(request);
  return decide(state, request, policy) ?? explain(state, request);
}

/** Requests of one shape are interchangeable for the question whether they fit. */
function shapeOf(request: PlacementRequest): string {
  const { requestId: _, ...shape } = request;
  return JSON.stringify(Object.entries(shape).sort(([a], [b]) => compareText(a, b)));
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
    if (answer.placed) state.hold(answer.nodes);
    else refused.set(shape, answer);
    return answer;
  });
}
