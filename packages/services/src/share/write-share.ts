import { ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { unusable } from '../problem';
import type { PoolAmount } from './read-shares';

/** What is to change of a share; absent: stays as it is. */
export interface ShareChange {
  weight?: number | undefined;
  over_quota_weight?: number | undefined;
  guaranteed?: PoolAmount[] | undefined;
  borrowing_limits?: PoolAmount[] | undefined;
  top_priority_class?: string | null | undefined;
}

/** A node of the share tree: an organisation, or one of its projects. */
export interface ShareNode {
  orgId: string;
  projectId: string | null;
}

/**
 * Writes a share inside its organisation and rings for the regions whose order may change. Throws `unprocessable` for pools
 * that do not exist, and where projects together would be guaranteed more than their organisation is.
 */
export async function writeShare(sql: Sql, node: ShareNode, change: ShareChange, actor: string): Promise<void> {
  const { orgId, projectId } = node;
  const nodeId = projectId ?? orgId;
  await requirePools(sql, change);
  // One writer at a time, so that the sum over projects is checked against what all of them will be.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`shares:${orgId}`}, 0))`;
  await sql`
    INSERT INTO share_setting (node_id, org_id, project_id, weight, over_quota_weight, top_priority_class, updated_by)
    VALUES (${nodeId}, ${orgId}, ${projectId}, ${change.weight ?? 100}, ${change.over_quota_weight ?? 100},
      ${change.top_priority_class ?? null}, ${actor})
    ON CONFLICT (node_id) DO UPDATE SET weight = coalesce(${change.weight ?? null}, share_setting.weight),
      over_quota_weight = coalesce(${change.over_quota_weight ?? null}, share_setting.over_quota_weight),
      top_priority_class = CASE WHEN ${change.top_priority_class !== undefined}::boolean
        THEN ${change.top_priority_class ?? null} ELSE share_setting.top_priority_class END,
      version = share_setting.version + 1, updated_by = excluded.updated_by, updated_at = now()`;
  if (change.guaranteed) await replace(sql, { orgId, nodeId }, 'guaranteed', change.guaranteed);
  if (change.borrowing_limits) await replace(sql, { orgId, nodeId }, 'borrowing_limit', change.borrowing_limits);
  await requireWithin(sql, orgId);
  const regions = await sql<{ id: string }>`SELECT DISTINCT region_id AS id FROM queue_entry WHERE org_id = ${orgId}`;
  for (const { id } of regions) await ring(sql, 'placement', id);
}

async function replace(
  sql: Sql,
  { orgId, nodeId }: { orgId: string; nodeId: string },
  kind: 'guaranteed' | 'borrowing_limit',
  amounts: readonly PoolAmount[],
): Promise<void> {
  await sql`DELETE FROM share_amount WHERE org_id = ${orgId} AND node_id = ${nodeId} AND kind = ${kind}`;
  await sql`
    INSERT INTO share_amount (node_id, org_id, kind, region_id, model_id, devices)
    SELECT ${nodeId}, ${orgId}, ${kind}, region_id, accelerator_id, accelerators
    FROM jsonb_to_recordset((${{ amounts }}::jsonb)->'amounts') AS a(region_id text, accelerator_id text, accelerators int)`;
}

async function requirePools(sql: Sql, change: ShareChange): Promise<void> {
  for (const field of ['guaranteed', 'borrowing_limits'] as const) {
    const amounts = change[field] ?? [];
    const missing = await sql<{ at: number }>`
      SELECT (p.position - 1)::int AS at FROM jsonb_array_elements((${{ amounts }}::jsonb)->'amounts')
        WITH ORDINALITY AS p(pool, position)
      WHERE NOT EXISTS (SELECT 1 FROM sku WHERE region_id = p.pool->>'region_id' AND model_id = p.pool->>'accelerator_id')
      ORDER BY 1`;
    if (missing.length === 0) continue;
    throw unusable(
      missing.map(({ at }) => ({
        pointer: `/body/${field}/${at}`,
        code: 'not_offered',
        detail: 'This accelerator is not offered in this region.',
      })),
      'GET /v1/offers lists what is offered where.',
    );
  }
}

async function requireWithin(sql: Sql, orgId: string): Promise<void> {
  const [over] = await sql<{ region_id: string; model_id: string; given: number; guaranteed: number }>`
    SELECT region_id, model_id, coalesce(sum(devices) FILTER (WHERE node_id <> org_id), 0)::int AS given,
      coalesce(sum(devices) FILTER (WHERE node_id = org_id), 0)::int AS guaranteed
    FROM share_amount WHERE org_id = ${orgId} AND kind = 'guaranteed' GROUP BY region_id, model_id
    HAVING coalesce(sum(devices) FILTER (WHERE node_id <> org_id), 0)
      > coalesce(sum(devices) FILTER (WHERE node_id = org_id), 0) LIMIT 1`;
  if (!over) return;
  const { region_id, model_id, given, guaranteed } = over;
  throw unusable(
    [
      {
        pointer: '/body/guaranteed',
        code: 'over_guarantee',
        detail: `Its projects would be guaranteed ${given} ${model_id} in ${region_id}, the organization itself has ${guaranteed}.`,
      },
    ],
    'Lower the guarantees of the projects, or have that of the organization raised.',
  );
}
