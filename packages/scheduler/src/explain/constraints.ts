import type { FleetView } from '../state/fleet-view';
import type { Constraint, PlacementRequest } from '../types';

/** Conditions that a request makes, in the order in which they are named. */
export function constraintsOf(state: FleetView, request: PlacementRequest): Constraint[] {
  const made: Constraint[] = [];
  if (request.excludedNodeIds.length > 0) made.push('excluded');
  if (request.antiAffinity?.some((one) => !one.preferred)) made.push('anti_affinity');
  if ((request.labelRules?.length ?? 0) > 0 || state.attributes.tainted) made.push('labels');
  if (request.zoneIds) made.push('zones');
  if (request.resources) made.push('resources');
  return made;
}

/** The request without one of its conditions. */
export function without(state: FleetView, request: PlacementRequest, constraint: Constraint): PlacementRequest {
  const { antiAffinity: _apart, zoneIds: _zones, resources: _resources, ...rest } = request;
  switch (constraint) {
    case 'excluded':
      return { ...request, excludedNodeIds: [] };
    case 'anti_affinity':
      return { ...request, antiAffinity: [] };
    case 'labels':
      return { ...request, labelRules: [], tolerations: everyTaint(state) };
    case 'zones':
      return withKept(rest, request, ['antiAffinity', 'resources']);
    case 'resources':
      return withKept(rest, request, ['antiAffinity', 'zoneIds']);
  }
}

function withKept(
  rest: PlacementRequest,
  request: PlacementRequest,
  keys: readonly ('antiAffinity' | 'zoneIds' | 'resources')[],
): PlacementRequest {
  const kept = keys.filter((key) => request[key] !== undefined).map((key) => [key, request[key]]);
  return { ...rest, ...Object.fromEntries(kept) };
}

function everyTaint(state: FleetView): { key: string }[] {
  const keys = new Set(state.attributes.list.flatMap(({ taints }) => taints.map(({ key }) => key)));
  return [...keys].map((key) => ({ key }));
}
