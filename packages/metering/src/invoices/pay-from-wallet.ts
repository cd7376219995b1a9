import type { Sql } from '@suanxiang/db/sql';
import { atMost, CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { lockLedger, postJournal, walletMicro } from '../ledger/post-journal';

interface Payer {
  orgId: string;
  currency: string;
}

interface DueRow {
  id: string;
  number: string;
  due: string;
  paid: string;
}

const perMinorOf = (currency: string) => microPerMinor(CURRENCY_EXPONENTS[currency as Currency]);

/** Books a payment of one invoice from the wallet. What had been paid before names it: it only grows, and the row is locked. */
async function pay(sql: Sql, payer: Payer, invoice: DueRow, minor: bigint, bookedS: number, nowMs: number) {
  const { orgId, currency } = payer;
  await sql`
    UPDATE invoice SET paid_minor = paid_minor + ${minor}::bigint, due_minor = due_minor - ${minor}::bigint
    WHERE org_id = ${orgId} AND id = ${invoice.id}`;
  const micro = minor * perMinorOf(currency);
  const entries = [
    { account: 'wallet' as const, currency, micro },
    { account: 'receivable' as const, currency, micro: -micro },
  ];
  const idemKey = `invoice:${invoice.id}:payment:${invoice.paid}`;
  const head = { orgId, idemKey, kind: 'invoice_payment' as const, memo: invoice.number, bookedS };
  await postJournal(sql, { ...head, entries }, nowMs);
}

/** Whole minor units in the wallet, held until commit; never below 0. */
async function spendable(sql: Sql, { orgId, currency }: Payer): Promise<bigint> {
  await lockLedger(sql, orgId);
  const micro = await walletMicro(sql, orgId, currency, true);
  return micro > 0n ? micro / perMinorOf(currency) : 0n;
}

/**
 * Pays what is due on an organisation's invoices from its wallet, the oldest first, as far as the money goes. Runs in
 * the transaction that changed either side; repeating it pays nothing twice. Returns the minor units paid.
 */
export async function payFromWallet(sql: Sql, payer: Payer, bookedS: number, nowMs: number): Promise<bigint> {
  const { orgId, currency } = payer;
  const hasMinor = await spendable(sql, payer);
  if (hasMinor === 0n) return 0n;
  const due = await sql<DueRow>`
    SELECT id, number, due_minor::text AS due, paid_minor::text AS paid FROM invoice
    WHERE org_id = ${orgId} AND currency = ${currency} AND status = 'final' AND due_minor > 0
    ORDER BY from_s, id FOR UPDATE`;
  let leftMinor = hasMinor;
  for (const invoice of due) {
    const minor = atMost(BigInt(invoice.due), leftMinor);
    if (minor === 0n) break;
    await pay(sql, payer, invoice, minor, bookedS, nowMs);
    leftMinor -= minor;
  }
  return hasMinor - leftMinor;
}

/**
 * Pays up to `mostMinor` of one invoice from the wallet: never more than is due on it, never more than there is. Returns the
 * minor units paid; 0 for an invoice that is void, paid or unknown.
 */
export async function payInvoiceFromWallet(
  sql: Sql,
  payer: Payer,
  request: { invoiceId: string; mostMinor: bigint },
  bookedS: number,
  nowMs: number,
): Promise<bigint> {
  const hasMinor = await spendable(sql, payer);
  const [invoice] = await sql<DueRow>`
    SELECT id, number, due_minor::text AS due, paid_minor::text AS paid FROM invoice
    WHERE org_id = ${payer.orgId} AND currency = ${payer.currency} AND id = ${request.invoiceId} AND status = 'final'
    FOR UPDATE`;
  if (!invoice) return 0n;
  const minor = atMost(atMost(request.mostMinor, BigInt(invoice.due)), hasMinor);
  if (minor > 0n) await pay(sql, payer, invoice, minor, bookedS, nowMs);
  return minor;
}
