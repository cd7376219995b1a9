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
  createdAt: Date;
  settledAt: Date | null;
}

interface PaymentRow {
  id: string;
  org_id: string;
  provider: Payment['provider'];
  status: Payment['status'];
  currency: string;
  amount: string;
  reference: string;
  created_at: Date;
  settled_at: Date | null;
}

const toPayment = (row: PaymentRow): Payment => ({
  id: row.id,
  orgId: row.org_id,
  provider: row.provider,
  status: row.status,
  currency: row.currency,
  amountMinor: BigInt(row.amount),
  reference: row.reference,
  createdAt: row.created_at,
  settledAt: row.settled_at,
});

/** One payment, or null when there is none (or it is not visible). */
export async function findPayment(sql: Sql, paymentId: string): Promise<Payment | null> {
  const [row] = await sql<PaymentRow>`
    SELECT id, org_id, provider, status, currency, amount_minor::text AS amount, reference, created_at, settled_at
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
