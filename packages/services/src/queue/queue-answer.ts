import type { nearestChange, queueEntry, waiting } from '@suanxiang/contract/schemas/queue';
import type { StatusReason } from '@suanxiang/db/transition';
import type { z } from 'zod';

/** A change as the scheduler keeps it. */
interface StoredChange {
  change: z.input<typeof nearestChange>['change'];
  nodeCount?: number;
  gpusPerNode?: number;
  topology?: string;
  constraint?: string;
  regionId?: string;
  modelId?: string;
  limitDurationS?: number;
}

/** What the last placement round said of a waiting operation, as PostgreSQL's JSON has it. */
export interface WaitingJson {
  place: number;
  binding: string;
  reason: StatusReason;
  likely_at: string | null;
  from_at: string | null;
  to_at: string | null;
  basis: 'planned' | 'queue' | 'beyond' | null;
  would_start: StoredChange[];
  waiting_since: string;
  refreshed_at: string;
}

export interface QueueRow extends WaitingJson {
  resource_id: string;
  kind: 'instance' | 'cluster';
  name: string;
  project_id: string;
  operation_id: string;
  region_id: string;
  model_id: string;
  node_count: number;
  gpus_per_node: number;
  priority_class: string;
  preemptible: boolean;
}

const iso = (at: string) => new Date(at).toISOString();

function changeAnswer(one: StoredChange): z.input<typeof nearestChange> {
  const { change, topology, constraint } = one;
  return {
    change,
    ...(one.nodeCount === undefined ? {} : { node_count: one.nodeCount }),
    ...(one.gpusPerNode === undefined ? {} : { gpus_per_node: one.gpusPerNode }),
    ...(topology === undefined ? {} : { topology }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(one.regionId === undefined ? {} : { region_id: one.regionId }),
    ...(one.modelId === undefined ? {} : { accelerator_id: one.modelId }),
    ...(one.limitDurationS === undefined ? {} : { limit_duration_s: one.limitDurationS }),
  };
}

/** Why something waits, as the API shows it. */
export function waitingAnswer(row: WaitingJson): z.input<typeof waiting> {
  const { place, binding, reason, likely_at, from_at, to_at, basis } = row;
  const known = likely_at !== null && from_at !== null && to_at !== null && basis !== null;
  return {
    place,
    binding,
    reason,
    estimate: known ? { likely_at: iso(likely_at), from_at: iso(from_at), to_at: iso(to_at), basis } : null,
    would_start: row.would_start.map(changeAnswer),
    waiting_since: iso(row.waiting_since),
    refreshed_at: iso(row.refreshed_at),
  };
}

/** An entry of the queue as the API shows it. */
export function queueEntryAnswer(row: QueueRow): z.input<typeof queueEntry> {
  const { resource_id, kind, name, project_id, operation_id, region_id, priority_class, preemptible } = row;
  return {
    resource_id,
    kind,
    name,
    project_id,
    operation_id,
    region_id,
    accelerator_id: row.model_id,
    node_count: row.node_count,
    gpus_per_node: row.gpus_per_node,
    priority_class,
    preemptible,
    ...waitingAnswer(row),
  };
}
