/** Instance or cluster: one kind of thing with two faces (docs/adr/0002). */
export type WorkloadKind = 'instance' | 'cluster';
export type Topology = 'any' | 'same_spine' | 'same_leaf';

/** The accelerators that a launch or start asks for. */
export interface Demand {
  regionId: string;
  modelId: string;
  nodeCount: number;
  gpusPerNode: number;
  /** The only zone it may run in; null: any of the region. */
  zoneId: string | null;
  topology: Topology;
  /** False: the topology is a wish. */
  topologyRequired: boolean;
  /** fail: refuse when there is no capacity; queue: wait for it. */
  onCapacity: 'fail' | 'queue';
}

/** Everything a create says. */
export interface WorkloadSpec extends Demand {
  kind: WorkloadKind;
  name: string;
  projectId: string | null;
  image: string;
  sshKeyIds: string[];
  startupScript: string | null;
  environment: Record<string, string>;
  labels: Record<string, string>;
  deletionProtection: boolean;
  /** Null: the default class. */
  priorityClass: string | null;
  preemptible: boolean;
  movable: boolean;
  expectedDurationS: number | null;
  /** It starts no sooner: an instant in ISO 8601. */
  notBefore: string | null;
  /** It is given up when it has waited this long, from `notBefore` on; null: the longest that anything waits. */
  maxWaitS: number | null;
  /** Every run is stopped when it has lasted this long. */
  maxDurationS: number | null;
}

/** Accelerators of all nodes. */
export function gpusOf(demand: Pick<Demand, 'nodeCount' | 'gpusPerNode'>): number {
  return demand.nodeCount * demand.gpusPerNode;
}
