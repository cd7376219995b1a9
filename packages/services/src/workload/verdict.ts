import { mintId } from '@suanxiang/domain/ids';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import type { WorkloadAnswers } from './read-workloads';
import type { WorkloadKind, WorkloadSpec } from './spec';

interface VerdictInput {
  projectId: string;
  sku: string;
  currency: string;
  microPerGpuHour: bigint;
  priorityClass: string;
  createdBy: string;
  nowMs: number;
}

/** The workload that a create would answer with. Nothing with its id exists, and it has no operation. */
export function verdictAnswer<K extends WorkloadKind>(
  spec: WorkloadSpec & { kind: K },
  input: VerdictInput,
): WorkloadAnswers[K] {
  const now = new Date(input.nowMs).toISOString();
  const common = {
    id: mintId(spec.kind === 'instance' ? 'workloadInstance' : 'workloadCluster', input.nowMs),
    name: spec.name,
    project_id: input.projectId,
    region_id: spec.regionId,
    zone_id: null,
    requested_zone_id: spec.zoneId,
    accelerator_id: spec.modelId,
    sku: input.sku,
    image: spec.image,
    labels: spec.labels,
    ssh_key_ids: spec.sshKeyIds,
    state: 'queued' as const,
    status_reason: null,
    waiting: null,
    eviction: null,
    priority_class: input.priorityClass,
    preemptible: spec.preemptible,
    movable: spec.movable,
    expected_duration_s: spec.expectedDurationS,
    not_before: spec.notBefore,
    max_wait_s: spec.maxWaitS,
    max_duration_s: spec.maxDurationS,
    ends_at: null,
    deletion_protection: spec.deletionProtection,
    price_per_gpu_hour: formatMicro(input.microPerGpuHour, input.currency as Currency),
    currency: input.currency as Currency,
    version: 1,
    created_by: input.createdBy,
    created_at: now,
    updated_at: now,
    running_since: null,
    terminated_at: null,
    operation: null,
  };
  const shapes: WorkloadAnswers = {
    instance: { ...common, gpus: spec.gpusPerNode, ssh: null, node: null },
    cluster: {
      ...common,
      node_count: spec.nodeCount,
      gpus_per_node: spec.gpusPerNode,
      topology: spec.topology,
      topology_mode: spec.topologyRequired ? ('required' as const) : ('preferred' as const),
      nodes: [],
    },
  };
  return shapes[spec.kind];
}
