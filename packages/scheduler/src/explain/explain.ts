import { decide } from '../placement/decide';
import { mostNodes } from '../placement/place-gang';
import { LOOSER } from '../placement/wishes';
import { bestFit } from '../policy';
import type { FleetView } from '../state/fleet-view';
import { compareText } from '../state/text-order';
import type { Binding, CapacityFacts, Constraint, PlacementRequest, Refusal, WouldFit } from '../types';
import { capacityFacts, welcomeModels } from './capacity-facts';
import { constraintsOf, without } from './constraints';
import { refusalReason } from './refusal-text';

/**
 * Why a request cannot be placed now, with the counts behind it and the nearest changes that would place it. Every
 * change listed was tried on this state. A state that holds other regions and models gives richer advice.
 */
export function explain(state: FleetView, request: PlacementRequest): Refusal {
  const facts = capacityFacts(state, request);
  const liftable = constraintsOf(state, request).filter((one) => fits(state, without(state, request, one)));
  const binding = bindingOf(state, request, facts, liftable);
  const wouldFit = nearestChanges(state, request, liftable);
  return {
    placed: false,
    requestId: request.requestId,
    binding,
    facts,
    wouldFit,
    reason: refusalReason(request, binding, facts, wouldFit),
  };
}

/** True when the request fits as it stands. */
export function fits(state: FleetView, request: PlacementRequest): boolean {
  return decide(state, request, bestFit) !== null;
}

function bindingOf(
  state: FleetView,
  request: PlacementRequest,
  facts: CapacityFacts,
  liftable: readonly Constraint[],
): Binding {
  if (liftable[0]) return liftable[0];
  if (facts.total === 0) return emptyBecause(state, request);
  const need = request.minNodeCount ?? request.nodeCount;
  if (facts.ever.nodeCount < need) return 'too_large';
  if (facts.free < need * request.gpusPerNode) return 'capacity';
  if (facts.fittingNodes.zone < need) return 'node_size';
  return 'topology';
}

/** No node of the model may take this work: the condition that leaves none, or there is none at all. */
function emptyBecause(state: FleetView, request: PlacementRequest): Binding {
  const cause = constraintsOf(state, request).find(
    (one) => capacityFacts(state, without(state, request, one)).total > 0,
  );
  return cause ?? 'model_not_offered';
}

function nearestChanges(state: FleetView, request: PlacementRequest, liftable: readonly Constraint[]): WouldFit[] {
  const changes: WouldFit[] = [];
  const topology = LOOSER[request.topology].find((looser) => fits(state, { ...request, topology: looser }));
  if (topology) changes.push({ change: 'topology', topology });
  for (const constraint of liftable) if (constraint !== 'excluded') changes.push({ change: 'without', constraint });
  for (const regionId of [...state.regions.list].sort(compareText)) {
    if (regionId === request.regionId) continue;
    if (fits(state, { ...request, regionId, excludedNodeIds: [] })) changes.push({ change: 'region', regionId });
  }
  const size = smallerSize(state, request);
  if (size) changes.push(size);
  const welcome = new Set(welcomeModels(request));
  for (const modelId of [...state.models.list].sort(compareText)) {
    if (!welcome.has(modelId) && fits(state, { ...request, modelId })) changes.push({ change: 'model', modelId });
  }
  return changes;
}

/** The largest smaller request of the same kind that fits: fewer nodes for a gang, fewer devices on a single node. */
function smallerSize(state: FleetView, request: PlacementRequest): WouldFit | null {
  if (request.nodeCount > 1) {
    const most = welcomeModels(request).map((modelId) => mostNodes(state, { ...request, modelId }, bestFit));
    const nodeCount = Math.min(Math.max(...most), request.nodeCount - 1);
    return nodeCount >= 1 ? { change: 'size', nodeCount, gpusPerNode: request.gpusPerNode } : null;
  }
  for (const gpusPerNode of [8, 4, 2, 1]) {
    if (gpusPerNode < request.gpusPerNode && fits(state, { ...request, gpusPerNode })) {
      return { change: 'size', nodeCount: 1, gpusPerNode };
    }
  }
  return null;
}
