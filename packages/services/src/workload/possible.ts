import type { Sql } from '@suanxiang/db/sql';
import { acceleratorModel } from '@suanxiang/domain/accelerators';
import { ProblemError } from '@suanxiang/domain/errors';
import type { Demand } from './spec';

/** Nodes of the asked size that a region, its best zone, spine and leaf have in all, whoever holds them. */
interface Possible {
  zone: number;
  spine: number;
  leaf: number;
  /** Most accelerators of the model on one node. */
  largest: number;
}

/** One node of the asked size is there: found by index at the first such device, whatever the size of the fleet. */
async function hasNode(sql: Sql, { regionId, modelId, zoneId, gpusPerNode }: Demand): Promise<boolean> {
  const rows = await sql`
    SELECT 1 AS one FROM device
    WHERE zone_id = ANY (ARRAY(SELECT id FROM zone WHERE region_id = ${regionId} AND (${zoneId}::text IS NULL OR id = ${zoneId})))
      AND model_id = ${modelId} AND index >= ${gpusPerNode}::int - 1 LIMIT 1`;
  return rows.length > 0;
}

async function readPossible(sql: Sql, { regionId, modelId, zoneId, gpusPerNode }: Demand): Promise<Possible> {
  const [row] = await sql<Possible>`
    WITH per_node AS (
      SELECT n.zone_id, n.spine, n.leaf, count(*)::int AS devices FROM device d JOIN node n ON n.id = d.node_id
      WHERE d.zone_id = ANY (ARRAY(SELECT id FROM zone
          WHERE region_id = ${regionId} AND (${zoneId}::text IS NULL OR id = ${zoneId}))) AND d.model_id = ${modelId}
      GROUP BY n.id, n.zone_id, n.spine, n.leaf),
    domains AS (
      SELECT zone_id, spine, leaf, grouping(spine) AS above_spine, grouping(leaf) AS above_leaf,
        count(*) FILTER (WHERE devices >= ${gpusPerNode}::int)::int AS nodes, max(devices) AS devices
      FROM per_node GROUP BY GROUPING SETS ((zone_id), (zone_id, spine), (zone_id, spine, leaf)))
    SELECT coalesce(max(nodes) FILTER (WHERE above_spine = 1), 0) AS zone,
      coalesce(max(nodes) FILTER (WHERE above_spine = 0 AND above_leaf = 1), 0) AS spine,
      coalesce(max(nodes) FILTER (WHERE above_leaf = 0), 0) AS leaf, coalesce(max(devices), 0)::int AS largest FROM domains`;
  return row!;
}

const WITHIN = { any: 'in one zone', same_spine: 'below one spine', same_leaf: 'below one leaf' } as const;

/**
 * A request that could not start even if nothing ran and everything worked, as `unprocessable` with what would be possible; null
 * for one that could. Broken and cordoned nodes count: they may come back. Without this it would wait in the queue for nothing.
 */
export async function impossibility(sql: Sql, demand: Demand): Promise<ProblemError | null> {
  const { nodeCount, gpusPerNode, regionId } = demand;
  const model = acceleratorModel(demand.modelId).name.en;
  if (nodeCount === 1 && (await hasNode(sql, demand))) return null;
  const possible = await readPossible(sql, demand);
  const topology = demand.topologyRequired ? demand.topology : 'any';
  const most = { any: possible.zone, same_spine: possible.spine, same_leaf: possible.leaf }[topology];
  if (most >= nodeCount) return null;
  const members = {
    possible: {
      gpus_per_node: possible.largest,
      node_count: { any: possible.zone, same_spine: possible.spine, same_leaf: possible.leaf },
    },
  };
  const refuse = (field: string, detail: string, suggestion: string) =>
    new ProblemError('unprocessable', detail, {
      suggestion,
      members,
      errors: [{ pointer: `/body/${field}`, code: 'never_fits', detail }],
    });
  const where = demand.zoneId === null ? regionId : `zone ${demand.zoneId}`;
  const never = 'This could not start even if nothing ran.';
  if (possible.largest === 0) {
    return refuse(
      'accelerator_id',
      `There is no ${model} in ${where}. ${never}`,
      'GET /v1/offers lists where there are some.',
    );
  }
  if (possible.zone === 0) {
    const detail = `No node in ${where} has more than ${possible.largest} ${model}. ${never}`;
    return refuse(nodeCount === 1 ? 'gpus' : 'gpus_per_node', detail, `Ask for at most ${possible.largest}.`);
  }
  const detail = `Only ${most} node(s) with ${gpusPerNode} ${model} stand ${WITHIN[topology]} of ${where}. ${never}`;
  if (possible.zone < nodeCount) return refuse('node_count', detail, `Ask for at most ${possible.zone} nodes.`);
  const looser = possible.spine >= nodeCount && topology === 'same_leaf' ? '"same_spine"' : '"any"';
  return refuse(
    'topology',
    detail,
    `Send "topology": ${looser} or "topology_mode": "preferred"${most > 0 ? `, or ask for at most ${most} nodes` : ''}.`,
  );
}
