import type { DomainLevel, LabelRule, NodeState, PlacementRequest } from '../../src/types';

/** What a placement needs, said plainly and slowly: every rule on its own, every set of nodes tried. */

/** What the best possible answer looks like, found by trying everything. */
export interface Best {
  leaves: number;
  spines: number;
  /** Fitting nodes of the touched leaves beyond the asked ones. */
  excess: number;
}

export function openDevices(node: NodeState, modelId: string, milli = 1000) {
  if (!node.available) return [];
  return node.devices.filter(
    (one) =>
      (one.freeMilli ?? (one.free ? 1000 : 0)) >= milli &&
      one.modelId === modelId &&
      (one.health === 'ok' || one.health === 'degraded'),
  );
}

/** Name of the domain of a node at a level, with the names above it. */
export function domainOf(node: NodeState, level: DomainLevel): string {
  const path = [node.regionId, node.zoneId, node.spine, node.leaf, node.rack, node.name];
  return path.slice(0, { zone: 2, spine: 3, leaf: 4, rack: 5, node: 6 }[level]).join('/');
}

export function* subsets<T>(items: readonly T[], size: number, from = 0): Generator<T[]> {
  if (size === 0) yield [];
  else {
    for (let i = from; i <= items.length - size; i += 1) {
      for (const rest of subsets(items, size - 1, i + 1)) yield [items[i]!, ...rest];
    }
  }
}

function satisfies(labels: Readonly<Record<string, string>>, rule: LabelRule): boolean {
  const value = labels[rule.key];
  if (rule.op === 'exists') return value !== undefined;
  if (rule.op === 'absent') return value === undefined;
  const named = 'values' in rule && value !== undefined && rule.values.includes(value);
  return rule.op === 'in' ? named : !named;
}

/** The node may serve the request, its devices aside. */
function allowed(fleet: readonly NodeState[], node: NodeState, request: PlacementRequest): boolean {
  const tolerated = (node.taints ?? []).every((taint) =>
    (request.tolerations ?? []).some((one) => one.key === taint.key && (one.value ?? taint.value) === taint.value),
  );
  const apart = (request.antiAffinity ?? []).every(({ level, nodeIds }) =>
    fleet.every((other) => !nodeIds.includes(other.nodeId) || domainOf(other, level) !== domainOf(node, level)),
  );
  const total = node.resources?.vcpuMilli ?? Number.POSITIVE_INFINITY;
  return (
    node.regionId === request.regionId &&
    !request.excludedNodeIds.includes(node.nodeId) &&
    (!request.zoneIds || request.zoneIds.includes(node.zoneId)) &&
    (request.labelRules ?? []).every((rule) => satisfies(node.labels ?? {}, rule)) &&
    tolerated &&
    apart &&
    total - (node.held?.vcpuMilli ?? 0) >= (request.resources?.vcpuMilli ?? 0)
  );
}

/** Nodes that could take one part of the request on its model. */
export function fittingNodes(fleet: readonly NodeState[], request: PlacementRequest): NodeState[] {
  return fleet.filter((node) => {
    const open = openDevices(node, request.modelId, request.milli);
    const islands = new Set(open.map((device) => device.island));
    const enough = open.length >= request.gpusPerNode;
    const inIsland = [...islands].some(
      (island) => open.filter((device) => device.island === island).length >= request.gpusPerNode,
    );
    return allowed(fleet, node, request) && enough && (request.topology !== 'same_island' || inIsland);
  });
}

/** A set of nodes obeys the request's topology and the rule that a gang stays in its zone. */
export function obeys(set: readonly NodeState[], { topology, spread }: PlacementRequest): boolean {
  const domains = (level: DomainLevel) => set.map((node) => domainOf(node, level));
  const count = (level: DomainLevel) => new Set(domains(level)).size;
  if (count('zone') > 1) return false;
  if (topology === 'same_rack') return count('rack') === 1;
  if (topology === 'same_leaf') return count('leaf') === 1;
  if (topology === 'same_spine') return count('spine') === 1;
  if (topology !== 'spread') return true;
  const all = domains(spread?.level ?? 'leaf');
  return all.every((one) => all.filter((other) => other === one).length <= (spread?.mostPerDomain ?? 1));
}

/** The least (leaves, spines, excess) in this order over every set of nodes that satisfies the request; null if none. */
export function bestPossible(fleet: readonly NodeState[], request: PlacementRequest): Best | null {
  const fitting = fittingNodes(fleet, request);
  let best: Best | null = null;
  for (const set of subsets(fitting, request.nodeCount)) {
    if (!obeys(set, request)) continue;
    const leaves = new Set(set.map((node) => domainOf(node, 'leaf')));
    const spines = new Set(set.map((node) => domainOf(node, 'spine'))).size;
    const excess = fitting.filter((node) => leaves.has(domainOf(node, 'leaf'))).length - request.nodeCount;
    const found = { leaves: leaves.size, spines, excess };
    if (best === null || compare(found, best) < 0) best = found;
  }
  return best;
}

function compare(a: Best, b: Best): number {
  return a.leaves - b.leaves || a.spines - b.spines || a.excess - b.excess;
}
