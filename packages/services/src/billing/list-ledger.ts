import { withOrgSql } from '@suanxiang/db/tenant';
import { formatTimestamp } from '@suanxiang/domain/calendar';
import { listPage } from '../access/list-page';
import { microMoney } from '../money';
import type { UseCase } from '../use-case';

interface Row {
  id: string;
  kind: string;
  memo: string;
  booked_s: string;
  currency: string;
  micro: string;
}

/**
 * The bookings that changed the balance, newest first. The wallet is what the operator owes the tenant, so a credit
 * (negative in the books) is shown as an amount above 0.
 */
export const listLedger: UseCase<'listLedger'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, next_cursor } = await listPage<Row>(ctx, {
    orgId,
    operationId: 'listLedger',
    query,
    parts: 2,
    positionOf: (row) => [row.booked_s, row.id],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<Row>`
          SELECT j.id, j.kind, j.memo, j.booked_s::text, e.currency, (-sum(e.micro))::text AS micro
          FROM journal j JOIN organization o ON o.id = j.org_id
            JOIN ledger_entry e ON e.org_id = j.org_id AND e.journal_id = j.id AND e.account = 'wallet'
              AND e.currency = o.currency
          WHERE j.org_id = ${orgId} AND (${after?.[0] ?? null}::bigint IS NULL
            OR (j.booked_s, j.id) < (${after?.[0] ?? null}::bigint, ${after?.[1] ?? null}))
          GROUP BY j.org_id, j.id, j.kind, j.memo, j.booked_s, e.currency
          ORDER BY j.booked_s DESC, j.id DESC LIMIT ${take}`,
      ),
  });
  const items = rows.map((row) => ({
    journal_id: row.id,
    kind: row.kind,
    memo: row.memo,
    booked_at: formatTimestamp(Number(row.booked_s)),
    amount: microMoney(BigInt(row.micro), row.currency),
  }));
  return { items, next_cursor };
};
