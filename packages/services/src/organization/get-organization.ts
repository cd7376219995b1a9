import { withOrgSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';
import { readOrganization } from './organization-answer';

export const getOrganization: UseCase<'getOrganization'> = (ctx, principal) =>
  withOrgSql(ctx.api, principal.orgId, (sql) => readOrganization(sql, principal.orgId));
