import { singleOrgSql } from '@suanxiang/db/tenant';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { notFound } from '../problem';
import { readWorkload, type WorkloadAnswers } from './read-workloads';
import type { WorkloadKind } from './spec';

/** One workload with its newest operation and its nodes. Throws `not_found`. */
export async function getWorkload<K extends WorkloadKind>(
  ctx: AppContext,
  principal: Principal,
  kind: K,
  id: string,
): Promise<WorkloadAnswers[K]> {
  const answer = await readWorkload(singleOrgSql(ctx.api, principal.orgId), principal.orgId, kind, id);
  if (principal.projectIds && !principal.projectIds.includes(answer.project_id)) throw notFound();
  return answer;
}
