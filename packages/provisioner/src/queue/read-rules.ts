import type { Sql } from '@suanxiang/db/sql';
import { defaultQueuePolicy } from '@suanxiang/scheduler/queue/policy';
import type {
  EstimateCalibration,
  ModelValue,
  PlannedStart,
  PoolAmount,
  QueuePolicy,
  ShareNode,
} from '@suanxiang/scheduler/queue/types';

/** Weight that stands for 1 in the share tree. */
const USUAL_WEIGHT = 100;
/** Separates a project from a person in the name of a node of the share tree. */
const BELOW = '/';

/** Nodes of the share tree that a piece of work belongs to: organisation, project, person. */
export function sharePath(work: { orgId: string; projectId: string; createdBy: string }): string[] {
  return [work.orgId, work.projectId, `${work.projectId}${BELOW}${work.createdBy}`];
}

function parentOf(nodeId: string, orgId: string): string | null {
  if (nodeId === orgId) return null;
  const at = nodeId.indexOf(BELOW);
  return at < 0 ? orgId : nodeId.slice(0, at);
}

/** The operator's policy, on top of the defaults. Bounds on the work of a round are not an operator's to set. */
export async function readPolicy(sql: Sql): Promise<QueuePolicy> {
  const [row] = await sql<{ policy: Partial<QueuePolicy> }>`
    SELECT policy FROM queue_policy ORDER BY id DESC LIMIT 1`;
  return { ...defaultQueuePolicy, ...row?.policy, limits: defaultQueuePolicy.limits };
}

interface ShareRow {
  node_id: string;
  org_id: string;
  weight: number | null;
  over_quota_weight: number | null;
  guaranteed: PoolAmount[];
  limits: PoolAmount[];
  usage_value: number | null;
  usage_at_s: number | null;
}

export type OwnedShare = ShareNode & { orgId: string };

/** Every node of the share tree that has a setting, remembers use in this region, or lies on one of these paths. */
export async function readShares(
  sql: Sql,
  regionId: string,
  paths: readonly (readonly string[])[],
): Promise<OwnedShare[]> {
  const rows = await sql<ShareRow>`
    WITH amount AS (
      SELECT node_id, kind, json_agg(json_build_object('regionId', region_id, 'modelId', model_id, 'devices', devices)) AS pools
      FROM share_amount WHERE region_id = ${regionId} GROUP BY node_id, kind)
    SELECT coalesce(s.node_id, u.node_id) AS node_id, coalesce(s.org_id, u.org_id) AS org_id, s.weight, s.over_quota_weight,
      coalesce((SELECT pools FROM amount a WHERE a.node_id = s.node_id AND a.kind = 'guaranteed'), '[]') AS guaranteed,
      coalesce((SELECT pools FROM amount a WHERE a.node_id = s.node_id AND a.kind = 'borrowing_limit'), '[]') AS limits,
      u.usage_value, u.usage_at_s::float8 AS usage_at_s
    FROM share_setting s FULL JOIN (SELECT * FROM share_standing WHERE region_id = ${regionId}) u ON u.node_id = s.node_id
    ORDER BY 1`;
  const known = rows.map((row) => ({
    nodeId: row.node_id,
    orgId: row.org_id,
    parentId: parentOf(row.node_id, row.org_id),
    weight: (row.weight ?? USUAL_WEIGHT) / USUAL_WEIGHT,
    overQuotaWeight: (row.over_quota_weight ?? USUAL_WEIGHT) / USUAL_WEIGHT,
    guaranteed: row.guaranteed,
    borrowingLimits: row.limits,
    usage: { valueS: row.usage_value ?? 0, atS: row.usage_at_s ?? 0 },
  }));
  return withAllNodes(known, paths);
}

/** Names what the tree has beside its settings, so that every node goes by one name from round to round. */
function withAllNodes(known: readonly OwnedShare[], paths: readonly (readonly string[])[]): OwnedShare[] {
  const nodes = new Map(known.map((share) => [share.nodeId, share]));
  const name = (nodeId: string, orgId: string): void => {
    if (nodes.has(nodeId)) return;
    const usual = { weight: 1, overQuotaWeight: 1, guaranteed: [], borrowingLimits: [], usage: { valueS: 0, atS: 0 } };
    nodes.set(nodeId, { nodeId, orgId, parentId: parentOf(nodeId, orgId), ...usual });
  };
  for (const { parentId, orgId } of known) for (const id of [parentId, orgId]) if (id !== null) name(id, orgId);
  for (const path of paths) for (const nodeId of path) name(nodeId, path[0]!);
  return [...nodes.values()].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
}

/** What a device of each model is worth: its list price in the currency in which most of the region is priced. */
export async function readValues(sql: Sql, regionId: string): Promise<ModelValue[]> {
  const rows = await sql<{ model_id: string; value: number }>`
    WITH now_valid AS (
      SELECT DISTINCT ON (s.model_id, p.currency) s.model_id, p.currency, p.micro_per_gpu_hour::float8 AS value
      FROM sku s JOIN price_row p ON p.sku = s.id
      WHERE s.region_id = ${regionId} AND greatest(p.from_s, p.published_s) <= suan_billing_now_s(0)
      ORDER BY s.model_id, p.currency, greatest(p.from_s, p.published_s) DESC, p.published_s DESC)
    SELECT model_id, value FROM now_valid WHERE value > 0 AND currency = (
      SELECT currency FROM now_valid GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1) ORDER BY model_id`;
  return rows.map((row) => ({ modelId: row.model_id, value: row.value }));
}

/** What the last round of a region left for the next one. */
export interface QueueMemory {
  plans: PlannedStart[];
  carriedOver: string[];
  /** Null before anything that waited has started. */
  calibration: EstimateCalibration | null;
  round: number;
}

/** The memory of a region's queue; empty before its first round. */
export async function readMemory(sql: Sql, regionId: string): Promise<QueueMemory> {
  const [row] = await sql<{
    plans: PlannedStart[];
    carried_over: string[] | null;
    calibration: EstimateCalibration | null;
    round: number;
  }>`
    SELECT plans, carried_over, calibration, round::int AS round FROM queue_state WHERE region_id = ${regionId}`;
  return {
    plans: row?.plans ?? [],
    carriedOver: row?.carried_over ?? [],
    calibration: row?.calibration ?? null,
    round: row?.round ?? 0,
  };
}
