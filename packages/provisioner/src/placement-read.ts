import type { Sql } from '@suanxiang/db/sql';
import type { WorkloadState } from '@suanxiang/domain/workload-state';
import type { PlacementRequest, Topology } from '@suanxiang/scheduler/types';
import type { Waiting } from './placement-commit';
import type { PlacementLease } from './placement-lease';

interface WaitingRow {
  operation_id: string;
  org_id: string;
  project_id: string;
  workload_id: string;
  sku: string;
  currency: string;
  offset_s: number;
  kind: 'launch' | 'start';
  state: WorkloadState;
  overdue: boolean;
  on_capacity: 'fail' | 'queue';
  reason_code: string | null;
  created_by: string;
  priority: number;
  preemptible: boolean;
  expected_duration_s: number | null;
  max_duration_s: number | null;
  not_before_s: number | null;
  too_early: boolean;
  deadline_s: number | null;
  submitted_s: number;
  preempted_s: number[];
  model_id: string;
  wanted_zone_id: string | null;
  node_count: number;
  gpus_per_node: number;
  topology: Topology;
  topology_required: boolean;
  excluded: string[];
}

const MOST_PER_ROUND = 5_000;

/** What waits for devices in the zones of a lease, oldest first: requests for one of them, and those for any zone. */
export async function readWaiting(sql: Sql, { regionId, zones }: PlacementLease): Promise<Waiting[]> {
  const zoneIds = zones.map((zone) => zone.zoneId);
  const rows = await sql<WaitingRow>`
    SELECT o.id AS operation_id, o.org_id, w.project_id, o.workload_id, w.sku, w.price_currency AS currency,
      (SELECT g.clock_offset_s FROM organization g WHERE g.id = o.org_id)::float8 AS offset_s, o.kind, w.state, o.deadline_at < clock_timestamp() AS overdue,
      CASE WHEN o.requested_by LIKE 'system:%' THEN 'queue' ELSE w.on_capacity END AS on_capacity,
      w.status_reason->>'code' AS reason_code, w.created_by, c.rank AS priority, w.preemptible, w.expected_duration_s,
      w.max_duration_s, ceil(extract(epoch FROM w.not_before))::float8 AS not_before_s,
      coalesce(w.not_before > clock_timestamp(), false) AS too_early,
      CASE WHEN w.max_wait_s IS NOT NULL AND o.requested_by NOT LIKE 'system:%'
        THEN floor(extract(epoch FROM o.deadline_at))::float8 END AS deadline_s,
      floor(extract(epoch FROM o.created_at))::float8 AS submitted_s,
      (SELECT coalesce(json_agg(floor(extract(epoch FROM e.settled_at)) ORDER BY e.settled_at), '[]') FROM eviction e
        WHERE e.org_id = w.org_id AND e.workload_id = w.id AND e.state = 'gone') AS preempted_s,
      w.model_id, w.wanted_zone_id, w.node_count, w.gpus_per_node, w.topology, w.topology_required,
      coalesce((SELECT s.detail->'excluded' FROM operation_step s WHERE s.operation_id = o.id AND s.name = 'place'), '[]')
        AS excluded
    FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
      JOIN priority_class c ON c.id = w.priority_class
    WHERE o.status = 'pending' AND o.step = 'place' AND w.region_id = ${regionId}
      AND (w.wanted_zone_id IS NULL OR w.wanted_zone_id = ANY (${zoneIds}::text[]))
    ORDER BY o.created_at, o.id LIMIT ${MOST_PER_ROUND}`;
  return rows.map((row) => waitingOf(row, regionId));
}

function waitingOf(row: WaitingRow, regionId: string): Waiting {
  return {
    operationId: row.operation_id,
    orgId: row.org_id,
    projectId: row.project_id,
    workloadId: row.workload_id,
    sku: row.sku,
    currency: row.currency,
    clockOffsetS: row.offset_s,
    kind: row.kind,
    state: row.state,
    overdue: row.overdue,
    onCapacity: row.on_capacity,
    reasonCode: row.reason_code,
    createdBy: row.created_by,
    priority: row.priority,
    preemptible: row.preemptible,
    expectedDurationS: row.expected_duration_s,
    limitDurationS: row.max_duration_s,
    notBeforeS: row.not_before_s,
    tooEarly: row.too_early,
    deadlineS: row.deadline_s,
    submittedAtS: row.submitted_s,
    preemptedAtS: row.preempted_s,
    request: requestOf(row, regionId),
  };
}

function requestOf(row: WaitingRow, regionId: string): PlacementRequest {
  return {
    requestId: row.operation_id,
    regionId,
    modelId: row.model_id,
    nodeCount: row.node_count,
    gpusPerNode: row.gpus_per_node,
    topology: row.topology,
    excludedNodeIds: row.excluded,
    ...(row.topology_required ? {} : { topologyPreferred: true }),
    ...(row.wanted_zone_id === null ? {} : { zoneIds: [row.wanted_zone_id] }),
  };
}

/**
 * Locks nodes against being taken out of service until commit, and returns those that may still take work. Before the
 * workloads are locked, so that nobody waits for the other.
 */
export async function lockNodes(sql: Sql, nodeIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM node WHERE id = ANY (${[...nodeIds]}::text[]) AND health = 'ok' AND schedulable AND cordoned_at IS NULL
    ORDER BY id FOR SHARE`;
  return new Set(rows.map((row) => row.id));
}

/**
 * Locks the operations that still wait for their placement, and their workloads. What another transaction holds is left
 * out: it is about to change, and the next round sees how.
 */
export async function lockWaiting(sql: Sql, operationIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    SELECT o.id FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
    WHERE o.id = ANY (${[...operationIds]}::text[]) AND o.status = 'pending' AND o.step = 'place'
    FOR UPDATE OF w, o SKIP LOCKED`;
  return new Set(rows.map((row) => row.id));
}
