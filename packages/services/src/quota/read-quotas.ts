import type { Sql } from '@suanxiang/db/sql';
import { findAccelerator } from '@suanxiang/domain/accelerators';
import { ACCELERATORS_OF } from '@suanxiang/domain/quota-metrics';

export interface QuotaUse {
  /** Null: of the whole organisation; else a project's own limit inside it. */
  projectId: string | null;
  metric: string;
  limit: number;
  used: number;
}

interface Held {
  project_id: string;
  model_id: string;
  /** Being asked for, made ready, running or taken down. */
  gpus: number;
  /** Stopped ones, too. */
  workloads: number;
}

interface Row {
  quotas: { metric: string; limit: number }[] | null;
  project_quotas: { project_id: string; metric: string; limit: number }[] | null;
  held: Held[] | null;
  keys: { project_id: string | null; keys: number }[] | null;
  ssh_keys: number;
}

/**
 * All quotas of an organisation and its projects with their use, in one statement. Accelerators count from the request until
 * they are given back: what is asked for, being made ready, running, or still being taken down.
 */
export async function readQuotas(sql: Sql, orgId: string): Promise<QuotaUse[]> {
  const [row] = await sql<Row>`
    SELECT
      (SELECT json_agg(json_build_object('metric', metric, 'limit', "limit") ORDER BY metric) FROM quota
        WHERE org_id = ${orgId}) AS quotas,
      (SELECT json_agg(json_build_object('project_id', project_id, 'metric', metric, 'limit', "limit")
          ORDER BY project_id, metric) FROM project_quota WHERE org_id = ${orgId}) AS project_quotas,
      (SELECT json_agg(h) FROM (
        SELECT project_id, model_id, count(*)::int AS workloads, coalesce(sum(node_count * gpus_per_node)
          FILTER (WHERE state NOT IN ('stopped', 'interrupted')), 0)::int AS gpus FROM workload
        WHERE org_id = ${orgId} AND state NOT IN ('failed', 'terminated') GROUP BY project_id, model_id) h) AS held,
      (SELECT json_agg(k) FROM (SELECT project_id, count(*)::int AS keys FROM api_key
        WHERE org_id = ${orgId} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        GROUP BY project_id) k) AS keys,
      (SELECT count(*)::int FROM ssh_key WHERE org_id = ${orgId}) AS ssh_keys`;
  const found = row!;
  const ofOrganization = (found.quotas ?? []).map((quota) => ({ ...quota, project_id: null }));
  return [...ofOrganization, ...(found.project_quotas ?? [])].map(({ project_id, metric, limit }) => ({
    projectId: project_id,
    metric,
    limit,
    used: usedOf(metric, project_id, found),
  }));
}

function usedOf(metric: string, projectId: string | null, row: Row): number {
  if (metric === 'ssh_keys') return row.ssh_keys;
  const inside = <T extends { project_id: string | null }>(all: readonly T[] | null) =>
    (all ?? []).filter((one) => projectId === null || one.project_id === projectId);
  if (metric === 'api_keys') return inside(row.keys).reduce((sum, { keys }) => sum + keys, 0);
  const held = inside(row.held);
  if (metric === 'workloads') return held.reduce((sum, { workloads }) => sum + workloads, 0);
  return held.filter(({ model_id }) => countsFor(metric, model_id)).reduce((sum, { gpus }) => sum + gpus, 0);
}

/** True when accelerators of a model count for a metric: all of them, those of its vendor, or those of the model. */
export function countsFor(metric: string, modelId: string): boolean {
  if (metric === 'accelerators') return true;
  if (!metric.startsWith(ACCELERATORS_OF)) return false;
  const kind = metric.slice(ACCELERATORS_OF.length);
  return kind === modelId || kind === findAccelerator(modelId)?.vendorClass;
}
