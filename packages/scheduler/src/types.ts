/** What the scheduler is told about a fleet and what it answers. Pure data: ids are opaque, names order and break ties. */

export type DeviceHealth = 'ok' | 'degraded' | 'failed' | 'unknown';

export interface DeviceState {
  deviceId: string;
  /** Position on its node, 0-based. */
  index: number;
  modelId: string;
  /** Devices of one node with the same number share the fast interconnect. */
  island: number;
  health: DeviceHealth;
  /** Held by nobody. */
  free: boolean;
}

export interface NodeState {
  nodeId: string;
  name: string;
  regionId: string;
  zoneId: string;
  spine: string;
  leaf: string;
  rack: string;
  /** May take new work: not lost, cordoned or draining. */
  available: boolean;
  devices: readonly DeviceState[];
}

export type Topology = 'any' | 'same_spine' | 'same_leaf';

export interface PlacementRequest {
  requestId: string;
  regionId: string;
  modelId: string;
  /** 1 = a single node; more = a gang, placed whole or not at all on as many different nodes of one zone. */
  nodeCount: number;
  /** 1 or more on each node. */
  gpusPerNode: number;
  topology: Topology;
  /** Nodes that must not be used, for example because they just refused this request. */
  excludedNodeIds: readonly string[];
}

/** A sentence for people, in both languages, with a stable code. */
export interface Reason {
  code: string;
  en: string;
  zh: string;
}

export interface PlacedNode {
  /** 0-based, neighbours in rank are neighbours in the network. */
  rank: number;
  nodeId: string;
  deviceIds: string[];
}

export interface Decision {
  placed: true;
  requestId: string;
  zoneId: string;
  nodes: PlacedNode[];
  spans: { spines: number; leaves: number; racks: number };
  why: Reason;
}

/** What stands in the way: the first of these that holds. */
export type Binding = 'model_not_offered' | 'capacity' | 'node_size' | 'topology' | 'excluded';

/** Counts behind a refusal, of the asked model in the asked region, over nodes that may take new work. */
export interface CapacityFacts {
  total: number;
  free: number;
  /** Most free devices on one node. */
  largestFree: number;
  /** Nodes with all devices free. */
  wholeNodesFree: number;
  /** Nodes that could take one part of the request: in the best zone, under the best spine, under the best leaf. */
  fittingNodes: { zone: number; spine: number; leaf: number };
}

/** The request with one thing changed, which would be placed now. */
export type WouldFit =
  | { change: 'size'; nodeCount: number; gpusPerNode: number }
  | { change: 'topology'; topology: Topology }
  | { change: 'region'; regionId: string }
  | { change: 'model'; modelId: string };

export interface Refusal {
  placed: false;
  requestId: string;
  binding: Binding;
  facts: CapacityFacts;
  wouldFit: WouldFit[];
  reason: Reason;
}
