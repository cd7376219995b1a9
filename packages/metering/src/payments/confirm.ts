import type { Sql } from '@suanxiang/db/sql';
import { applyPaymentReport, type PaymentStatus } from './apply-state';

export interface Payment {
  id: string;
  orgId: string;
  provider: 'manual' | 'sandbox' | 'stripe';
  status: PaymentStatus;
  currency: string;
  amountMinor: bigint;
  reference: string;
  purpose: 'top_up' | 'auto_top_up' | 'invoice';
  method: string | null;
  failure: string | null;
  /** Where the customer has to go to complete it. */
  redirectUrl: string | null;
  refundedMinor: bigint;
  dispute: { status: 'open' | 'won' | 'lost'; amountMinor: bigint } | null;
  createdAt: Date;
  settledAt: Date | null;
}

export interface PaymentRow {
  id: string;
  org_id: string;
  provider: Payment['provider'];
  status: Payment['status'];
  currency: string;
  amount: string;
  reference: string;
  purpose: Payment['purpose'];
  method: string | null;
  failure: string | null;
  next_action: { redirect_url?: string } | null;
  refunded: string;
  dispute_status: 'open' | 'won' | 'lost' | null;
  disputed: string;
  created_at: Date;
  settled_at: Date | null;
}

/** A row of the table as a payment. */
export const toPayment = (row: PaymentRow): Payment => ({
  id: row.id,
  orgId: row.org_id,
  provider: row.provider,
  status: row.status,
  currency: row.currency,
  amountMinor: BigInt(row.amount),
  reference: row.reference,
  purpose: row.purpose,
  method: row.method,
  failure: row.failure,
  redirectUrl: row.next_action?.redirect_url ?? null,
  refundedMinor: BigInt(row.refunded),
  dispute: row.dispute_status && { status: row.dispute_status, amountMinor: BigInt(row.disputed) },
  createdAt: row.created_at,
  settledAt: row.settled_at,
});

/** One payment, or null when there is none (or it is not visible). */
export async function findPayment(sql: Sql, paymentId: string): Promise<Payment | null> {
  const [row] = await sql<PaymentRow>`
    SELECT id, org_id, provider, status, currency, amount_minor::text AS amount, reference, purpose, method,
      failure, next_action, refunded_minor::text AS refunded, dispute_status, disputed_minor::text AS disputed, created_at, settled_at
    FROM payment WHERE id = ${paymentId}`;
  return row ? toPayment(row) : null;
}

/**
 * Settles a pending payment: the wallet is credited once, whoever confirms and how often, and invoices that are due are
 * paid from it. A failed payment stays failed, a succeeded one stays succeeded. Returns the payment as it now is and
 * whether this call settled it; null when there is none. In the payment's organisation or as app_worker.
 */
export async function confirmPayment(
  sql: Sql,
  paymentId: string,
  nowMs: number,
): Promise<{ payment: Payment; settled: boolean } | null> {
  const payment = await findPayment(sql, paymentId);
  if (!payment) return null;
  if (payment.status !== 'pending') return { payment, settled: false };
  const applied = await applyPaymentReport(sql, paymentId, { status: 'succeeded' }, nowMs);
  return { payment: (await findPayment(sql, paymentId))!, settled: applied!.settled };
}
