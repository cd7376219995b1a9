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

/**
 * Where the parts of a request may lie. `same_rack`, `same_leaf`, `same_spine`: all nodes below one; `same_island`: the
 * devices of each node in one island; `spread`: few nodes below each domain, see `spread`; `any`: as close as possible.
 */
export type Topology = 'any' | 'same_spine' | 'same_leaf' | 'same_rack' | 'same_island' | 'spread';

/** A level of the network whose domains can fail together. */
export type DomainLevel = 'node' | 'rack' | 'leaf' | 'spine' | 'zone';

/** A condition on a node's labels. `in` and `not_in` name values; a node without the label satisfies `not_in`. */
export type LabelRule =
  | { key: string; op: 'in' | 'not_in'; values: readonly string[] }
  | { key: string; op: 'exists' | 'absent' };

/** A taint that a request can live with: of this value, or of any when the value is unset. */
export interface Toleration {
  key: string;
  value?: string;
}

/** Stay away from the domains of these nodes, at one level. */
export interface AntiAffinity {
  level: DomainLevel;
  nodeIds: readonly string[];
  /** A wish that gives way when it cannot be met. */
  preferred?: boolean;
}

export interface PlacementRequest {
  requestId: string;
  regionId: string;
  modelId: string;
  /** Models that are as welcome as `modelId`, tried after it in this order. See request/choose-models. */
  alternatives?: readonly string[];
  /** 1 = a single node; more = a gang, placed whole or not at all on as many different nodes of one zone. */
  nodeCount: number;
  /** An elastic gang starts with as many of `nodeCount` nodes as fit, if they are at least so many. */
  minNodeCount?: number;
  /** 1 or more on each node. */
  gpusPerNode: number;
  /** A slice: share of one device in thousandths, 1 to 999. Unset: whole devices. */
  milli?: number;
  /** On each node, beside the devices. */
  resources?: Partial<NodeResources>;
  topology: Topology;
  /** The topology is a wish: looser ones are tried when it cannot be met. */
  topologyPreferred?: boolean;
  /** For topology `spread`: at most so many nodes below one domain. Unset: one below each leaf. */
  spread?: { level: 'rack' | 'leaf' | 'spine'; mostPerDomain: number };
  /** Nodes that must not be used, for example because they just refused this request. */
  excludedNodeIds: readonly string[];
  antiAffinity?: readonly AntiAffinity[];
  /** All must hold. */
  labelRules?: readonly LabelRule[];
  tolerations?: readonly Toleration[];
  /** Only these zones. Unset: every zone of the region. */
  zoneIds?: readonly string[];
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
  modelId: string;
  zoneId: string;
  /** As many as were asked for; fewer for an elastic gang. */
  nodes: PlacedNode[];
  spans: { spines: number; leaves: number; racks: number };
  why: Reason;
}

/** A condition of a request, other than its size and topology, that can be given up as a whole. */
export type Constraint = 'excluded' | 'anti_affinity' | 'labels' | 'zones' | 'resources';

/**
 * What stands in the way: the first of these that holds. `too_large`: it would not fit if nothing ran. A constraint:
 * without it alone the request would fit, or nothing of the model is left with it.
 */
export type Binding = 'model_not_offered' | 'too_large' | Constraint | 'capacity' | 'node_size' | 'topology';

/** Counts behind a refusal, of the welcome models in the asked region, over nodes that may take this work. */
export interface CapacityFacts {
  total: number;
  /** Devices free in whole; for a slice, those with enough of a share. */
  free: number;
  /** Most free devices on one node. */
  largestFree: number;
  /** Nodes with all devices free. */
  wholeNodesFree: number;
  /** Nodes that could take one part of the request: in the best zone, below the best spine, leaf and rack. */
  fittingNodes: { zone: number; spine: number; leaf: number; rack: number };
  /** What would fit if nothing ran and all worked: nodes of the request's size, devices on the largest node. */
  ever: { nodeCount: number; gpusPerNode: number };
}

/** The request with one thing changed, which would be placed now. */
export type WouldFit =
  | { change: 'size'; nodeCount: number; gpusPerNode: number }
  | { change: 'topology'; topology: Topology }
  | { change: 'without'; constraint: Constraint }
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
