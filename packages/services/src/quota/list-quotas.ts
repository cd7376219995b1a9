import { withOrgSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';
import { readQuotas } from './read-quotas';

/** Every quota with what is used of it now. */
export const listQuotas: UseCase<'listQuotas'> = async (ctx, principal) => {
  const quotas = await withOrgSql(ctx.api, principal.orgId, (sql) => readQuotas(sql, principal.orgId));
  return { items: quotas };
};
