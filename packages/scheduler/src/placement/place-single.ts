import type { PlacementPolicy } from '../policy';
import { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import type { Decision, PlacedNode, PlacementRequest, Reason } from '../types';
import type { Place } from './find-by-class';
import { findEntry } from './find-entry';
import type { Pick } from './pick-devices';

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
    why: (policy.kind === 'class' ? null : policy.why?.(node.name)) ?? whyNode(node.name, place.pick),
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

function whyNode(name: string, pick: Pick): Reason {
  if (pick.slice) return whySlice(name, pick.slice.left);
  const left = pick.leftOnNode;
  return {
    code: left === 0 ? 'exact_fit' : 'best_fit',
    en:
      left === 0
        ? `Node ${name} is filled exactly, which keeps larger holes free.`
        : `Node ${name} has the fewest accelerators left over (${left}) of all that can take it.`,
    zh:
      left === 0
        ? `节点 ${name} 恰好被填满，可保留更大的空闲块。`
        : `节点 ${name} 放置后剩余加速卡最少（${left} 张）。`,
  };
}

function whySlice(name: string, leftMilli: number): Reason {
  const percent = leftMilli / 10;
  return {
    code: 'tight_slice',
    en: `The accelerator on node ${name} keeps ${percent} % free, the least of all that can take the slice.`,
    zh: `节点 ${name} 的加速卡放置后空闲 ${percent}%，在可容纳该切片的卡中最少。`,
  };
}
