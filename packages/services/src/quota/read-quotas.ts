import type { Sql } from '@suanxiang/db/sql';
import { findAccelerator } from '@suanxiang/domain/accelerators';

export interface QuotaUse {
  metric: string;
  limit: number;
  used: number;
}

/** Prefix of quotas on the accelerators of one class of vendor. */
export const VENDOR_METRIC = 'accelerators:';

interface Row {
  quotas: { metric: string; limit: number }[] | null;
  by_model: Record<string, number> | null;
  workloads: number;
  ssh_keys: number;
  api_keys: number;
}

/**
 * All quotas of an organisation with their use, in one statement. Accelerators count from the request until they are
 * given back: what is asked for, being made ready, running, or still being taken down.
 */
export async function readQuotas(sql: Sql, orgId: string): Promise<QuotaUse[]> {
  const [row] = await sql<Row>`
    SELECT
      (SELECT json_agg(json_build_object('metric', metric, 'limit', "limit") ORDER BY metric) FROM quota
        WHERE org_id = ${orgId}) AS quotas,
      (SELECT json_object_agg(model_id, gpus) FROM (
        SELECT model_id, sum(node_count * gpus_per_node)::int AS gpus FROM workload
        WHERE org_id = ${orgId} AND state NOT IN ('stopped', 'interrupted', 'failed', 'terminated') GROUP BY model_id) m
      ) AS by_model,
      (SELECT count(*)::int FROM workload WHERE org_id = ${orgId} AND state NOT IN ('failed', 'terminated')) AS workloads,
      (SELECT count(*)::int FROM ssh_key WHERE org_id = ${orgId}) AS ssh_keys,
      (SELECT count(*)::int FROM api_key WHERE org_id = ${orgId} AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > now())) AS api_keys`;
  const { quotas, by_model, workloads, ssh_keys, api_keys } = row!;
  const held = Object.entries(by_model ?? {});
  const counted: Record<string, number> = { workloads, ssh_keys, api_keys };
  return (quotas ?? []).map(({ metric, limit }) => ({
    metric,
    limit,
    used: counted[metric] ?? acceleratorsOf(metric, held),
  }));
}

function acceleratorsOf(metric: string, held: readonly [modelId: string, gpus: number][]): number {
  const vendorClass = metric.startsWith(VENDOR_METRIC) ? metric.slice(VENDOR_METRIC.length) : null;
  return held
    .filter(([modelId]) => vendorClass === null || findAccelerator(modelId)?.vendorClass === vendorClass)
    .reduce((sum, [, gpus]) => sum + gpus, 0);
}
