import { fewestDomains, fewestGroups, leastExcess } from './fewest-domains';
import type { FleetState } from './fleet-state';
import { candidates } from './place-single';
import type { PlacementPolicy } from './policy';
import { pickOf } from './state/node-class';
import { compareText } from './state/text-order';
import type { Decision, PlacementRequest, Reason, Topology } from './types';

/** An entry that can take one part of the gang. */
export interface Part {
  entry: number;
  mask: number;
  score: number;
}

/** Parts below one domain, and the name that orders it. */
export interface Domain {
  name: string;
  parts: Part[];
}

interface Plan {
  leaves: Domain[];
  spines: number;
  excess: number;
  zoneId: string;
  zoneFree: number;
}

/** Entries that can each take one part of the request, per zone, best first within equal domains. */
export function partsByZone(state: FleetState, request: PlacementRequest, policy: PlacementPolicy): Domain[] {
  const parts: Part[] = [];
  for (const entry of candidates(state, request)) {
    const pick = pickOf(state.classOf(entry), request.gpusPerNode);
    if (pick) parts.push({ entry, mask: pick.mask, score: policy.score(state, entry, pick) });
  }
  return groupParts(parts, (part) => state.nodeOf(part.entry).zoneId);
}

/** Names of a spine, leaf or rack with those above it, so that equal names of two zones stay apart. */
export function spinePath(state: FleetState, entry: number): string {
  const { zoneId, spine } = state.nodeOf(entry);
  return `${zoneId}/${spine}`;
}

export function leafPath(state: FleetState, entry: number): string {
  return `${spinePath(state, entry)}/${state.nodeOf(entry).leaf}`;
}

function rackPath(state: FleetState, entry: number): string {
  return `${leafPath(state, entry)}/${state.nodeOf(entry).rack}`;
}

/** Groups parts by a domain's name, domains in name order. */
export function groupParts(parts: readonly Part[], nameOf: (part: Part) => string): Domain[] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const name = nameOf(part);
    const group = groups.get(name);
    if (group) group.push(part);
    else groups.set(name, [part]);
  }
  return [...groups].map(([name, group]) => ({ name, parts: group })).sort((a, b) => compareText(a.name, b.name));
}

/**
 * Places a gang whole or not at all, in one zone: fewest leaves, then fewest spines, then the least left over in the
 * leaves it breaks; the same inside each leaf for racks. Ranks follow the topology. Null when it does not fit.
 */
export function placeGang(state: FleetState, request: PlacementRequest, policy: PlacementPolicy): Decision | null {
  const plans = partsByZone(state, request, policy)
    .map((zone) => planZone(state, zone, request.nodeCount, request.topology))
    .filter((plan) => plan !== null);
  plans.sort(
    (a, b) =>
      a.leaves.length - b.leaves.length ||
      a.spines - b.spines ||
      a.excess - b.excess ||
      a.zoneFree - b.zoneFree ||
      compareText(a.zoneId, b.zoneId),
  );
  const plan = plans[0];
  return plan ? decide(state, request, plan) : null;
}

function planZone(state: FleetState, zone: Domain, need: number, topology: Topology): Plan | null {
  if (zone.parts.length < need) return null;
  const leaves = groupParts(zone.parts, (part) => leafPath(state, part.entry));
  const spines = spinesOf(state, leaves);
  if (topology === 'same_leaf') return bestOf(zone, [leaves], need, 1);
  if (topology === 'same_spine') {
    const counts = spines.map((spine) => fewestDomains(sizes(spine), need)).filter((count) => count !== null);
    return counts.length === 0 ? null : bestOf(zone, spines, need, Math.min(...counts));
  }
  const count = fewestDomains(sizes(leaves), need);
  if (count === null) return null;
  const within = bestOf(zone, spines, need, count);
  if (within) return within;
  const chosen = fewestGroups(spines.map(sizes), count, need);
  return chosen ? bestOf(zone, [chosen.flatMap((index) => spines[index]!)], need, count, chosen.length) : null;
}

function sizes(leaves: readonly Domain[]): number[] {
  return leaves.map((leaf) => leaf.parts.length);
}

function spinesOf(state: FleetState, leaves: readonly Domain[]): Domain[][] {
  const groups = new Map<number, Domain[]>();
  for (const leaf of leaves) {
    const spine = state.tables.spine[leaf.parts[0]!.entry]!;
    const group = groups.get(spine);
    if (group) group.push(leaf);
    else groups.set(spine, [leaf]);
  }
  return [...groups.values()];
}

/** Among sets of leaves, the one that gives `need` from exactly `count` leaves with least excess, then least free. */
function bestOf(zone: Domain, sets: readonly Domain[][], need: number, count: number, spines = 1): Plan | null {
  let best: (Plan & { free: number }) | null = null;
  for (const set of sets) {
    // Small leaves first, so that among equal choices the largest stay untouched.
    const ordered = [...set].sort((a, b) => a.parts.length - b.parts.length || compareText(a.name, b.name));
    if (fewestDomains(sizes(ordered), need) !== count) continue;
    const leaves = leastExcess(sizes(ordered), count, need).map((index) => ordered[index]!);
    const excess = leaves.reduce((sum, leaf) => sum + leaf.parts.length, 0) - need;
    const free = ordered.reduce((sum, leaf) => sum + leaf.parts.length, 0);
    if (best === null || excess < best.excess || (excess === best.excess && free < best.free)) {
      best = { leaves, spines, excess, zoneId: zone.name, zoneFree: zone.parts.length, free };
    }
  }
  return best;
}

/** `need` parts of a leaf: fewest racks, least left over in them, best nodes within a rack. */
function partsOfLeaf(state: FleetState, leaf: Domain, need: number): Part[] {
  const racks = groupParts(leaf.parts, (part) => rackPath(state, part.entry)).sort(
    (a, b) => a.parts.length - b.parts.length || compareText(a.name, b.name),
  );
  const count = fewestDomains(sizes(racks), need)!;
  const chosen: Part[] = [];
  for (const index of leastExcess(sizes(racks), count, need)) {
    const byScore = [...racks[index]!.parts].sort(
      (a, b) => a.score - b.score || state.tables.order[a.entry]! - state.tables.order[b.entry]!,
    );
    chosen.push(...byScore.slice(0, need - chosen.length));
  }
  return chosen;
}

function decide(state: FleetState, request: PlacementRequest, plan: Plan): Decision {
  const chosen: Part[] = [];
  // Leaves come smallest first: all but the largest are used up, and what is left over lies together in one leaf.
  for (const leaf of plan.leaves) {
    chosen.push(...partsOfLeaf(state, leaf, Math.min(leaf.parts.length, request.nodeCount - chosen.length)));
  }
  const path = (part: Part) => rackPath(state, part.entry);
  chosen.sort((a, b) => compareText(path(a), path(b)) || state.tables.order[a.entry]! - state.tables.order[b.entry]!);
  const spans = {
    spines: plan.spines,
    leaves: plan.leaves.length,
    racks: new Set(chosen.map(path)).size,
  };
  return {
    placed: true,
    requestId: request.requestId,
    zoneId: plan.zoneId,
    nodes: chosen.map((part, rank) => ({
      rank,
      nodeId: state.nodeOf(part.entry).nodeId,
      deviceIds: state.deviceIds(part.entry, part.mask),
    })),
    spans,
    why: whyGang(spans, request.nodeCount),
  };
}

function whyGang(spans: Decision['spans'], nodes: number): Reason {
  return {
    code: 'fewest_domains',
    en: `${nodes} nodes under ${spans.leaves} leaf switch(es) of ${spans.spines} spine(s): the fewest possible now.`,
    zh: `${nodes} 个节点位于 ${spans.leaves} 台叶交换机、${spans.spines} 个主干之下，为当前可行的最少数量。`,
  };
}
