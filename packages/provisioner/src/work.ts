import type { Sql } from '@suanxiang/db/sql';
import { type Gang, gangEnvironment, gangFiles } from '@suanxiang/domain/rendezvous';
import type { AllocationSpec } from '@suanxiang/hal/driver';
import type { ClaimedOperation } from './lease';
import type { GoingBack } from './steps';

/** One node's part of the workload, not released yet. */
export interface WorkAllocation {
  id: string;
  rank: number;
  zoneId: string;
  nodeId: string;
  nodeName: string;
  state: 'prepared' | 'running' | 'ended' | 'failed';
  clockOffsetS: number;
  deviceIds: string[];
  /** Positions of the devices on the node, in the same order. */
  deviceIndexes: number[];
}

/** What a saga works on, as it was when the operation was claimed. */
export interface Work {
  kind: 'instance' | 'cluster';
  name: string;
  modelId: string;
  regionId: string;
  nodeCount: number;
  gpusPerNode: number;
  image: string;
  startupScript: string | null;
  environment: Record<string, string>;
  sshPublicKeys: string[];
  /** Launch and start: those of this operation; stop and terminate: all of the workload. By rank. */
  allocations: WorkAllocation[];
  /** The step that the operation was claimed in; `startedMsAgo` null: nobody entered it before. */
  step: { name: string; startedMsAgo: number | null; phase: string | null; back: GoingBack | null };
  /** Times this operation has been placed. */
  placements: number;
}

interface WorkRow {
  kind: Work['kind'];
  name: string;
  model_id: string;
  region_id: string;
  node_count: number;
  gpus_per_node: number;
  image: string;
  startup_script: string | null;
  environment: Record<string, string>;
  ssh_keys: string[];
  allocations: WorkAllocation[];
  started_ms_ago: number | null;
  detail: { phase?: string | null; back?: GoingBack } | null;
  placements: number;
}

/** Reads what a claimed operation works on, in one statement. */
export async function loadWork(sql: Sql, operation: ClaimedOperation): Promise<Work> {
  const ownOnly = operation.kind === 'launch' || operation.kind === 'start';
  const [row] = await sql<WorkRow>`
    SELECT w.kind, w.name, w.model_id, w.region_id, w.node_count, w.gpus_per_node, w.image, w.startup_script, w.environment,
      (SELECT coalesce(jsonb_agg(k.public_key ORDER BY k.id), '[]') FROM ssh_key k
        WHERE k.org_id = w.org_id AND k.id = ANY (w.ssh_key_ids)) AS ssh_keys,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'rank', a.rank, 'zoneId', a.zone_id, 'nodeId', a.node_id,
          'nodeName', n.name, 'state', a.state, 'clockOffsetS', a.clock_offset_s, 'deviceIds',
          (SELECT coalesce(jsonb_agg(d.device_id ORDER BY d.position), '[]') FROM allocation_device d
            WHERE d.allocation_id = a.id), 'deviceIndexes',
          (SELECT coalesce(jsonb_agg(v.index ORDER BY d.position), '[]') FROM allocation_device d
            JOIN device v ON v.id = d.device_id WHERE d.allocation_id = a.id)) ORDER BY a.rank, a.id), '[]')
        FROM allocation a JOIN node n ON n.id = a.node_id
        WHERE a.org_id = w.org_id AND a.workload_id = w.id AND a.released_at IS NULL
          AND (NOT ${ownOnly}::boolean OR a.operation_id = ${operation.id})) AS allocations,
      (extract(epoch FROM clock_timestamp() - s.started_at) * 1000)::float8 AS started_ms_ago, s.detail,
      coalesce((SELECT (p.detail->>'placements')::int FROM operation_step p
        WHERE p.operation_id = ${operation.id} AND p.name = 'place'), 0) AS placements
    FROM workload w LEFT JOIN operation_step s ON s.operation_id = ${operation.id} AND s.name = ${operation.step}
    WHERE w.org_id = ${operation.orgId} AND w.id = ${operation.workloadId}`;
  if (!row) throw new Error(`operation ${operation.id} has no workload`);
  return {
    kind: row.kind,
    name: row.name,
    modelId: row.model_id,
    regionId: row.region_id,
    nodeCount: row.node_count,
    gpusPerNode: row.gpus_per_node,
    image: row.image,
    startupScript: row.startup_script,
    environment: row.environment,
    sshPublicKeys: row.ssh_keys,
    allocations: row.allocations,
    step: {
      name: operation.step,
      startedMsAgo: row.started_ms_ago,
      phase: row.detail?.phase ?? null,
      back: row.detail?.back ?? null,
    },
    placements: row.placements,
  };
}

/** What the driver is told about one allocation. Nodes of a cluster learn who and where they are. */
export function allocationSpec(work: Work, allocation: WorkAllocation): AllocationSpec {
  const gang = work.kind === 'cluster' ? gangOf(work) : null;
  return {
    allocationId: allocation.id,
    nodeId: allocation.nodeId,
    deviceIds: allocation.deviceIds,
    name: work.name,
    image: work.image,
    sshPublicKeys: work.sshPublicKeys,
    startupScript: work.startupScript,
    environment: { ...(gang ? gangEnvironment(gang, allocation.rank) : {}), ...work.environment },
    ...(gang ? { files: gangFiles(gang) } : {}),
    clockOffsetS: allocation.clockOffsetS,
  };
}

function gangOf(work: Work): Gang {
  const nodes = work.allocations.map(({ rank, nodeName: host, deviceIndexes }) => ({ rank, host, deviceIndexes }));
  return { modelId: work.modelId, nodes };
}
