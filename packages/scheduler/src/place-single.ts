import type { FleetState } from './fleet-state';
import type { Pick } from './placement/pick-devices';
import type { PlacementPolicy } from './policy';
import { pickOf } from './state/node-class';
import type { Decision, PlacementRequest, Reason } from './types';

/** The entries a request may use: its model and region, without excluded nodes. */
export function candidates(state: FleetState, request: PlacementRequest): number[] {
  const excluded = new Set(request.excludedNodeIds);
  const pool = state.pool(request.regionId, request.modelId);
  return excluded.size === 0 ? pool : pool.filter((entry) => !excluded.has(state.nodeOf(entry).nodeId));
}

/** Places a request for one node, or returns null when no node can take it. O(nodes of the model in the region). */
export function placeSingle(state: FleetState, request: PlacementRequest, policy: PlacementPolicy): Decision | null {
  let best: { entry: number; pick: Pick; score: number } | null = null;
  for (const entry of candidates(state, request)) {
    const pick = pickOf(state.classOf(entry), request.gpusPerNode);
    if (!pick) continue;
    const score = policy.score(state, entry, pick);
    if (best === null || score < best.score) best = { entry, pick, score };
  }
  if (best === null) return null;
  const node = state.nodeOf(best.entry);
  return {
    placed: true,
    requestId: request.requestId,
    zoneId: node.zoneId,
    nodes: [{ rank: 0, nodeId: node.nodeId, deviceIds: state.deviceIds(best.entry, best.pick.mask) }],
    spans: { spines: 1, leaves: 1, racks: 1 },
    why: whyNode(node.name, best.pick),
  };
}

function whyNode(name: string, pick: Pick): Reason {
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
