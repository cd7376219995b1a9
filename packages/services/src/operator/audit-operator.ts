import { audit } from '@suanxiang/db/audit';
import { withOrgSql } from '@suanxiang/db/tenant';
import type { CallMeta } from '../access/principal';
import type { AppContext } from '../context';

/** Leaves an audit row in an operator's own chain: what operators do outside any organisation. */
export function auditOperator(
  ctx: AppContext,
  operatorId: string,
  meta: CallMeta,
  action: string,
  denied: object | null = null,
): Promise<void> {
  const scope = `operator:${operatorId}`;
  return withOrgSql(ctx.api, scope, (sql) =>
    audit(sql, {
      orgId: scope,
      actor: scope,
      authMethod: 'session',
      action,
      resource: operatorId,
      result: denied ? 'denied' : 'success',
      detail: denied,
      requestId: meta.requestId,
      ip: meta.ip,
      nowMs: meta.nowMs,
    }),
  );
}
