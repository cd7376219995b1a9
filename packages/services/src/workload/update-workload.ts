import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import type { CallMeta, Principal } from '../access/principal';
import type { AppContext } from '../context';
import { invalid } from '../problem';
import { readWorkload, type WorkloadAnswers } from './read-workloads';
import type { WorkloadKind } from './spec';
import { lockVisible } from './visible-workload';

interface Change {
  labels?: Record<string, string> | undefined;
  deletion_protection?: boolean | undefined;
}

/** Changes labels or deletion protection, in any state. Throws `not_found`, `invalid_request` for an empty change. */
export function updateWorkload<K extends WorkloadKind>(
  ctx: AppContext,
  principal: Principal,
  meta: CallMeta,
  kind: K,
  id: string,
  change: Change,
): Promise<WorkloadAnswers[K]> {
  const { labels, deletion_protection } = change;
  if (labels === undefined && deletion_protection === undefined) {
    throw invalid('/body', 'Send at least one field to change.', 'empty');
  }
  return mutate<WorkloadAnswers[K]>(ctx, principal, meta, `${kind}.modify`, async (sql) => {
    await lockVisible(sql, principal, kind, id);
    await requireMatch(meta, () => readWorkload(sql, principal.orgId, kind, id));
    await sql`
      UPDATE workload SET labels = coalesce(${labels ?? null}::jsonb, labels),
        deletion_protection = coalesce(${deletion_protection ?? null}::boolean, deletion_protection),
        version = version + 1, updated_at = now()
      WHERE org_id = ${principal.orgId} AND id = ${id} AND kind = ${kind}`;
    const answer = await readWorkload(sql, principal.orgId, kind, id);
    return { answer, resource: id, detail: { changed: change } };
  });
}
