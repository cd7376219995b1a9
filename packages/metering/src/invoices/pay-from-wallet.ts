import type { Sql } from '@suanxiang/db/sql';
import { atMost, CURRENCY_EXPONENTS, type Currency, microPerMinor } from '@suanxiang/domain/money';
import { type Journal, lockLedgers } from '../ledger/post-journal';
import { postJournals } from '../ledger/post-journals';

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

/** What is paid of an invoice. */
interface Paid {
  payer: Payer;
  invoice: DueRow;
  minor: bigint;
  bookedS: number;
}

/** The journal of a payment from the wallet. What had been paid before names it: it only grows, and the row is locked. */
function journalOf({ payer: { orgId, currency }, invoice, minor, bookedS }: Paid): Journal {
  const micro = minor * perMinorOf(currency);
  const entries = [
    { account: 'wallet' as const, currency, micro },
    { account: 'receivable' as const, currency, micro: -micro },
  ];
  const idemKey = `invoice:${invoice.id}:payment:${invoice.paid}`;
  return { orgId, idemKey, kind: 'invoice_payment', memo: invoice.number, bookedS, entries };
}

/** Books payments of invoices from wallets. */
async function pay(sql: Sql, payments: readonly Paid[], nowMs: number): Promise<void> {
  if (payments.length === 0) return;
  await sql`
    UPDATE invoice SET paid_minor = paid_minor + p.minor, due_minor = due_minor - p.minor
    FROM unnest(${payments.map((one) => one.payer.orgId)}::text[], ${payments.map((one) => one.invoice.id)}::text[],
      ${payments.map((one) => one.minor.toString())}::bigint[]) AS p(org_id, id, minor)
    WHERE invoice.org_id = p.org_id AND invoice.id = p.id`;
  await postJournals(sql, payments.map(journalOf), nowMs);
}

/** Whole minor units in each wallet, held until commit; never below 0. */
async function spendableOf(sql: Sql, payers: readonly Payer[]): Promise<bigint[]> {
  const orgIds = payers.map((payer) => payer.orgId);
  await lockLedgers(sql, orgIds);
  const rows = await sql<{ org_id: string; currency: string; micro: string }>`
    SELECT org_id, currency, micro::text FROM ledger_balance
    WHERE org_id = ANY (${orgIds}::text[]) AND account = 'wallet' ORDER BY org_id, currency FOR UPDATE`;
  const micro = new Map(rows.map((row) => [`${row.org_id} ${row.currency}`, -BigInt(row.micro)]));
  return payers.map(({ orgId, currency }) => {
    const has = micro.get(`${orgId} ${currency}`) ?? 0n;
    return has > 0n ? has / perMinorOf(currency) : 0n;
  });
}

/** An organisation that pays, and when that is booked. */
export interface PayerAt extends Payer {
  bookedS: number;
}

/**
 * Pays what is due on organisations' invoices from their wallets, the oldest first, as far as the money goes. Runs in the
 * transaction that changed either side; repeating it pays nothing twice. Returns the minor units paid, in their order.
 */
export async function payFromWallets(sql: Sql, payers: readonly PayerAt[], nowMs: number): Promise<bigint[]> {
  const has = await spendableOf(sql, payers);
  const able = payers.filter((_, place) => has[place]! > 0n);
  if (able.length === 0) return has;
  const due = await sql<DueRow & { org_id: string; currency: string }>`
    SELECT org_id, currency, id, number, due_minor::text AS due, paid_minor::text AS paid FROM invoice
    WHERE org_id = ANY (${able.map((payer) => payer.orgId)}::text[]) AND status = 'final' AND due_minor > 0
    ORDER BY org_id, from_s, id FOR UPDATE`;
  const payments: Paid[] = [];
  const paid = payers.map((payer, place) => {
    let leftMinor = has[place]!;
    for (const invoice of due.filter((row) => row.org_id === payer.orgId && row.currency === payer.currency)) {
      const minor = atMost(BigInt(invoice.due), leftMinor);
      if (minor === 0n) break;
      payments.push({ payer, invoice, minor, bookedS: payer.bookedS });
      leftMinor -= minor;
    }
    return has[place]! - leftMinor;
  });
  await pay(sql, payments, nowMs);
  return paid;
}

/** The same for one organisation. */
export async function payFromWallet(sql: Sql, payer: Payer, bookedS: number, nowMs: number): Promise<bigint> {
  const [minor] = await payFromWallets(sql, [{ orgId: payer.orgId, currency: payer.currency, bookedS }], nowMs);
  return minor!;
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
  const [hasMinor = 0n] = await spendableOf(sql, [payer]);
  const [invoice] = await sql<DueRow>`
    SELECT id, number, due_minor::text AS due, paid_minor::text AS paid FROM invoice
    WHERE org_id = ${payer.orgId} AND currency = ${payer.currency} AND id = ${request.invoiceId} AND status = 'final'
    FOR UPDATE`;
  if (!invoice) return 0n;
  const minor = atMost(atMost(request.mostMinor, BigInt(invoice.due)), hasMinor);
  if (minor > 0n) await pay(sql, [{ payer, invoice, minor, bookedS }], nowMs);
  return minor;
}
