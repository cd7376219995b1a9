import type { PlacementPolicy } from '../policy';
import { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import type { Decision, PlacedNode, PlacementRequest } from '../types';
import type { Place } from './find-by-class';
import { findEntry } from './find-entry';
import { whyNode } from './why-node';

/**
 * Places a request for one node on its model, or returns null when no node can take it. As quick as there are kinds of
 * nodes with something free, not nodes.
 */
export function placeSingle(state: FleetView, request: PlacementRequest, policy: PlacementPolicy): Decision | null {
  const pool = state.poolOf(request.regionId, request.modelId);
  if (pool === null) return null;
  const place = findEntry(state, pool, request, new RequestFilter(state, request), policy);
  if (place === null) return null;
  const node = state.nodeOf(place.entry);
  return {
    placed: true,
    requestId: request.requestId,
    modelId: request.modelId,
    zoneId: node.zoneId,
    nodes: [placedNode(state, request, place, 0)],
    spans: { spines: 1, leaves: 1, racks: 1 },
    why: (policy.kind === 'class' ? null : policy.why?.(node.name)) ?? whyNode(state, request, place, policy),
  };
}

/** What a part of a request takes, as the decision says it. */
export function placedNode(
  state: FleetView,
  request: PlacementRequest,
  { entry, pick }: Place,
  rank: number,
): PlacedNode {
  const node: PlacedNode = { rank, nodeId: state.nodeOf(entry).nodeId, deviceIds: state.deviceIds(entry, pick.mask) };
  if (request.milli !== undefined) node.milli = request.milli;
  if (request.resources) node.resources = request.resources;
  return node;
}
