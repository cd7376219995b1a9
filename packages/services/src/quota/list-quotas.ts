import { withOrgSql } from '@suanxiang/db/tenant';
import type { Principal } from '../access/principal';
import type { UseCase } from '../use-case';
import { type QuotaUse, readQuotas } from './read-quotas';

/** Quotas as the API shows them: the organisation's, and those of the projects that the caller reaches. */
export function quotaAnswers(quotas: readonly QuotaUse[], { projectIds }: Pick<Principal, 'projectIds'>) {
  const items = quotas
    .filter(({ projectId }) => projectId === null || projectIds === null || projectIds.includes(projectId))
    .map(({ projectId, ...rest }) => ({ project_id: projectId, ...rest }));
  return { items };
}

/** Every quota with what is used of it now. */
export const listQuotas: UseCase<'listQuotas'> = async (ctx, principal) => {
  const quotas = await withOrgSql(ctx.api, principal.orgId, (sql) => readQuotas(sql, principal.orgId));
  return quotaAnswers(quotas, principal);
};
