import { withOrgSql } from '@suanxiang/db/tenant';
import { type PaymentRow, toPayment } from '@suanxiang/metering/payments/confirm';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { paymentAnswer } from './payment-answer';

/** Payments, newest first. */
export const listPayments: UseCase<'listPayments'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<PaymentRow>(ctx, {
    orgId,
    operationId: 'listPayments',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<PaymentRow>`
          SELECT id, org_id, provider, status, currency, amount_minor::text AS amount, reference, purpose, method, failure,
            next_action, refunded_minor::text AS refunded, dispute_status,
            disputed_minor::text AS disputed, created_at, settled_at FROM payment
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
  return { items: rows.map((row) => paymentAnswer(toPayment(row))), ...end };
};
