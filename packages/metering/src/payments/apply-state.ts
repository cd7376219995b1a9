import type { Sql } from '@suanxiang/db/sql';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import { payFromWallet, payInvoiceFromWallet } from '../invoices/pay-from-wallet';
import { lockLedger, postJournal } from '../ledger/post-journal';

export type PaymentStatus = 'pending' | 'requires_action' | 'processing' | 'succeeded' | 'failed' | 'canceled';

/** How far a payment has come. A later report never takes it back; failed and processing may follow each other. */
const RANK: Record<PaymentStatus, number> = {
  pending: 0,
  requires_action: 1,
  processing: 2,
  failed: 2,
  canceled: 3,
  succeeded: 4,
};

/** True when a report of state `to` changes a payment in state `from`: reports may come late, twice and in any order. */
export function movesOn(from: PaymentStatus, to: PaymentStatus): boolean {
  return RANK[to] > RANK[from] || (RANK[to] === RANK[from] && to !== from);
}

/** What is known of a payment besides its state. */
export interface PaymentReport {
  status: PaymentStatus;
  failure?: string | null;
  nextAction?: object | null;
  /** The provider's id, when it was not known yet. */
  providerRef?: string | null;
  method?: string | null;
}

interface OpenPayment {
  org_id: string;
  status: PaymentStatus;
  currency: string;
  amount: string;
  reference: string;
  purpose: 'top_up' | 'auto_top_up' | 'invoice';
  invoice_id: string | null;
  now_s: string;
}

/** The money is there: the wallet is credited, and what is due is paid from it, the invoice it was meant for first. */
async function settle(sql: Sql, paymentId: string, payment: OpenPayment, nowMs: number): Promise<void> {
  const { org_id: orgId, currency, invoice_id: invoiceId } = payment;
  const bookedS = Number(payment.now_s);
  const micro = minorToMicro(BigInt(payment.amount), currency as Currency);
  const entries = [
    { account: 'cash' as const, currency, micro },
    { account: 'wallet' as const, currency, micro: -micro },
  ];
  const head = { orgId, idemKey: `payment:${paymentId}`, kind: 'top_up' as const, memo: payment.reference, bookedS };
  await postJournal(sql, { ...head, entries }, nowMs);
  const payer = { orgId, currency };
  if (invoiceId)
    await payInvoiceFromWallet(sql, payer, { invoiceId, mostMinor: BigInt(payment.amount) }, bookedS, nowMs);
  await payFromWallet(sql, payer, bookedS, nowMs);
}

/**
 * Applies what is known of a payment, however often and in whatever order it is told: states only move on, a payment that
 * succeeded stays so, and its money is booked once. Returns whether this call settled it; null when there is none.
 */
export async function applyPaymentReport(
  sql: Sql,
  paymentId: string,
  report: PaymentReport,
  nowMs: number,
): Promise<{ settled: boolean; status: PaymentStatus } | null> {
  const [owner] = await sql<{ org_id: string }>`SELECT org_id FROM payment WHERE id = ${paymentId}`;
  if (!owner) return null;
  await lockLedger(sql, owner.org_id);
  const [payment] = await sql<OpenPayment>`
    SELECT p.org_id, p.status, p.currency, p.amount_minor::text AS amount, p.reference, p.purpose, p.invoice_id,
      (floor(${nowMs}::float8 / 1000)::bigint + o.clock_offset_s)::text AS now_s
    FROM payment p JOIN organization o ON o.id = p.org_id WHERE p.id = ${paymentId} FOR UPDATE OF p`;
  const { status, failure = null, nextAction = null, providerRef = null, method = null } = report;
  const moves = movesOn(payment!.status, status);
  const isSettled = moves && status === 'succeeded';
  await sql`
    UPDATE payment SET provider_ref = coalesce(provider_ref, ${providerRef}::text), method = coalesce(${method}::text, method),
      status = CASE WHEN ${moves}::boolean THEN ${status} ELSE status END,
      failure = CASE WHEN ${moves}::boolean THEN ${failure}::text ELSE failure END,
      next_action = CASE WHEN ${moves}::boolean THEN ${nextAction}::jsonb ELSE next_action END,
      settled_at = CASE WHEN ${isSettled}::boolean THEN to_timestamp(${nowMs}::float8 / 1000) ELSE settled_at END
    WHERE id = ${paymentId}`;
  if (isSettled) await settle(sql, paymentId, payment!, nowMs);
  return { settled: isSettled, status: moves ? status : payment!.status };
}

/** Notes a provider's event; false when it was known already. The caller applies it and marks it done in one transaction. */
export async function noteEvent(
  sql: Sql,
  event: { provider: string; id: string; type: string; payload: object },
): Promise<boolean> {
  const rows = await sql`
    INSERT INTO provider_event (provider, id, type, payload)
    VALUES (${event.provider}, ${event.id}, ${event.type}, ${event.payload}::jsonb) ON CONFLICT DO NOTHING RETURNING id`;
  return rows.length > 0;
}
