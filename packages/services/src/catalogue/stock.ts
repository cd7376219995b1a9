import type { Sql } from '@suanxiang/db/sql';

/** What is in stock of one model in one region, for requests of some number of accelerators per node. */
export interface Stock {
  regionId: string;
  modelId: string;
  /** All accelerators, whatever their state. */
  total: number;
  /** Healthy, held by nobody, and not spoken for by requests that are about to be placed. */
  free: number;
  /** Most that are free on one node. */
  largest: number;
  /** Nodes with all of theirs free. */
  wholeNodes: number;
  /** Nodes of the asked size that fit beside each other now: in the region, in the best zone, under the best switches. */
  slots: number;
  zoneSlots: number;
  spineSlots: number;
  leafSlots: number;
}

interface Row {
  region_id: string;
  model_id: string;
  total: number;
  free: number;
  largest: number;
  whole_nodes: number;
  slots: number;
  zone_slots: number;
  spine_slots: number;
  leaf_slots: number;
}

/**
 * Live stock by region and model, in one snapshot with the claims of admitted requests that are not placed yet (table
 * capacity_claim; of the whole region, also where `only` names a zone). A request that waits in the queue counts only when it would fit, as otherwise one oversized request
 * would close a region. `only` narrows it to one region and model, and to one zone of it.
 */
export async function readStock(
  sql: Sql,
  gpusPerNode: number,
  only: { regionId: string; modelId: string; zoneId?: string | null } | null = null,
): Promise<Stock[]> {
  const [regionId, modelId, zoneId] = [only?.regionId ?? null, only?.modelId ?? null, only?.zoneId ?? null];
  const rows = await sql<Row>`
    WITH per_node AS (
      SELECT z.region_id, d.model_id, d.node_id, d.zone_id, n.spine, n.leaf, count(*)::int AS total,
        (count(*) FILTER (WHERE d.held_by IS NULL AND d.health = 'ok' AND n.health = 'ok' AND n.schedulable
          AND n.cordoned_at IS NULL))::int AS free
      FROM zone z JOIN device d ON d.zone_id = z.id JOIN node n ON n.id = d.node_id
      WHERE (${regionId}::text IS NULL OR z.region_id = ${regionId}) AND (${modelId}::text IS NULL OR d.model_id = ${modelId})
        AND (${zoneId}::text IS NULL OR z.id = ${zoneId})
      GROUP BY z.region_id, d.model_id, d.node_id, d.zone_id, n.spine, n.leaf),
    slotted AS (SELECT *, free / ${gpusPerNode}::int AS slots FROM per_node),
    summed AS (
      SELECT region_id, model_id, sum(total)::int AS total, sum(free)::int AS free, max(free) AS largest,
        (count(*) FILTER (WHERE free = total))::int AS whole_nodes, sum(slots)::int AS slots
      FROM slotted GROUP BY region_id, model_id),
    domains AS (
      SELECT region_id, model_id, max(s) FILTER (WHERE spine IS NULL) AS zone_slots,
        max(s) FILTER (WHERE spine IS NOT NULL AND leaf IS NULL) AS spine_slots, max(s) FILTER (WHERE leaf IS NOT NULL) AS leaf_slots
      FROM (SELECT region_id, model_id, zone_id, spine, leaf, sum(slots)::int AS s FROM slotted
            GROUP BY GROUPING SETS ((region_id, model_id, zone_id), (region_id, model_id, zone_id, spine),
              (region_id, model_id, zone_id, spine, leaf))) d
      GROUP BY region_id, model_id),
    claimed AS (
      SELECT c.region_id, c.model_id, sum(c.nodes * c.gpus_per_node)::int AS gpus,
        sum(c.nodes * (c.gpus_per_node / ${gpusPerNode}::int))::int AS slots
      FROM capacity_claim c JOIN summed s USING (region_id, model_id)
      WHERE (NOT c.waits OR c.nodes * c.gpus_per_node <= s.free) AND (c.not_before IS NULL OR c.not_before <= now())
      GROUP BY c.region_id, c.model_id)
    SELECT s.region_id, s.model_id, s.total, greatest(0, s.free - coalesce(c.gpus, 0)) AS free, s.largest, s.whole_nodes,
      greatest(0, s.slots - coalesce(c.slots, 0)) AS slots, d.zone_slots, d.spine_slots, d.leaf_slots
    FROM summed s JOIN domains d USING (region_id, model_id) LEFT JOIN claimed c USING (region_id, model_id)
    ORDER BY s.region_id, s.model_id`;
  return rows.map((row) => ({
    regionId: row.region_id,
    modelId: row.model_id,
    total: row.total,
    free: row.free,
    largest: Math.min(row.largest, row.free),
    wholeNodes: row.whole_nodes,
    slots: row.slots,
    zoneSlots: row.zone_slots,
    spineSlots: row.spine_slots,
    leafSlots: row.leaf_slots,
  }));
}

/** Free devices that are looked at beside those that are spoken for: enough for whole nodes to be among them. */
const LOOKED_AT = 1_024;

/**
 * True when one node surely has `gpus` free beside everything that has been asked for and is not placed yet, waiting
 * requests included, and beside `others` more that nobody sees yet. Looks at so many free devices only that the ordinary
 * launch costs the same in every size of fleet; false says nothing, and readStock decides.
 */
export async function surelyInStock(
  sql: Sql,
  { regionId, modelId, zoneId }: { regionId: string; modelId: string; zoneId: string | null },
  gpus: number,
  others: number,
): Promise<boolean> {
  const [row] = await sql<{ enough: boolean }>`
    WITH claimed AS MATERIALIZED (
      SELECT coalesce(sum(nodes * gpus_per_node), 0)::int + ${others}::int AS gpus,
        (coalesce(sum(nodes * ceil(gpus_per_node / ${gpus}::numeric)), 0) + ceil(${others}::int / ${gpus}::numeric))::int AS slots
      FROM capacity_claim WHERE region_id = ${regionId} AND model_id = ${modelId} AND (not_before IS NULL OR not_before <= now())),
    looked AS MATERIALIZED (
      SELECT node_id FROM device
      WHERE zone_id = ANY (ARRAY(SELECT id FROM zone WHERE region_id = ${regionId} AND (${zoneId}::text IS NULL OR id = ${zoneId})))
        AND model_id = ${modelId} AND held_by IS NULL AND health = 'ok'
      LIMIT (SELECT ${LOOKED_AT}::int + 4 * gpus FROM claimed)),
    per_node AS (
      SELECT l.free FROM (SELECT node_id, count(*)::int AS free FROM looked GROUP BY node_id) l
        JOIN node n ON n.id = l.node_id AND n.health = 'ok' AND n.schedulable AND n.cordoned_at IS NULL)
    SELECT coalesce(sum(p.free) - max(c.gpus) >= ${gpus}::int AND sum(p.free / ${gpus}::int) - max(c.slots) >= 1, false) AS enough
    FROM per_node p, claimed c`;
  return row!.enough;
}
