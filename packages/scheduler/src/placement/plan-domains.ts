import type { PlacementPolicy } from '../policy';
import type { RequestFilter } from '../request/request-filter';
import type { FleetView } from '../state/fleet-view';
import type { PlacementRequest } from '../types';
import { bestParts, groupBy, type Part, partsOf, type ZoneRoom } from './gang-parts';

/** The rarer topologies, which look at every part: one rack for all, and few below each domain. */

interface Context {
  state: FleetView;
  request: PlacementRequest;
  filter: RequestFilter;
  policy: PlacementPolicy;
}

function partsOfZone({ state, request, filter, policy }: Context, zone: ZoneRoom): Part[] {
  return zone.leaves.flatMap(({ pocket }) => partsOf(state, pocket, request, filter, policy));
}

/** Most parts that one rack can take. */
export function mostInRack(context: Context, zones: readonly ZoneRoom[]): number {
  const racks = zones.flatMap((zone) => groupBy(context.state.tables.rack, partsOfZone(context, zone)));
  return Math.max(0, ...racks.map((rack) => rack.length));
}

/** `need` parts below one rack: the rack with the least room that has enough, the first of equals in network order. */
export function planRack(context: Context, zones: readonly ZoneRoom[], need: number): Part[] | null {
  let best: Part[] | null = null;
  for (const zone of zones) {
    for (const rack of groupBy(context.state.tables.rack, partsOfZone(context, zone))) {
      if (rack.length >= need && (best === null || rack.length < best.length)) best = rack;
    }
  }
  return best && bestParts(context.state, best, need);
}

function domainsOf(context: Context, zone: ZoneRoom): Part[][] {
  const { rack, leaf, spine } = context.state.tables;
  const column = { rack, leaf, spine }[context.request.spread?.level ?? 'leaf'];
  return groupBy(column, partsOfZone(context, zone));
}

function takenAtMost(domains: readonly Part[][], perDomain: number): number {
  return domains.reduce((total, domain) => total + Math.min(domain.length, perDomain), 0);
}

/** Most parts that can be spread as asked. */
export function mostSpread(context: Context, zones: readonly ZoneRoom[]): number {
  const perDomain = context.request.spread?.mostPerDomain ?? 1;
  return Math.max(0, ...zones.map((zone) => takenAtMost(domainsOf(context, zone), perDomain)));
}

/**
 * `need` parts as evenly as can be, never more than asked below one domain: the zone where the fullest domain gets fewest;
 * there the domains with the least room give first, so that large ones stay unbroken.
 */
export function planSpread(context: Context, zones: readonly ZoneRoom[], need: number): Part[] | null {
  const allowed = context.request.spread?.mostPerDomain ?? 1;
  let best: { domains: Part[][]; perDomain: number; room: number } | null = null;
  for (const zone of zones) {
    const domains = domainsOf(context, zone);
    let perDomain = Math.ceil(need / Math.max(1, domains.length));
    while (perDomain < need && takenAtMost(domains, perDomain) < need) perDomain += 1;
    if (perDomain > allowed || takenAtMost(domains, perDomain) < need) continue;
    const room = zone.capacity;
    const better = best === null || perDomain < best.perDomain || (perDomain === best.perDomain && room < best.room);
    if (better) best = { domains, perDomain, room };
  }
  if (best === null) return null;
  const chosen: Part[] = [];
  // A stable sort: domains of equal room keep their order along the network.
  for (const domain of [...best.domains].sort((a, b) => a.length - b.length)) {
    const count = Math.min(best.perDomain, domain.length, need - chosen.length);
    chosen.push(...bestParts(context.state, domain, count));
  }
  return chosen;
}
