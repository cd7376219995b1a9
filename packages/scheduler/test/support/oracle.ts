import type { NodeState, PlacementRequest } from '../../src/types';

/** What the best possible answer looks like, found by trying everything. */
export interface Best {
  leaves: number;
  spines: number;
  /** Fitting nodes of the touched leaves beyond the asked ones. */
  excess: number;
}

export function openDevices(node: NodeState, modelId: string) {
  if (!node.available) return [];
  return node.devices.filter(
    (one) => one.free && one.modelId === modelId && (one.health === 'ok' || one.health === 'degraded'),
  );
}

const leafOf = (node: NodeState) => `${node.zoneId}/${node.spine}/${node.leaf}`;
const spineOf = (node: NodeState) => `${node.zoneId}/${node.spine}`;

function* subsets<T>(items: readonly T[], size: number, from = 0): Generator<T[]> {
  if (size === 0) yield [];
  else {
    for (let i = from; i <= items.length - size; i += 1) {
      for (const rest of subsets(items, size - 1, i + 1)) yield [items[i]!, ...rest];
    }
  }
}

/** The least (leaves, spines, excess) in this order over every set of nodes that satisfies the request; null if none. */
export function bestPossible(fleet: readonly NodeState[], request: PlacementRequest): Best | null {
  const fitting = fleet.filter(
    (node) =>
      node.regionId === request.regionId &&
      !request.excludedNodeIds.includes(node.nodeId) &&
      openDevices(node, request.modelId).length >= request.gpusPerNode,
  );
  let best: Best | null = null;
  for (const set of subsets(fitting, request.nodeCount)) {
    if (new Set(set.map((node) => node.zoneId)).size > 1) continue;
    const leaves = new Set(set.map(leafOf));
    const spines = new Set(set.map(spineOf)).size;
    if (request.topology === 'same_leaf' && leaves.size > 1) continue;
    if (request.topology === 'same_spine' && spines > 1) continue;
    const excess = fitting.filter((node) => leaves.has(leafOf(node))).length - request.nodeCount;
    const found = { leaves: leaves.size, spines, excess };
    if (best === null || compare(found, best) < 0) best = found;
  }
  return best;
}

function compare(a: Best, b: Best): number {
  return a.leaves - b.leaves || a.spines - b.spines || a.excess - b.excess;
}
