import { withOrgSql } from '@suanxiang/db/tenant';
import type { Payment } from '@suanxiang/metering/payments/confirm';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import { minorMoney } from '../money';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  provider: Payment['provider'];
  status: Payment['status'];
  currency: string;
  amount: string;
  reference: string;
  created_at: Date;
  settled_at: Date | null;
}

/** Payments, newest first. */
export const listPayments: UseCase<'listPayments'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<Row>(ctx, {
    orgId,
    operationId: 'listPayments',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<Row>`
          SELECT id, provider, status, currency, amount_minor::text AS amount, reference, created_at, settled_at FROM payment
          WHERE org_id = ${orgId} AND (${after?.[0] ?? null}::timestamptz IS NULL
            OR (created_at, id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}))
          ORDER BY created_at DESC, id DESC LIMIT ${take}`,
      ),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT 1 FROM payment WHERE org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  const items = rows.map(({ amount, currency, created_at, settled_at, ...row }) => ({
    ...row,
    amount: minorMoney(BigInt(amount), currency),
    created_at: created_at.toISOString(),
    settled_at: settled_at?.toISOString() ?? null,
  }));
  return { items, ...end };
};
