import type { poolAmount, share } from '@suanxiang/contract/schemas/queue';
import type { Sql } from '@suanxiang/db/sql';
import type { z } from 'zod';

export type PoolAmount = z.input<typeof poolAmount>;

interface Row {
  node_id: string;
  org_id: string;
  name: string;
  weight: number | null;
  over_quota_weight: number | null;
  top_priority_class: string | null;
  version: number | null;
  updated_at: Date | null;
  guaranteed: PoolAmount[];
  borrowing_limits: PoolAmount[];
  standing: z.input<typeof share>['standing'];
}

const USUAL_WEIGHT = 100;

/**
 * Organisations and projects with their shares; those without a setting have the usual one. `orgId` null: all organisations,
 * without their projects.
 */
export async function readShareRows(sql: Sql, orgId: string | null): Promise<Row[]> {
  return sql<Row>`
    WITH node AS (
      SELECT id AS node_id, id AS org_id, name, created_at, 0 AS level FROM organization
      WHERE ${orgId}::text IS NULL OR id = ${orgId}
      UNION ALL SELECT id, org_id, name, created_at, 1 FROM project WHERE org_id = ${orgId}),
    amount AS (
      SELECT node_id, kind, json_agg(json_build_object('region_id', region_id, 'accelerator_id', model_id,
        'accelerators', devices) ORDER BY region_id, model_id) AS pools
      FROM share_amount WHERE ${orgId}::text IS NULL OR org_id = ${orgId} GROUP BY node_id, kind)
    SELECT n.node_id, n.org_id, n.name, s.weight, s.over_quota_weight, s.top_priority_class, s.version, s.updated_at,
      coalesce((SELECT pools FROM amount a WHERE a.node_id = n.node_id AND a.kind = 'guaranteed'), '[]') AS guaranteed,
      coalesce((SELECT pools FROM amount a WHERE a.node_id = n.node_id AND a.kind = 'borrowing_limit'), '[]')
        AS borrowing_limits,
      (SELECT coalesce(json_agg(json_build_object('region_id', t.region_id, 'share_now', t.share_now,
          'share_remembered', t.share_remembered, 'queue_order', t.queue_order) ORDER BY t.region_id), '[]')
        FROM share_standing t WHERE t.org_id = n.org_id AND t.node_id = n.node_id) AS standing
    FROM node n LEFT JOIN share_setting s ON s.org_id = n.org_id AND s.node_id = n.node_id
    ORDER BY n.level, n.created_at, n.node_id`;
}

/** A share as the API shows it. */
export function shareAnswer(row: Row): z.input<typeof share> {
  const { node_id, name, guaranteed, borrowing_limits, standing } = row;
  return {
    node_id,
    name,
    weight: row.weight ?? USUAL_WEIGHT,
    over_quota_weight: row.over_quota_weight ?? USUAL_WEIGHT,
    guaranteed,
    borrowing_limits,
    standing,
    version: row.version ?? 0,
    updated_at: row.updated_at?.toISOString() ?? null,
  };
}
