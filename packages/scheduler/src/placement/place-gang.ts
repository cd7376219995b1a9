import type { PlacementPolicy } from '../policy';
import { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import { compareInLeaf } from '../state/network-order';
import { compareText } from '../state/text-order';
import type { Decision, PlacementRequest, Reason } from '../types';
import { fewestDomains, leastExcess } from './fewest-domains';
import { bestParts, groupBy, type LeafRoom, type Part, partsOf, roomByZone, type ZoneRoom } from './gang-parts';
import { placedNode } from './place-single';
import { mostInRack, mostSpread, planRack, planSpread } from './plan-domains';
import { mostParts, planLeaves } from './plan-leaves';

/**
 * Places a gang on its model whole or not at all, in one zone: fewest leaves, then fewest spines, then the least left over
 * in the leaves it breaks; the same inside each leaf for racks. Ranks follow the network. Null when it does not fit.
 */
export function placeGang(state: FleetView, request: PlacementRequest, policy: PlacementPolicy): Decision | null {
  const pool = state.poolOf(request.regionId, request.modelId);
  if (pool === null) return null;
  const filter = new RequestFilter(state, request);
  const zones = roomByZone(state, pool, request, filter);
  const parts = chooseParts(state, request, filter, policy, zones);
  return parts && decisionOf(state, request, parts);
}

/** Most nodes, up to `nodeCount`, with which a gang could be placed on its model now. */
export function mostNodes(state: FleetView, request: PlacementRequest, policy: PlacementPolicy): number {
  const pool = state.poolOf(request.regionId, request.modelId);
  if (pool === null) return 0;
  const filter = new RequestFilter(state, request);
  const zones = roomByZone(state, pool, request, filter);
  const context = { state, request, filter, policy };
  const most =
    request.topology === 'same_rack'
      ? mostInRack(context, zones)
      : request.topology === 'spread'
        ? mostSpread(context, zones)
        : mostParts(zones, request.topology);
  return Math.min(most, request.nodeCount);
}

function chooseParts(
  state: FleetView,
  request: PlacementRequest,
  filter: RequestFilter,
  policy: PlacementPolicy,
  zones: readonly ZoneRoom[],
): Part[] | null {
  const need = request.nodeCount;
  const context = { state, request, filter, policy };
  if (request.topology === 'same_rack') return planRack(context, zones, need);
  if (request.topology === 'spread') return planSpread(context, zones, need);
  const plan = planLeaves(state, zones, need, request.topology);
  if (!plan) return null;
  const chosen: Part[] = [];
  // Leaves come smallest first: all but the largest are used up, and what is left over lies together in one leaf.
  for (const leaf of plan.leaves) {
    const parts = partsOf(state, leaf.pocket, request, filter, policy);
    chosen.push(...partsOfLeaf(state, leaf, parts, Math.min(leaf.capacity, need - chosen.length)));
  }
  return chosen;
}

/** `need` parts of a leaf: fewest racks, least left over in them, best nodes within a rack. */
function partsOfLeaf(state: FleetView, leaf: LeafRoom, parts: Part[], need: number): Part[] {
  if (leaf.capacity === need) return parts;
  const { racks: names } = state;
  const { rack } = state.tables;
  const racks = groupBy(rack, parts).sort((a, b) =>
    compareText(names.list[rack[a[0]!.entry]!]!, names.list[rack[b[0]!.entry]!]!),
  );
  const sizes = racks.map((one) => one.length);
  const chosen: Part[] = [];
  const taken = leastExcess(sizes, fewestDomains(sizes, need)!, need).map((index) => racks[index]!);
  for (const one of taken.sort((a, b) => a.length - b.length)) {
    chosen.push(...bestParts(state, one, need - chosen.length));
  }
  return chosen;
}

function decisionOf(state: FleetView, request: PlacementRequest, parts: Part[]): Decision {
  const { rack, leaf, spine } = state.tables;
  const placeOf = (part: Part) => state.pocketOf(part.entry).place;
  const ranked = parts.sort((a, b) => placeOf(a) - placeOf(b) || compareInLeaf(state, a.entry, b.entry));
  const spans = {
    spines: new Set(ranked.map((part) => spine[part.entry]!)).size,
    leaves: new Set(ranked.map((part) => leaf[part.entry]!)).size,
    racks: new Set(ranked.map((part) => rack[part.entry]!)).size,
  };
  return {
    placed: true,
    requestId: request.requestId,
    modelId: request.modelId,
    zoneId: state.nodeOf(ranked[0]!.entry).zoneId,
    nodes: ranked.map((part, rank) => placedNode(state, request, part, rank)),
    spans,
    why: request.topology === 'spread' ? whySpread(spans, ranked.length) : whyGang(spans, ranked.length),
  };
}

function whyGang(spans: Decision['spans'], nodes: number): Reason {
  return {
    code: 'fewest_domains',
    en: `${nodes} nodes under ${spans.leaves} leaf switch(es) of ${spans.spines} spine(s): the fewest possible now.`,
    zh: `${nodes} 个节点位于 ${spans.leaves} 台叶交换机、${spans.spines} 个主干之下，为当前可行的最少数量。`,
  };
}

function whySpread(spans: Decision['spans'], nodes: number): Reason {
  return {
    code: 'spread',
    en: `${nodes} nodes spread over ${spans.racks} rack(s), ${spans.leaves} leaf switch(es) and ${spans.spines} spine(s).`,
    zh: `${nodes} 个节点分散在 ${spans.racks} 个机架、${spans.leaves} 台叶交换机和 ${spans.spines} 个主干之下。`,
  };
}
