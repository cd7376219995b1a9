import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import type { Currency } from '@suanxiang/domain/money';
import { lockLedger } from '../../ledger/post-journal';
import { findPayment, type Payment } from '../confirm';
import { leastCharge } from '../stripe/amounts';
import type { OnlineMethod } from './provider';

/** Why an online payment cannot be begun. */
export type RequestRefusal = 'no_saved_card' | 'below_minimum' | 'under_way' | 'nothing_due';

export interface OnlineRequest {
  orgId: string;
  currency: Currency;
  method: OnlineMethod;
  /** Cards: the saved one to charge; null = the default. */
  paymentMethodId: string | null;
  /** Where the customer comes back to. */
  returnUrl: string;
  /** A top-up's amount, or the invoice to pay in full. */
  what: { amountMinor: bigint } | { invoiceId: string };
}

async function savedCard(sql: Sql, orgId: string, id: string | null): Promise<string | null> {
  const [row] = await sql<{ id: string }>`
    SELECT id FROM payment_method WHERE org_id = ${orgId} AND status = 'active'
      AND (id = ${id} OR (${id}::text IS NULL AND is_default))`;
  return row?.id ?? null;
}

/** What is due on an invoice; it is locked, so that nobody else begins to pay it at the same time. */
async function dueOf(sql: Sql, orgId: string, invoiceId: string): Promise<bigint> {
  const [row] = await sql<{ due: string }>`
    SELECT due_minor::text AS due FROM invoice WHERE org_id = ${orgId} AND id = ${invoiceId} AND status = 'final' FOR UPDATE`;
  return BigInt(row?.due ?? '0');
}

/**
 * Writes an online payment that a worker then sends to the provider: the row exists before anybody is asked. One payment of
 * an invoice at a time. Returns the payment, or why it cannot be begun.
 */
export async function requestOnlinePayment(
  sql: Sql,
  request: OnlineRequest,
  nowMs: number,
): Promise<{ payment: Payment; refused: null } | { payment: null; refused: RequestRefusal }> {
  const { orgId, currency, method, returnUrl, what } = request;
  await lockLedger(sql, orgId);
  const refused = (why: RequestRefusal) => ({ payment: null, refused: why });
  const invoiceId = 'invoiceId' in what ? what.invoiceId : null;
  const amountMinor = 'invoiceId' in what ? await dueOf(sql, orgId, what.invoiceId) : what.amountMinor;
  if (amountMinor <= 0n) return refused('nothing_due');
  if (invoiceId === null && amountMinor < leastCharge(currency)) return refused('below_minimum');
  const card = method === 'card' ? await savedCard(sql, orgId, request.paymentMethodId) : null;
  if (method === 'card' && !card) return refused('no_saved_card');
  const id = mintId('payment', nowMs);
  const reference = `ONLINE-${id.slice(-10).toUpperCase()}`;
  const purpose = invoiceId === null ? 'top_up' : 'invoice';
  const inserted = await sql`
    INSERT INTO payment (id, org_id, provider, status, purpose, invoice_id, currency, amount_minor, reference, method,
      payment_method_id, return_url, created_at)
    VALUES (${id}, ${orgId}, 'stripe', 'pending', ${purpose}, ${invoiceId}, ${currency}, ${amountMinor}::bigint, ${reference},
      ${method}, ${card}, ${returnUrl}, to_timestamp(${nowMs}::float8 / 1000))
    ON CONFLICT DO NOTHING RETURNING id`;
  if (inserted.length === 0) return refused('under_way');
  return { payment: (await findPayment(sql, id))!, refused: null };
}
