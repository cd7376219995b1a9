import type { Sql } from '@suanxiang/db/sql';
import type { WorkloadState } from '@suanxiang/domain/workload-state';
import type { Topology } from '@suanxiang/scheduler/types';
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
  reason_en: string | null;
  model_id: string;
  wanted_zone_id: string | null;
  node_count: number;
  gpus_per_node: number;
  topology: Topology;
  excluded: string[];
}

const MOST_PER_ROUND = 5_000;

/** What waits for devices in the zones of a lease, oldest first: requests for one of them, and those for any zone. */
export async function readWaiting(sql: Sql, { regionId, zones }: PlacementLease): Promise<Waiting[]> {
  const zoneIds = zones.map((zone) => zone.zoneId);
  const rows = await sql<WaitingRow>`
    SELECT o.id AS operation_id, o.org_id, w.project_id, o.workload_id, w.sku, w.price_currency AS currency,
      (SELECT g.clock_offset_s FROM organization g WHERE g.id = o.org_id)::float8 AS offset_s, o.kind, w.state, o.deadline_at < clock_timestamp() AS overdue,
      w.on_capacity, w.status_reason->>'en' AS reason_en, w.model_id, w.wanted_zone_id, w.node_count, w.gpus_per_node,
      w.topology,
      coalesce((SELECT s.detail->'excluded' FROM operation_step s WHERE s.operation_id = o.id AND s.name = 'place'), '[]')
        AS excluded
    FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
    WHERE o.status = 'pending' AND o.step = 'place' AND w.region_id = ${regionId}
      AND (w.wanted_zone_id IS NULL OR w.wanted_zone_id = ANY (${zoneIds}::text[]))
    ORDER BY o.created_at, o.id LIMIT ${MOST_PER_ROUND}`;
  return rows.map((row) => ({
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
    statusReasonEn: row.reason_en,
    request: {
      requestId: row.operation_id,
      regionId,
      ...(row.wanted_zone_id === null ? {} : { zoneIds: [row.wanted_zone_id] }),
      modelId: row.model_id,
      nodeCount: row.node_count,
      gpusPerNode: row.gpus_per_node,
      topology: row.topology,
      excludedNodeIds: row.excluded,
    },
  }));
}

/**
 * Locks nodes against being taken out of service until commit, and returns those that may still take work. Before the
 * workloads are locked, so that nobody waits for the other.
 */
export async function lockNodes(sql: Sql, nodeIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM node WHERE id = ANY (${[...nodeIds]}::text[]) AND health = 'ok' AND schedulable ORDER BY id FOR SHARE`;
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
