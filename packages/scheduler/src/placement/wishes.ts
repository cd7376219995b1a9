import type { PlacementRequest, Topology } from '../types';

/** Topologies that ask for less, the nearest first. */
export const LOOSER: Readonly<Record<Topology, readonly Topology[]>> = {
  same_rack: ['same_leaf', 'same_spine', 'any'],
  same_leaf: ['same_spine', 'any'],
  same_spine: ['any'],
  same_island: ['any'],
  spread: ['any'],
  any: [],
};

/**
 * A request's wishes as requirements, then with one after the other given up: first the topology, step by step, then
 * preferred anti-affinity. A request without wishes is its only variant.
 */
export function wishVariants(request: PlacementRequest): PlacementRequest[] {
  const apart = request.antiAffinity ?? [];
  const required = apart.filter((one) => !one.preferred);
  if (!request.topologyPreferred && required.length === apart.length) return [request];
  const topologies = request.topologyPreferred ? steps(request) : [request];
  if (required.length === apart.length) return topologies;
  return [...topologies, ...topologies.map((one) => ({ ...one, antiAffinity: required }))];
}

/** A wish for spreading gives way by more below one domain, still as even as can be; others by a looser topology. */
function steps(request: PlacementRequest): PlacementRequest[] {
  const strict = { ...request, topologyPreferred: false };
  if (request.topology === 'spread') {
    const level = request.spread?.level ?? 'leaf';
    return [strict, { ...strict, spread: { level, mostPerDomain: request.nodeCount } }];
  }
  return [strict, ...LOOSER[request.topology].map((topology) => ({ ...strict, topology }))];
}
