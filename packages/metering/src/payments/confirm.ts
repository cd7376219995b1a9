import type { Sql } from '@suanxiang/db/sql';
import { type Currency, minorToMicro } from '@suanxiang/domain/money';
import { payFromWallet } from '../invoices/pay-from-wallet';
import { postJournal } from '../ledger/post-journal';

export interface Payment {
  id: string;
  orgId: string;
  provider: 'manual' | 'sandbox';
  status: 'pending' | 'succeeded' | 'failed';
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
  const changed = await sql<{ org_id: string; now_s: string }>`
    UPDATE payment p SET status = 'succeeded', settled_at = to_timestamp(${nowMs}::float8 / 1000)
    FROM organization o WHERE p.id = ${paymentId} AND p.status = 'pending' AND o.id = p.org_id
    RETURNING p.org_id, (floor(${nowMs}::float8 / 1000)::bigint + o.clock_offset_s)::text AS now_s`;
  const payment = await findPayment(sql, paymentId);
  if (!payment) return null;
  if (!changed[0]) return { payment, settled: false };
  const { orgId, currency, amountMinor, reference } = payment;
  const micro = minorToMicro(amountMinor, currency as Currency);
  const bookedS = Number(changed[0].now_s);
  await postJournal(
    sql,
    {
      orgId,
      idemKey: `payment:${paymentId}`,
      kind: 'top_up',
      memo: reference,
      bookedS,
      entries: [
        { account: 'cash', currency, micro },
        { account: 'wallet', currency, micro: -micro },
      ],
    },
    nowMs,
  );
  await payFromWallet(sql, { orgId, currency }, bookedS, nowMs);
  return { payment, settled: true };
}
