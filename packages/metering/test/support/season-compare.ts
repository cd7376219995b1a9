import type { Sql } from '@suanxiang/db/sql';
import { expect } from 'vitest';
import type { Account } from './season-acts';

/** Every cent of every document, and of the balance, against the second books. */
export async function compareAccount(sql: Sql, { org: { orgId, currency }, books, exponent }: Account): Promise<void> {
  const invoices = await sql`
    SELECT from_s::text, status, subtotal_minor::text AS subtotal, promo_minor::text AS promo, tax_minor::text AS tax,
      total_minor::text AS total, paid_minor::text AS paid, due_minor::text AS due,
      coalesce((SELECT jsonb_agg(amount_minor ORDER BY amount_minor) FROM invoice_line l WHERE l.invoice_id = i.id), '[]') AS lines,
      coalesce((SELECT jsonb_agg(jsonb_build_array(net_minor, tax_minor, promo_minor) ORDER BY n.number)
        FROM credit_note n WHERE n.invoice_id = i.id), '[]') AS notes
    FROM invoice i WHERE org_id = ${orgId} ORDER BY i.from_s, i.number`;
  const expected = books.invoices.map((one) => ({
    from_s: String(one.fromS),
    status: one.isVoid ? 'void' : 'final',
    ...Object.fromEntries(
      (['subtotal', 'promo', 'tax', 'total', 'paid', 'due'] as const).map((name) => [name, String(one[name])]),
    ),
    lines: [...one.lines.values(), ...one.adjustments.map(({ amount }) => amount)].map(Number).sort((a, b) => a - b),
    notes: one.notes.map(({ net, tax, promo }) => [net, tax, promo].map(Number)),
  }));
  expect(invoices).toEqual(expected);
  const [row] = await sql<Record<'wallet' | 'off' | 'unbilled' | 'returned', string>>`
    SELECT (SELECT coalesce(-sum(micro), 0) FROM ledger_balance WHERE org_id = ${orgId} AND account = 'wallet')::text AS wallet,
      (SELECT count(*) FROM (SELECT 1 FROM ledger_entry WHERE org_id = ${orgId} GROUP BY journal_id, currency
        HAVING sum(micro) <> 0) AS j)::text AS off,
      (SELECT coalesce(sum(abs(micro)), 0) FROM ledger_balance WHERE org_id = ${orgId}
        AND account IN ('unbilled', 'revenue_unbilled'))::text AS unbilled,
      (SELECT coalesce(sum(amount_minor), 0) FROM credit_grant WHERE org_id = ${orgId}
        AND granted_by = 'system:billing')::text AS returned`;
  const wallet = (books.wallet * 10n ** BigInt(6 - exponent)).toString();
  expect({ currency, ...row }).toEqual({
    currency,
    wallet,
    off: '0',
    unbilled: '0',
    returned: String(books.returned),
  });
}
