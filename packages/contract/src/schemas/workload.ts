import { OPERATION_KINDS, OPERATION_STATUSES, WORKLOAD_STATES } from '@suanxiang/domain/workload-state';
import { z } from 'zod';
import {
  countedPageQuery,
  currency,
  decimal,
  epochSeconds,
  idOf,
  machineName,
  money,
  statusReason,
  timestamp,
} from './common';
import { eviction, waiting } from './queue';
import { verdict } from './verdict';

export const workloadState = z.enum(WORKLOAD_STATES).meta({ id: 'WorkloadState' });
export const gpuCount = z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)], {
  error: 'must be 1, 2, 4 or 8',
});
export const labels = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9._/-]{0,62}$/), z.string().max(255))
  .refine((map) => Object.keys(map).length <= 32, 'at most 32 labels');
export const environment = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), z.string().max(4096))
  .refine((map) => Object.keys(map).length <= 64, 'at most 64 variables');
export const image = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._/:@-]{0,254}$/, 'an image reference like suanxiang/pytorch:2.9')
  .default('suanxiang/pytorch:2.9');

export const operationStep = z.object({
  name: z.string(),
  status: z.enum(['pending', 'running', 'done', 'failed', 'skipped']),
  phase: z.string().nullable().describe('Finer progress inside the step, for example pulling_image'),
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
});
export const operation = z
  .object({
    id: idOf('operation'),
    kind: z.enum(OPERATION_KINDS),
    status: z.enum(OPERATION_STATUSES),
    resource_id: z.string(),
    steps: z.array(operationStep),
    error: statusReason.nullable(),
    created_at: timestamp,
    finished_at: timestamp.nullable(),
  })
  .meta({ id: 'Operation' });

const workloadFields = {
  name: z.string(),
  project_id: idOf('project'),
  region_id: z.string(),
  zone_id: z.string().nullable(),
  requested_zone_id: z.string().nullable().describe('The only zone it may run in'),
  accelerator_id: z.string(),
  sku: z.string(),
  image: z.string(),
  labels: z.record(z.string(), z.string()),
  ssh_key_ids: z.array(z.string()),
  state: workloadState,
  status_reason: statusReason.nullable(),
  waiting: waiting.nullable().describe('Why it waits for accelerators, and when it will start; as last looked at'),
  eviction: eviction.nullable().describe('It has been told to make room'),
  priority_class: z.string(),
  preemptible: z.boolean(),
  movable: z.boolean(),
  expected_duration_s: z.number().int().nullable(),
  not_before: timestamp.nullable().describe('It starts no sooner'),
  max_wait_s: z.number().int().nullable(),
  max_duration_s: z.number().int().nullable(),
  ends_at: timestamp.nullable().describe('When the present run reaches max_duration_s and is stopped'),
  deletion_protection: z.boolean(),
  price_per_gpu_hour: decimal,
  currency,
  version: z.number().int(),
  created_by: z.string(),
  created_at: timestamp,
  updated_at: timestamp,
  running_since: timestamp.nullable(),
  terminated_at: timestamp.nullable(),
  operation: operation.nullable().describe('The newest operation on it'),
  verdict: verdict.optional().describe('Only with validate_only: price, quota, money and capacity as they stand'),
};
export const sshEndpoint = z.object({ host: z.string(), port: z.number().int(), user: z.string() });

export const instance = z
  .object({
    id: idOf('workloadInstance'),
    ...workloadFields,
    gpus: z.number().int(),
    ssh: sshEndpoint.nullable(),
    node: z.string().nullable(),
  })
  .meta({ id: 'Instance' });
export const clusterNode = z.object({
  rank: z.number().int(),
  allocation_id: z.string(),
  node: z.string(),
  spine: z.string(),
  leaf: z.string(),
  rack: z.string(),
  gpus: z.number().int(),
  state: z.string(),
  ssh: sshEndpoint.nullable(),
});
export const cluster = z
  .object({
    id: idOf('workloadCluster'),
    ...workloadFields,
    node_count: z.number().int(),
    gpus_per_node: z.number().int(),
    topology: z.enum(['any', 'same_spine', 'same_leaf']),
    topology_mode: z.enum(['required', 'preferred']),
    nodes: z.array(clusterNode),
  })
  .meta({ id: 'Cluster' });

export const rendezvous = z
  .object({
    cluster_id: idOf('workloadCluster'),
    accelerator_id: z.string(),
    collective_library: z.string().describe("The vendor's library for collective communication"),
    device_type: z.string().describe('What torch.device() takes'),
    master_addr: z.string().nullable().describe('Null until the cluster has its nodes'),
    master_port: z.number().int(),
    world_size: z.number().int().describe('Processes of all nodes, one for each accelerator'),
    nproc_per_node: z.number().int(),
    nodes: z.array(
      z.object({
        rank: z.number().int(),
        host: z.string(),
        first_process: z.number().int().describe('Rank of its first process; the others follow'),
        device_indexes: z.array(z.number().int()).describe('Positions on the node, in the order of local ranks'),
        environment: z.record(z.string(), z.string()).describe('Variables that its machine was given'),
        ssh: sshEndpoint.nullable(),
      }),
    ),
    files: z.array(z.object({ path: z.string(), text: z.string() })).describe('Lie on every node that an agent runs'),
    commands: z
      .object({ torchrun: z.string(), mpirun: z.string(), ssh: z.string() })
      .nullable()
      .describe('Start train.py: torchrun on every node, mpirun and ssh on the first'),
  })
  .meta({ id: 'Rendezvous' });

const schedulingFields = {
  priority_class: z.string().max(32).optional().describe('Default: the default class; see GET /v1/priority-classes'),
  preemptible: z
    .boolean()
    .optional()
    .describe('May be interrupted with notice when others need the capacity; it starts again by itself'),
  movable: z
    .boolean()
    .optional()
    .describe('May be stopped and started on another node when its node is taken out of service'),
  expected_duration_s: z
    .number()
    .int()
    .min(60)
    .max(31_536_000)
    .optional()
    .describe('How long it will run, as a guess: shorter requests may start before longer ones'),
};
const maxWaitS = z
  .number()
  .int()
  .min(60)
  .max(2_592_000)
  .describe(
    'Given up when it has waited this long for capacity, counted from not_before where that is later; needs "on_capacity": "queue"; default 30 days',
  );
const maxDurationS = z
  .number()
  .int()
  .min(60)
  .max(31_536_000)
  .describe(
    'Every run is stopped when it has lasted this long, and not billed longer: what is certain to end may start beside promises to others',
  );
const createFields = {
  project_id: idOf('project').optional().describe('Default: the project of the key, else the first project'),
  name: machineName,
  region_id: z.string().max(64),
  zone_id: z.string().max(64).optional().describe('Only in this zone; default: any of the region'),
  accelerator_id: z.string().max(64),
  image,
  ssh_key_ids: z.array(idOf('sshKey')).max(16).default([]),
  startup_script: z.string().max(65_536).optional(),
  environment: environment.default({}),
  labels: labels.default({}),
  deletion_protection: z.boolean().default(false),
  on_capacity: z
    .enum(['fail', 'queue'])
    .default('fail')
    .describe('When there is no capacity: answer 409, or wait in the queue'),
  ...schedulingFields,
  not_before: timestamp.optional().describe('Starts no sooner; at most 30 days ahead; needs "on_capacity": "queue"'),
  max_wait_s: maxWaitS.optional(),
  max_duration_s: maxDurationS.optional(),
};
export const createInstanceBody = z.strictObject({ ...createFields, gpus: gpuCount.default(1) });
export const createClusterBody = z.strictObject({
  ...createFields,
  node_count: z.number().int().min(1).max(128),
  gpus_per_node: z.literal(8).default(8),
  topology: z.enum(['any', 'same_spine', 'same_leaf']).default('any'),
  topology_mode: z
    .enum(['required', 'preferred'])
    .default('required')
    .describe('preferred: a looser topology is taken when this one cannot be had'),
});
export const updateWorkloadBody = z.strictObject({
  labels: labels.optional().describe('Replaces all labels'),
  deletion_protection: z.boolean().optional(),
  ...schedulingFields,
  expected_duration_s: schedulingFields.expected_duration_s.nullable(),
  max_duration_s: maxDurationS.nullable().optional(),
});
export const createQuery = z.strictObject({
  validate_only: z
    .enum(['true', 'false'])
    .optional()
    .describe(
      'true: answer 200 with the resource as it would be, or the error, either with a verdict on price, quota, money and capacity, without creating anything; needs no Idempotency-Key',
    ),
});
export const listQuery = z.strictObject({
  ...countedPageQuery,
  project_id: idOf('project').optional(),
  state: workloadState.optional(),
  q: z.string().max(63).optional().describe('Part of the name'),
  live: z.enum(['true', 'false']).optional().describe('true: only what is not terminated or failed'),
});

export const stateChange = z
  .object({
    at: timestamp,
    from_state: workloadState.nullable(),
    to_state: workloadState,
    event: z.string(),
    actor: z.string(),
    reason: statusReason.nullable(),
    operation_id: z.string().nullable(),
  })
  .meta({ id: 'StateChange' });

export const metricsQuery = z.strictObject({
  from_s: z.coerce.number().int().optional().describe('First second, billing time; default five minutes ago'),
  to_s: z.coerce.number().int().optional().describe('End, exclusive; default now; at most 6 hours after from_s'),
});
export const metrics = z
  .object({
    from_s: epochSeconds,
    to_s: epochSeconds,
    series: z.array(
      z.object({
        allocation_id: z.string(),
        rank: z.number().int(),
        at_s: z.array(epochSeconds),
        utilization_ppm: z.array(z.number().int().nullable()),
        memory_used_bytes: z.array(z.number().nullable()),
        power_milliwatt: z.array(z.number().nullable()),
        temperature_milli_celsius: z.array(z.number().nullable()),
        source: z.array(z.enum(['block', 'live'])).describe('block: billing evidence; live: for the eye only'),
      }),
    ),
  })
  .meta({ id: 'Metrics' });

export const cost = z
  .object({
    so_far: money.describe('Since the start of the billing period, rounded as the invoice would'),
    exact: z.string().describe('Minor units as a fraction'),
    per_second: decimal,
    per_hour: decimal,
    billed_seconds: z.number().int(),
    as_of: timestamp,
  })
  .meta({ id: 'Cost' });
const logLines = {
  rank: z.coerce.number().int().min(0).max(4095).default(0).describe('Node of a cluster, from 0'),
  tail: z.coerce.number().int().min(1).max(10_000).optional().describe('Only the newest so many lines'),
  since: timestamp.optional().describe('Only lines of this instant and later'),
};
export const logsQuery = z.strictObject({
  ...logLines,
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('Goes on after the lines of an earlier answer; tail and since no longer count'),
});
export const logStreamQuery = z.strictObject({
  ...logLines,
  max_seconds: z.coerce.number().int().min(1).max(3600).default(3600).describe('The stream ends after so long'),
});
export const logs = z
  .object({
    lines: z.array(z.object({ at: timestamp, text: z.string() })),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'Logs' });
export const operationsQuery = z.strictObject({ ...countedPageQuery, resource_id: z.string().max(64).optional() });
