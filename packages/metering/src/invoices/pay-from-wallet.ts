import type { Sql } from '@suanxiang/db/sql';
import { atMost, CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { lockLedger, postJournal, walletMicro } from '../ledger/post-journal';

/**
 * Pays what is due on an organisation's invoices from its wallet, the oldest first, as far as the money goes. Runs in
 * the transaction that changed either side; repeating it pays nothing twice. Returns the minor units paid.
 */
export async function payFromWallet(
  sql: Sql,
  org: { orgId: string; currency: string },
  bookedS: number,
  nowMs: number,
): Promise<bigint> {
  const { orgId, currency } = org;
  const perMinor = microPerMinor(CURRENCY_EXPONENTS[currency as Currency]);
  await lockLedger(sql, orgId);
  let leftMinor = (await walletMicro(sql, orgId, currency, true)) / perMinor;
  if (leftMinor <= 0n) return 0n;
  const due = await sql<{ id: string; number: string; due: string; paid: string }>`
    SELECT id, number, due_minor::text AS due, paid_minor::text AS paid FROM invoice
    WHERE org_id = ${orgId} AND currency = ${currency} AND status = 'final' AND due_minor > 0
    ORDER BY from_s, id FOR UPDATE`;
  let paidMinor = 0n;
  for (const invoice of due) {
    const amount = atMost(BigInt(invoice.due), leftMinor);
    if (amount === 0n) break;
    await sql`
      UPDATE invoice SET paid_minor = paid_minor + ${amount}::bigint, due_minor = due_minor - ${amount}::bigint
      WHERE org_id = ${orgId} AND id = ${invoice.id}`;
    const micro = amount * perMinor;
    await postJournal(
      sql,
      {
        orgId,
        // What had been paid before names this payment: it only grows, and the row is locked.
        idemKey: `invoice:${invoice.id}:payment:${invoice.paid}`,
        kind: 'invoice_payment',
        memo: invoice.number,
        bookedS,
        entries: [
          { account: 'wallet', currency, micro },
          { account: 'receivable', currency, micro: -micro },
        ],
      },
      nowMs,
    );
    leftMinor -= amount;
    paidMinor += amount;
  }
  return paidMinor;
}
