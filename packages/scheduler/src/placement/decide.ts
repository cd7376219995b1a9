import { bestFit, type PlacementPolicy } from '../policy';
import type { FleetView } from '../state/fleet-view';
import type { Decision, PlacementRequest } from '../types';
import { mostNodes, placeGang } from './place-gang';
import { placeSingle } from './place-single';
import { wishVariants } from './wishes';

/**
 * Decides where one request goes, or null when it does not fit now; changes nothing and explains nothing, which makes it
 * the call for trying. Wishes are met if any welcome model can meet them; then they give way; an elastic gang shrinks last.
 */
export function decide(
  state: FleetView,
  request: PlacementRequest,
  policy: PlacementPolicy = bestFit,
): Decision | null {
  if (isPlain(request)) return decideOne(state, request, policy);
  const variants = wishVariants(request).flatMap((variant) => byModel(variant));
  for (const variant of variants) {
    const decision = decideOne(state, variant, policy);
    if (decision) return decision;
  }
  return request.minNodeCount === undefined ? null : decideSmaller(state, variants, request.minNodeCount, policy);
}

function isPlain(request: PlacementRequest): boolean {
  const { alternatives, topologyPreferred, antiAffinity, minNodeCount } = request;
  return !alternatives && !topologyPreferred && !antiAffinity && minNodeCount === undefined;
}

function byModel(request: PlacementRequest): PlacementRequest[] {
  return [request, ...(request.alternatives ?? []).map((modelId) => ({ ...request, modelId }))];
}

function decideOne(state: FleetView, request: PlacementRequest, policy: PlacementPolicy): Decision | null {
  return request.nodeCount === 1 ? placeSingle(state, request, policy) : placeGang(state, request, policy);
}

/** The largest part of a gang that fits, at least `least` nodes; of equal sizes the first variant. */
function decideSmaller(
  state: FleetView,
  variants: readonly PlacementRequest[],
  least: number,
  policy: PlacementPolicy,
): Decision | null {
  let best: PlacementRequest | null = null;
  for (const variant of variants) {
    const nodeCount = mostNodes(state, variant, policy);
    if (nodeCount >= Math.max(1, least) && (best === null || nodeCount > best.nodeCount))
      best = { ...variant, nodeCount };
  }
  return best && decideOne(state, best, policy);
}
