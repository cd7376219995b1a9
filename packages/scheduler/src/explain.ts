import type { FleetState } from './fleet-state';
import { type Domain, groupParts, leafPath, partsByZone, placeGang, spinePath } from './place-gang';
import { candidates, placeSingle } from './place-single';
import { bestFit } from './policy';
import { refusalReason } from './refusal-text';
import { countBits } from './state/bits';
import type { Binding, CapacityFacts, PlacementRequest, Refusal, Topology, WouldFit } from './types';

/**
 * Why a request cannot be placed now, with the counts behind it and the nearest changes that would place it. Every
 * change listed was tried on this state. A state that holds other regions and models gives richer advice.
 */
export function explain(state: FleetState, request: PlacementRequest): Refusal {
  const facts = capacityFacts(state, request);
  const binding = bindingOf(state, request, facts);
  const wouldFit = nearestChanges(state, request, facts);
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
export function fits(state: FleetState, request: PlacementRequest): boolean {
  return (request.nodeCount === 1 ? placeSingle : placeGang)(state, request, bestFit) !== null;
}

function largest(domains: readonly Domain[]): number {
  return domains.reduce((most, domain) => Math.max(most, domain.parts.length), 0);
}

/** Counts of the asked model in the asked region, over available nodes that are not excluded. */
export function capacityFacts(state: FleetState, request: PlacementRequest): CapacityFacts {
  const entries = candidates(state, request).filter((entry) => state.isAvailable(entry));
  const open = entries.map((entry) => countBits(state.open(entry)));
  const zones = partsByZone(state, request, bestFit);
  const parts = zones.flatMap((zone) => zone.parts);
  return {
    total: entries.reduce((sum, entry) => sum + state.usableCount(entry), 0),
    free: open.reduce((sum, count) => sum + count, 0),
    largestFree: Math.max(0, ...open),
    wholeNodesFree: entries.filter((entry) => state.isWhole(entry)).length,
    fittingNodes: {
      zone: largest(zones),
      spine: largest(groupParts(parts, (part) => spinePath(state, part.entry))),
      leaf: largest(groupParts(parts, (part) => leafPath(state, part.entry))),
    },
  };
}

function bindingOf(state: FleetState, request: PlacementRequest, facts: CapacityFacts): Binding {
  if (request.excludedNodeIds.length > 0 && fits(state, { ...request, excludedNodeIds: [] })) return 'excluded';
  if (facts.total === 0) return 'model_not_offered';
  if (facts.free < request.nodeCount * request.gpusPerNode) return 'capacity';
  if (facts.fittingNodes.zone < request.nodeCount) return 'node_size';
  return 'topology';
}

const LOOSER: Record<Topology, Topology[]> = { same_leaf: ['same_spine', 'any'], same_spine: ['any'], any: [] };

function nearestChanges(state: FleetState, request: PlacementRequest, facts: CapacityFacts): WouldFit[] {
  const changes: WouldFit[] = [];
  const topology = LOOSER[request.topology].find((looser) => fits(state, { ...request, topology: looser }));
  if (topology) changes.push({ change: 'topology', topology });
  for (const regionId of [...state.regions.list].sort()) {
    if (regionId === request.regionId) continue;
    if (fits(state, { ...request, regionId, excludedNodeIds: [] })) changes.push({ change: 'region', regionId });
  }
  const size = smallerSize(state, request, facts);
  if (size) changes.push(size);
  for (const modelId of [...state.models.list].sort()) {
    if (modelId !== request.modelId && fits(state, { ...request, modelId })) changes.push({ change: 'model', modelId });
  }
  return changes;
}

/** The largest smaller request of the same kind that fits: fewer nodes for a gang, fewer devices on a single node. */
function smallerSize(state: FleetState, request: PlacementRequest, facts: CapacityFacts): WouldFit | null {
  if (request.nodeCount > 1) {
    const { zone, spine, leaf } = facts.fittingNodes;
    const most = { any: zone, same_spine: spine, same_leaf: leaf }[request.topology];
    const nodeCount = Math.min(most, request.nodeCount - 1);
    return nodeCount >= 1 ? { change: 'size', nodeCount, gpusPerNode: request.gpusPerNode } : null;
  }
  for (const gpusPerNode of [8, 4, 2, 1]) {
    if (gpusPerNode < request.gpusPerNode && fits(state, { ...request, gpusPerNode })) {
      return { change: 'size', nodeCount: 1, gpusPerNode };
    }
  }
  return null;
}
