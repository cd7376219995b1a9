import { placementKey, ring } from '@suanxiang/db/outbox';
import type { Sql } from '@suanxiang/db/sql';
import { changes } from '../access/changes';
import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import type { CallMeta, Principal } from '../access/principal';
import type { AppContext } from '../context';
import { invalid } from '../problem';
import { resolvePriorityClass } from '../queue/priority-classes';
import { readWorkload, type WorkloadAnswers } from './read-workloads';
import type { WorkloadKind } from './spec';
import { lockVisible } from './visible-workload';

interface Change {
  labels?: Record<string, string> | undefined;
  deletion_protection?: boolean | undefined;
  priority_class?: string | undefined;
  preemptible?: boolean | undefined;
  movable?: boolean | undefined;
  expected_duration_s?: number | null | undefined;
  max_duration_s?: number | null | undefined;
}

/**
 * Changes labels, deletion protection or how it is scheduled, in any state; what waits is looked at again. Throws `not_found`,
 * `invalid_request` for an empty change, `unprocessable` for a priority class that may not be used.
 */
export function updateWorkload<K extends WorkloadKind>(
  ctx: AppContext,
  principal: Principal,
  meta: CallMeta,
  kind: K,
  id: string,
  change: Change,
): Promise<WorkloadAnswers[K]> {
  if (Object.values(change).every((value) => value === undefined)) {
    throw invalid('/body', 'Send at least one field to change.', 'empty');
  }
  const { orgId } = principal;
  return mutate<WorkloadAnswers[K]>(ctx, principal, meta, `${kind}.modify`, async (sql) => {
    await lockVisible(sql, principal, kind, id);
    const before = await readWorkload(sql, orgId, kind, id);
    await requireMatch(meta, async () => before);
    const priority = change.priority_class ? await resolvePriorityClass(sql, orgId, change.priority_class) : null;
    await sql`
      UPDATE workload SET labels = coalesce(${change.labels ?? null}::jsonb, labels),
        deletion_protection = coalesce(${change.deletion_protection ?? null}::boolean, deletion_protection),
        priority_class = coalesce(${priority}::text, priority_class),
        preemptible = coalesce(${change.preemptible ?? null}::boolean, preemptible),
        movable = coalesce(${change.movable ?? null}::boolean, movable),
        expected_duration_s = CASE WHEN ${change.expected_duration_s !== undefined}::boolean
          THEN ${change.expected_duration_s ?? null}::int ELSE expected_duration_s END,
        max_duration_s = CASE WHEN ${change.max_duration_s !== undefined}::boolean
          THEN ${change.max_duration_s ?? null}::int ELSE max_duration_s END,
        version = version + 1, updated_at = now()
      WHERE org_id = ${orgId} AND id = ${id} AND kind = ${kind}`;
    await lookAgain(sql, orgId, id);
    const answer = await readWorkload(sql, orgId, kind, id);
    return { answer, resource: id, detail: changes(before, change) };
  });
}

/** Rings for a workload that waits for its placement. */
async function lookAgain(sql: Sql, orgId: string, id: string): Promise<void> {
  const [row] = await sql<{ region_id: string; wanted_zone_id: string | null }>`
    SELECT w.region_id, w.wanted_zone_id FROM workload w JOIN operation o ON o.org_id = w.org_id AND o.workload_id = w.id
    WHERE w.org_id = ${orgId} AND w.id = ${id} AND o.status = 'pending' AND o.step = 'place'`;
  if (row) await ring(sql, 'placement', placementKey(row.region_id, row.wanted_zone_id));
}
