import type { eviction } from '@suanxiang/contract/schemas/queue';
import type { cluster, clusterNode, instance } from '@suanxiang/contract/schemas/workload';
import type { Sql } from '@suanxiang/db/sql';
import type { StatusReason } from '@suanxiang/db/transition';
import { type Currency, formatMicro } from '@suanxiang/domain/money';
import type { WorkloadState } from '@suanxiang/domain/workload-state';
import type { z } from 'zod';
import { type OperationJson, operationAnswer } from '../operation/operation-answer';
import { notFound } from '../problem';
import { type WaitingJson, waitingAnswer } from '../queue/queue-answer';
import type { Topology, WorkloadKind } from './spec';

export type InstanceAnswer = z.input<typeof instance>;
export type ClusterAnswer = z.input<typeof cluster>;
/** What a kind of workload is shown as. */
export interface WorkloadAnswers {
  instance: InstanceAnswer;
  cluster: ClusterAnswer;
}

interface Row {
  id: string;
  name: string;
  project_id: string;
  region_id: string;
  zone_id: string | null;
  wanted_zone_id: string | null;
  model_id: string;
  sku: string;
  node_count: number;
  gpus_per_node: number;
  topology: Topology;
  topology_required: boolean;
  priority_class: string;
  preemptible: boolean;
  movable: boolean;
  expected_duration_s: number | null;
  not_before: Date | null;
  max_wait_s: number | null;
  max_duration_s: number | null;
  ends_at: Date | null;
  waiting: WaitingJson | null;
  eviction: z.input<typeof eviction> | null;
  image: string;
  labels: Record<string, string>;
  ssh_key_ids: string[];
  state: WorkloadState;
  status_reason: StatusReason | null;
  deletion_protection: boolean;
  price_micro: string;
  price_currency: Currency;
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  running_since: Date | null;
  terminated_at: Date | null;
  operation: OperationJson | null;
  nodes: z.input<typeof clusterNode>[] | null;
}

/** The workloads with these ids, in no order, each with its newest operation and the nodes that it holds now. */
async function readRows(sql: Sql, orgId: string, kind: WorkloadKind, ids: readonly string[]): Promise<Row[]> {
  return sql<Row>`
    SELECT w.id, w.name, w.project_id, w.region_id, w.zone_id, w.wanted_zone_id, w.model_id, w.sku, w.node_count,
      w.gpus_per_node, w.topology, w.topology_required, w.priority_class, w.preemptible, w.movable, w.expected_duration_s,
      w.not_before, w.max_wait_s, w.max_duration_s,
      CASE WHEN w.state = 'running' AND w.max_duration_s IS NOT NULL THEN
        (SELECT to_timestamp(min(a.start_s + w.max_duration_s - a.clock_offset_s)) FROM allocation a
          WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.state = 'running') END AS ends_at,
      w.image, w.labels, w.ssh_key_ids, w.state, w.status_reason, w.deletion_protection,
      w.price_micro_per_gpu_hour::text AS price_micro, w.price_currency, w.version, w.created_by, w.created_at, w.updated_at,
      w.running_since, w.terminated_at,
      (SELECT json_build_object('place', q.place, 'binding', q.binding, 'reason', q.reason, 'would_start', q.would_start,
          'likely_at', q.estimate_likely_at, 'from_at', q.estimate_from_at, 'to_at', q.estimate_to_at,
          'basis', q.estimate_basis, 'waiting_since', q.waiting_since, 'refreshed_at', q.refreshed_at)
        FROM queue_entry q WHERE q.org_id = w.org_id AND q.workload_id = w.id) AS waiting,
      (SELECT json_build_object('cause', e.cause, 'reason', e.reason, 'told_at', e.told_at, 'leave_at', e.leave_at)
        FROM eviction e WHERE e.org_id = w.org_id AND e.workload_id = w.id AND e.state = 'told') AS eviction,
      (SELECT json_build_object('id', o.id, 'kind', o.kind, 'status', o.status, 'resource_id', o.workload_id,
          'error', o.error, 'created_at', o.created_at, 'finished_at', o.finished_at,
          'steps', (SELECT json_agg(json_build_object('name', s.name, 'status', s.status, 'detail', s.detail,
              'started_at', s.started_at, 'finished_at', s.finished_at) ORDER BY s.position)
            FROM operation_step s WHERE s.operation_id = o.id AND s.org_id = o.org_id))
        FROM operation o WHERE o.org_id = w.org_id AND o.workload_id = w.id
        ORDER BY o.created_at DESC, o.id DESC LIMIT 1) AS operation,
      (SELECT json_agg(json_build_object('rank', a.rank, 'allocation_id', a.id, 'node', n.name, 'spine', n.spine,
          'leaf', n.leaf, 'rack', n.rack, 'gpus', a.gpus, 'state', a.state, 'ssh', CASE WHEN a.ssh_host IS NULL THEN NULL
            ELSE json_build_object('host', a.ssh_host, 'port', a.ssh_port, 'user', a.ssh_user) END) ORDER BY a.rank)
        FROM allocation a JOIN node n ON n.id = a.node_id
        WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.state IN ('prepared', 'running')) AS nodes
    FROM workload w WHERE w.org_id = ${orgId} AND w.kind = ${kind} AND w.id = ANY (${[...ids]}::text[])`;
}

function evictionAnswer(one: z.input<typeof eviction>): z.input<typeof eviction> {
  const [told_at, leave_at] = [one.told_at, one.leave_at].map((at) => new Date(at).toISOString());
  return { ...one, told_at: told_at!, leave_at: leave_at! };
}

function commonFields(row: Row) {
  return {
    name: row.name,
    project_id: row.project_id,
    region_id: row.region_id,
    zone_id: row.zone_id,
    requested_zone_id: row.wanted_zone_id,
    accelerator_id: row.model_id,
    sku: row.sku,
    image: row.image,
    labels: row.labels,
    ssh_key_ids: row.ssh_key_ids,
    state: row.state,
    status_reason: row.status_reason,
    waiting: row.waiting ? waitingAnswer(row.waiting) : null,
    eviction: row.eviction ? evictionAnswer(row.eviction) : null,
    priority_class: row.priority_class,
    preemptible: row.preemptible,
    movable: row.movable,
    expected_duration_s: row.expected_duration_s,
    not_before: row.not_before?.toISOString() ?? null,
    max_wait_s: row.max_wait_s,
    max_duration_s: row.max_duration_s,
    ends_at: row.ends_at?.toISOString() ?? null,
    deletion_protection: row.deletion_protection,
    price_per_gpu_hour: formatMicro(BigInt(row.price_micro), row.price_currency),
    currency: row.price_currency,
    version: row.version,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    running_since: row.running_since?.toISOString() ?? null,
    terminated_at: row.terminated_at?.toISOString() ?? null,
    operation: row.operation ? operationAnswer(row.operation) : null,
  };
}

function instanceAnswer(row: Row): InstanceAnswer {
  const node = row.nodes?.[0];
  return {
    id: row.id,
    ...commonFields(row),
    gpus: row.gpus_per_node,
    ssh: node?.ssh ?? null,
    node: node?.node ?? null,
  };
}

function clusterAnswer(row: Row): ClusterAnswer {
  const { node_count, gpus_per_node, topology, topology_required } = row;
  return {
    id: row.id,
    ...commonFields(row),
    node_count,
    gpus_per_node,
    topology,
    topology_mode: topology_required ? 'required' : 'preferred',
    nodes: row.nodes ?? [],
  };
}

/** Workloads as the API shows them, in the order of the ids. Ids that are not there are left out. */
export async function readWorkloads<K extends WorkloadKind>(
  sql: Sql,
  orgId: string,
  kind: K,
  ids: readonly string[],
): Promise<WorkloadAnswers[K][]> {
  const shape = kind === 'instance' ? instanceAnswer : clusterAnswer;
  const byId = new Map((await readRows(sql, orgId, kind, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? (shape(row) as WorkloadAnswers[K]) : [];
  });
}

/** One workload as the API shows it. Throws `not_found`. */
export async function readWorkload<K extends WorkloadKind>(
  sql: Sql,
  orgId: string,
  kind: K,
  id: string,
): Promise<WorkloadAnswers[K]> {
  const [answer] = await readWorkloads(sql, orgId, kind, [id]);
  if (!answer) throw notFound();
  return answer;
}
