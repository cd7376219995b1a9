import type { OperationId } from '@suanxiang/contract/routes';
import type { Permission } from '@suanxiang/domain/permissions';
import type { Cluster, Instance, Workload } from '@/api/types';
import { paths } from '@/nav/paths';

/** Instances and clusters live the same life under different addresses; this table is all that differs. */
export type WorkloadKind = 'instance' | 'cluster';

interface KindFacts {
  list: OperationId;
  get: OperationId;
  update: OperationId;
  stop: OperationId;
  start: OperationId;
  terminate: OperationId;
  events: OperationId;
  metrics: OperationId;
  cost: OperationId;
  logs: 'getInstanceLogs' | 'getClusterLogs';
  terminal: 'openInstanceTerminal' | 'openClusterTerminal';
  /** Name of the path parameter. */
  param: string;
  modify: Permission;
  remove: Permission;
  create: Permission;
  href: (org: string, project: string, id: string) => string;
  listHref: (org: string, project: string) => string;
  newHref: (org: string, project: string) => string;
}

export const KINDS: Record<WorkloadKind, KindFacts> = {
  instance: {
    list: 'listInstances',
    get: 'getInstance',
    update: 'updateInstance',
    stop: 'stopInstance',
    start: 'startInstance',
    terminate: 'terminateInstance',
    events: 'listInstanceEvents',
    metrics: 'getInstanceMetrics',
    cost: 'getInstanceCost',
    logs: 'getInstanceLogs',
    terminal: 'openInstanceTerminal',
    param: 'instance_id',
    modify: 'instance.modify',
    remove: 'instance.delete',
    create: 'instance.create',
    href: paths.instance,
    listHref: paths.instances,
    newHref: paths.launch,
  },
  cluster: {
    list: 'listClusters',
    get: 'getCluster',
    update: 'updateCluster',
    stop: 'stopCluster',
    start: 'startCluster',
    terminate: 'terminateCluster',
    events: 'listClusterEvents',
    metrics: 'getClusterMetrics',
    cost: 'getClusterCost',
    logs: 'getClusterLogs',
    terminal: 'openClusterTerminal',
    param: 'cluster_id',
    modify: 'cluster.modify',
    remove: 'cluster.delete',
    create: 'cluster.create',
    href: paths.cluster,
    listHref: paths.clusters,
    newHref: paths.newCluster,
  },
};

export function isCluster(workload: Workload): workload is Cluster {
  return 'node_count' in workload;
}

export function kindOf(workload: Workload): WorkloadKind {
  return isCluster(workload) ? 'cluster' : 'instance';
}

/** Accelerators of a workload on all its nodes. */
export function gpusOf(workload: Instance | Cluster): number {
  return isCluster(workload) ? workload.node_count * workload.gpus_per_node : workload.gpus;
}

/** Path parameters that name a workload. */
export function paramsOf(kind: WorkloadKind, id: string): Record<string, string> {
  return { [KINDS[kind].param]: id };
}
