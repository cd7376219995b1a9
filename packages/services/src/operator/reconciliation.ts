import { MOST_DIFFERENCES } from '@suanxiang/contract/schemas/reconciliation';
import { singleSql } from '@suanxiang/db/tenant';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { reconcile } from '@suanxiang/metering/reconcile/reconcile';
import type { UseCase } from '../use-case';

/** Compares the records of a month's closed periods, of one organisation or all, and names what differs. */
export const operatorReconciliation: UseCase<'operatorReconciliation'> = async (ctx, _operator, _meta, { query }) => {
  const scope = { orgId: query.organization_id ?? null, month: query.month };
  const { differences, ...compared } = await reconcile(singleSql(ctx.ops), scope);
  return {
    ...compared,
    differences: differences.length,
    items: differences.slice(0, MOST_DIFFERENCES).map(({ orgId, fromS, subject, ...one }) => ({
      ...one,
      org_id: orgId,
      period_from: fromS === null ? null : formatTimestamp(fromS),
      subject_id: subject,
    })),
  };
};
