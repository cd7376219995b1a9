import type { Offer } from '@suanxiang/contract/schemas/fleet';
import type { WorkloadKind } from '@/features/workload/kind';
import { compareDecimal } from '@/lib/decimal';

/** What the launch page has gathered so far. Texts that only the request needs stay in their inputs. */
export interface LaunchDraft {
  regionId: string;
  acceleratorId: string;
  /** Accelerators of an instance, or of each node of a cluster (always 8). */
  gpus: 1 | 2 | 4 | 8;
  nodeCount: number;
  topology: 'any' | 'same_spine' | 'same_leaf';
  sshKeyIds: readonly string[];
  /** Waits for capacity instead of being refused. */
  queue: boolean;
  /** May be interrupted for others, and starts again by itself. */
  preemptible?: boolean;
  /** May be moved when its node is taken out of service. */
  movable?: boolean;
  /** How long it will run, as a guess. */
  expectedHours?: number | null;
  /** The only zone it may run in; unset: any of the region. */
  zoneId?: string | null;
  /** Unset: the default class. */
  priorityClass?: string | null;
  /** Starts no sooner, Unix seconds; only where it may wait. */
  notBeforeS?: number | null;
  /** Longest that it waits for capacity; only where it may wait. */
  maxWaitHours?: number | null;
  /** Longest that a run may last; then it is stopped. */
  maxHours?: number | null;
}

export const GPU_COUNTS = [1, 2, 4, 8] as const;
/** Hours in an average month, the usual base of monthly estimates: 365 x 24 / 12. */
export const MONTH_HOURS = 730;

export function gpusOfDraft(kind: WorkloadKind, draft: LaunchDraft): number {
  return kind === 'cluster' ? draft.gpus * draft.nodeCount : draft.gpus;
}

export type Shortage = { why: 'none_free' } | { why: 'per_node'; most: number } | { why: 'nodes'; most: number };

/** Why an offer cannot serve a draft right now, or null when it can. The scheduler's own figures decide. */
export function shortageOf(
  kind: WorkloadKind,
  offer: Offer,
  draft: Pick<LaunchDraft, 'gpus' | 'nodeCount'>,
): Shortage | null {
  const { free, free_nodes, largest_instance } = offer.stock;
  if (free === 0) return { why: 'none_free' };
  if (kind === 'cluster') return free_nodes < draft.nodeCount ? { why: 'nodes', most: free_nodes } : null;
  return largest_instance < draft.gpus ? { why: 'per_node', most: largest_instance } : null;
}

/** The offer to begin with: what the address asks for, else the cheapest that can serve one accelerator (or node). */
export function initialOffer(
  kind: WorkloadKind,
  offers: readonly Offer[],
  asked: { accelerator?: string | undefined; region?: string | undefined },
): Offer | null {
  const wanted = offers.find(
    ({ accelerator, region_id }) =>
      accelerator.id === asked.accelerator && (asked.region === undefined || region_id === asked.region),
  );
  const able = offers
    .filter((offer) => shortageOf(kind, offer, { gpus: 1, nodeCount: 1 }) === null)
    .sort((a, b) => compareDecimal(a.price_per_gpu_hour, b.price_per_gpu_hour));
  return wanted ?? able[0] ?? offers[0] ?? null;
}

export interface LaunchTexts {
  name: string;
  image: string;
  startupScript: string;
}

const secondsOf = (hours: number) => Math.round(hours * 3600);

/** What only a request that may wait can say. */
function waitOf({ notBeforeS, maxWaitHours }: LaunchDraft) {
  return {
    on_capacity: 'queue' as const,
    ...(notBeforeS ? { not_before: new Date(notBeforeS * 1000).toISOString() } : {}),
    ...(maxWaitHours ? { max_wait_s: secondsOf(maxWaitHours) } : {}),
  };
}

/** The request body of a draft. */
export function bodyOfDraft(kind: WorkloadKind, draft: LaunchDraft, texts: LaunchTexts, projectId: string) {
  const common = {
    project_id: projectId,
    name: texts.name,
    region_id: draft.regionId,
    accelerator_id: draft.acceleratorId,
    image: texts.image,
    ssh_key_ids: [...draft.sshKeyIds],
    ...(texts.startupScript.trim() ? { startup_script: texts.startupScript } : {}),
    ...(draft.zoneId ? { zone_id: draft.zoneId } : {}),
    ...(draft.priorityClass ? { priority_class: draft.priorityClass } : {}),
    ...(draft.queue ? waitOf(draft) : {}),
    ...(draft.maxHours ? { max_duration_s: secondsOf(draft.maxHours) } : {}),
    ...(draft.preemptible ? { preemptible: true } : {}),
    ...(draft.movable ? { movable: true } : {}),
    ...(draft.expectedHours ? { expected_duration_s: secondsOf(draft.expectedHours) } : {}),
  };
  return kind === 'cluster'
    ? { ...common, node_count: draft.nodeCount, topology: draft.topology }
    : { ...common, gpus: draft.gpus };
}
