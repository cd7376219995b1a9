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
  /** Free share in thousandths, for a device that is shared: 1 to 999. Unset: 1000 when free, 0 when held. */
  freeMilli?: number;
}

/** Amounts of what a node has beside accelerators. */
export interface NodeResources {
  vcpuMilli: number;
  memoryBytes: number;
  diskBytes: number;
  networkMbps: number;
}

/** Keeps work away that does not tolerate it. */
export interface Taint {
  key: string;
  value: string;
}

export interface NodeState {
  nodeId: string;
  name: string;
  regionId: string;
  zoneId: string;
  /** A level that a fleet does not have is the empty text: the level above stands for it. */
  spine: string;
  leaf: string;
  rack: string;
  /** May take new work: not lost, cordoned or draining. */
  available: boolean;
  devices: readonly DeviceState[];
  /** In total. What is unset is not counted: anything fits. */
  resources?: Partial<NodeResources>;
  /** Of the total, held by running work. */
  held?: Partial<NodeResources>;
  labels?: Readonly<Record<string, string>>;
  taints?: readonly Taint[];
  /** 0 to 1000: how likely the node is to fail (it flapped, it was repaired). The more, the later it is chosen. */
  suspicionMilli?: number;
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

/** What a decision takes on one node: `FleetState.hold` takes it, `FleetState.release` gives it back. */
export interface PlacedNode {
  /** 0-based, neighbours in rank are neighbours in the network. */
  rank: number;
  nodeId: string;
  deviceIds: string[];
  /** Share of each device in thousandths. Unset: whole devices. */
  milli?: number;
  /** Taken beside the devices. */
  resources?: Partial<NodeResources>;
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
