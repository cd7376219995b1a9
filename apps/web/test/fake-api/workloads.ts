import type { CallOutput } from '@suanxiang/contract/client';
import { mintId } from '@suanxiang/domain/ids';
import { OPERATION_STEPS, type OperationKind, type WorkloadState } from '@suanxiang/domain/workload-state';
import { offers } from './catalogue';

export type FakeInstance = CallOutput<'getInstance'>;
export type FakeCluster = CallOutput<'getCluster'>;
type Operation = NonNullable<FakeInstance['operation']>;
type StateChange = CallOutput<'listInstanceEvents'>['items'][number];

export const iso = (ms: number) => new Date(ms).toISOString();

export const history = new Map<string, StateChange[]>();

function operationOf(kind: OperationKind, resource_id: string, atMs: number, done: boolean): Operation {
  return {
    id: mintId('operation', atMs),
    kind,
    status: done ? 'succeeded' : 'running',
    resource_id,
    steps: OPERATION_STEPS[kind].map((name, index) => ({
      name,
      status: done ? 'done' : 'pending',
      phase: null,
      started_at: done ? iso(atMs + index * 900) : null,
      finished_at: done ? iso(atMs + index * 900 + 700) : null,
    })),
    error: null,
    created_at: iso(atMs),
    finished_at: done ? iso(atMs + 4_500) : null,
  };
}

interface Seed {
  name: string;
  accelerator_id: string;
  region_id: string;
  state: WorkloadState;
  ageMs: number;
  currency: 'CNY' | 'USD';
  project_id: string;
}

function fieldsOf(kind: 'workloadInstance' | 'workloadCluster', seed: Seed) {
  const atMs = Date.now() - seed.ageMs;
  const id = mintId(kind, atMs);
  const offer = offers(seed.currency).find(
    (candidate) => candidate.accelerator.id === seed.accelerator_id && candidate.region_id === seed.region_id,
  );
  const failed = seed.state === 'failed';
  const reason = failed
    ? {
        code: 'provider.boot_failed',
        en: 'The machine did not boot within 10 minutes.',
        zh: '机器未能在 10 分钟内启动。',
      }
    : seed.state === 'interrupted'
      ? {
          code: 'host_lost',
          en: 'The host stopped answering. The lost seconds are not charged.',
          zh: '宿主机失联，失联期间不计费。',
        }
      : null;
  history.set(id, [
    {
      at: iso(atMs),
      from_state: null,
      to_state: 'queued',
      event: 'launch',
      actor: 'user:林晓',
      reason: null,
      operation_id: null,
    },
    {
      at: iso(atMs + 900),
      from_state: 'queued',
      to_state: 'provisioning',
      event: 'placed',
      actor: 'system',
      reason: null,
      operation_id: null,
    },
    ...(seed.state === 'queued'
      ? []
      : [
          {
            at: iso(atMs + 14_300),
            from_state: 'provisioning' as const,
            to_state: failed ? ('failed' as const) : ('running' as const),
            event: failed ? 'boot_failed' : 'ready',
            actor: 'system',
            reason: failed ? reason : null,
            operation_id: null,
          },
        ]),
  ]);
  return {
    id,
    name: seed.name,
    project_id: seed.project_id,
    region_id: seed.region_id,
    zone_id: seed.state === 'queued' ? null : `${seed.region_id}-a`,
    accelerator_id: seed.accelerator_id,
    sku: `gpu.${seed.accelerator_id}.${seed.region_id}`,
    image: 'suanxiang/pytorch:2.9',
    labels: { team: 'vision' },
    ssh_key_ids: [],
    state: seed.state,
    status_reason: reason,
    requested_zone_id: null,
    waiting: null,
    eviction: null,
    priority_class: 'normal',
    preemptible: false,
    movable: false,
    expected_duration_s: null,
    not_before: null,
    max_wait_s: null,
    max_duration_s: null,
    ends_at: null,
    deletion_protection: false,
    price_per_gpu_hour: offer?.price_per_gpu_hour ?? '1',
    currency: seed.currency,
    version: 1,
    created_by: 'user:林晓',
    created_at: iso(atMs),
    updated_at: iso(atMs + 14_300),
    running_since: seed.state === 'running' ? iso(atMs + 14_300) : null,
    terminated_at: seed.state === 'terminated' ? iso(atMs + 7_200_000) : null,
    operation: operationOf('launch', id, atMs, seed.state !== 'provisioning' && seed.state !== 'queued'),
  };
}

export function makeInstance(seed: Seed & { gpus: number }): FakeInstance {
  const running = seed.state === 'running';
  return {
    ...fieldsOf('workloadInstance', seed),
    gpus: seed.gpus,
    ssh: running ? { host: 'cn-north-a.ssh.suanxiang.example', port: 30122, user: 'root' } : null,
    node: running ? 'cn-north-a-n0042' : null,
  };
}

export function makeCluster(seed: Seed & { node_count: number }): FakeCluster {
  const fields = fieldsOf('workloadCluster', seed);
  const placed = seed.state === 'running' || seed.state === 'provisioning';
  return {
    ...fields,
    node_count: seed.node_count,
    gpus_per_node: 8,
    topology: 'same_spine',
    topology_mode: 'required',
    nodes: placed
      ? Array.from({ length: seed.node_count }, (_, rank) => ({
          rank,
          allocation_id: mintId('allocation', Date.now() - seed.ageMs + rank),
          node: `cn-north-a-n${String(60 + rank).padStart(4, '0')}`,
          spine: 'spine-1',
          leaf: `leaf-${1 + Math.floor(rank / 2)}`,
          rack: `rack-${1 + Math.floor(rank / 2)}`,
          gpus: 8,
          state: seed.state === 'running' ? 'active' : 'preparing',
          ssh:
            seed.state === 'running'
              ? { host: 'cn-north-a.ssh.suanxiang.example', port: 30200 + rank, user: 'root' }
              : null,
        }))
      : [],
  };
}

function move(item: FakeInstance | FakeCluster, to: WorkloadState, event: string): void {
  history.get(item.id)?.push({
    at: iso(Date.now()),
    from_state: item.state,
    to_state: to,
    event,
    actor: 'system',
    reason: null,
    operation_id: item.operation?.id ?? null,
  });
  item.state = to;
  item.running_since = to === 'running' ? iso(Date.now()) : null;
  if ('ssh' in item)
    item.ssh = to === 'running' ? { host: 'cn-north-a.ssh.suanxiang.example', port: 30122, user: 'root' } : null;
  if ('node' in item) item.node = to === 'running' ? 'cn-north-a-n0042' : item.node;
  if (to === 'terminated') item.terminated_at = iso(Date.now());
}

const STEP_MS = 1_200;
const ENDS: Record<OperationKind, [first: WorkloadState, last: WorkloadState]> = {
  launch: ['provisioning', 'running'],
  start: ['starting', 'running'],
  stop: ['stopping', 'stopped'],
  terminate: ['terminating', 'terminated'],
};

/** Lets an operation run step by step in real time, as the worker would. */
export function runOperation(item: FakeInstance | FakeCluster, kind: OperationKind): void {
  const operation = operationOf(kind, item.id, Date.now(), false);
  item.operation = operation;
  const [first, last] = ENDS[kind];
  if (kind !== 'launch') move(item, first, `${kind}_requested`);
  operation.steps.forEach((step, index) => {
    setTimeout(() => {
      const before = operation.steps[index - 1];
      if (before) Object.assign(before, { status: 'done', finished_at: iso(Date.now()) });
      Object.assign(step, {
        status: 'running',
        started_at: iso(Date.now()),
        phase: step.name === 'boot' ? 'pulling_image' : null,
      });
      if (kind === 'launch' && index === 1) move(item, first, 'placed');
    }, index * STEP_MS).unref();
  });
  setTimeout(() => {
    const step = operation.steps.at(-1);
    if (step) Object.assign(step, { status: 'done', finished_at: iso(Date.now()) });
    Object.assign(operation, { status: 'succeeded', finished_at: iso(Date.now()) });
    move(item, last, kind === 'stop' ? 'stopped' : kind === 'terminate' ? 'terminated' : 'ready');
  }, operation.steps.length * STEP_MS).unref();
}

/** Utilization of a second, between 0 and 1e6, the same every time it is asked. */
export function utilizationAt(second: number, rank = 0): number {
  const wave = 0.86 + 0.1 * Math.sin(second / 17 + rank) + 0.04 * Math.sin(second / 3.1);
  const pause = second % 97 < 6 ? 0.25 : 1;
  return Math.floor((Math.min(1, wave * pause) * 1_000_000) / 100) * 100;
}
