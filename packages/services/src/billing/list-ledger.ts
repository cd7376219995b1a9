import { withOrgSql } from '@suanxiang/db/tenant';
import { countRows } from '../access/count-rows';
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

/** What changed the balance, newest first: one line per journal and currency that touches the wallet. */
export const listLedger: UseCase<'listLedger'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<Row>(ctx, {
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
          FROM journal j JOIN ledger_entry e ON e.org_id = j.org_id AND e.journal_id = j.id AND e.account = 'wallet'
          WHERE j.org_id = ${orgId} AND (${after?.[0] ?? null}::bigint IS NULL
            OR (j.booked_s, j.id) < (${after?.[0] ?? null}::bigint, ${after?.[1] ?? null}))
          GROUP BY j.id, j.kind, j.memo, j.booked_s, e.currency
          ORDER BY j.booked_s DESC, j.id DESC LIMIT ${take}`,
      ),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT DISTINCT j.id, e.currency FROM journal j JOIN ledger_entry e
              ON e.org_id = j.org_id AND e.journal_id = j.id AND e.account = 'wallet' WHERE j.org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  const items = rows.map((row) => ({
    journal_id: row.id,
    kind: row.kind,
    memo: row.memo,
    booked_at: new Date(Number(row.booked_s) * 1000).toISOString(),
    amount: microMoney(BigInt(row.micro), row.currency),
  }));
  return { items, ...end };
};
