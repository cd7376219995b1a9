import type { Sql } from '@suanxiang/db/sql';
import type { HeldNode, RunningWork } from '@suanxiang/scheduler/queue/types';
import type { Topology } from '@suanxiang/scheduler/types';
import { sharePath } from './read-rules';

interface Row {
  id: string;
  org_id: string;
  project_id: string;
  created_by: string;
  model_id: string;
  node_count: number;
  gpus_per_node: number;
  topology: Topology;
  priority: number;
  preemptible: boolean;
  movable: boolean;
  expected_duration_s: number | null;
  max_duration_s: number | null;
  started_s: number;
  /** Runs, and nobody works on it: it may be told to go. */
  settled: boolean;
  /** On its way out: its devices come back as soon as they are wiped. */
  going: boolean;
  leaving_s: number | null;
  preempted_s: number[];
  nodes: HeldNode[];
}

/** How long it takes to end a machine and wipe its devices, as a guess. */
const TEAR_DOWN_S = 30;

/** Everything that holds devices in a region, with what it may be asked to give up. */
export async function readRunning(sql: Sql, regionId: string, nowS: number): Promise<RunningWork[]> {
  const rows = await sql<Row>`
    WITH held AS (
      SELECT a.org_id, a.workload_id, json_agg(json_build_object('nodeId', a.node_id, 'deviceIds',
          (SELECT json_agg(d.device_id ORDER BY d.position) FROM allocation_device d WHERE d.allocation_id = a.id))
          ORDER BY a.rank, a.id) AS nodes
      FROM allocation a JOIN zone z ON z.id = a.zone_id
      WHERE a.released_at IS NULL AND z.region_id = ${regionId} GROUP BY a.org_id, a.workload_id)
    SELECT w.id, w.org_id, w.project_id, w.created_by, w.model_id, w.node_count, w.gpus_per_node, w.topology,
      c.rank AS priority, w.preemptible, w.movable, w.expected_duration_s, w.max_duration_s,
      floor(extract(epoch FROM coalesce(w.running_since, clock_timestamp())))::float8 AS started_s,
      w.state = 'running' AND NOT EXISTS (
        SELECT 1 FROM operation o WHERE o.workload_id = w.id AND o.status IN ('pending', 'running')) AS settled,
      w.state NOT IN ('running', 'provisioning', 'starting') AS going,
      (SELECT ceil(extract(epoch FROM e.leave_at))::float8 FROM eviction e
        WHERE e.workload_id = w.id AND e.state = 'told') AS leaving_s,
      (SELECT coalesce(json_agg(floor(extract(epoch FROM e.settled_at)) ORDER BY e.settled_at), '[]') FROM eviction e
        WHERE e.org_id = w.org_id AND e.workload_id = w.id AND e.state = 'gone') AS preempted_s,
      held.nodes
    FROM held JOIN workload w ON w.org_id = held.org_id AND w.id = held.workload_id
      JOIN priority_class c ON c.id = w.priority_class ORDER BY w.id`;
  return rows.map((row) => runningOf(row, regionId, nowS));
}

function runningOf(row: Row, regionId: string, nowS: number): RunningWork {
  const { expected_duration_s: durationS, max_duration_s: limitS, started_s: startedAtS } = row;
  return {
    workId: row.id,
    ask: {
      requestId: row.id,
      regionId,
      modelId: row.model_id,
      nodeCount: row.node_count,
      gpusPerNode: row.gpus_per_node,
      topology: row.topology,
      excludedNodeIds: [],
    },
    path: sharePath({ orgId: row.org_id, projectId: row.project_id, createdBy: row.created_by }),
    priority: row.priority,
    preemptible: row.preemptible && row.settled,
    nodes: row.nodes,
    startedAtS,
    expectedEndS: durationS === null ? null : startedAtS + durationS,
    limitEndS: limitS === null ? null : startedAtS + limitS,
    checkpointAtS: null,
    preemptedAtS: row.preempted_s,
    movable: row.movable,
    reservationId: null,
    leavingAtS: row.leaving_s ?? (row.going ? nowS + TEAR_DOWN_S : null),
  };
}
