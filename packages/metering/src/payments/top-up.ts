import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { confirmPayment, findPayment, type Payment } from './confirm';
import { providerOf } from './provider';

/**
 * Begins to add to an organisation's balance: at once in a sandbox; as a pending bank transfer, which the operator
 * confirms, in a live one. `amountMinor` > 0. The caller's idempotency key keeps a repeated request from a second payment.
 */
export async function createTopUp(
  sql: Sql,
  org: { orgId: string; mode: 'live' | 'sandbox'; currency: string },
  amountMinor: bigint,
  nowMs: number,
): Promise<Payment> {
  if (amountMinor <= 0n) throw new RangeError('a top-up needs an amount above 0');
  const { orgId, mode, currency } = org;
  const id = mintId('payment', nowMs);
  const provider = providerOf(mode);
  const { status, reference } = provider.request({ paymentId: id, amountMinor, currency });
  await sql`
    INSERT INTO payment (id, org_id, provider, status, currency, amount_minor, reference, created_at)
    VALUES (${id}, ${orgId}, ${provider.id}, 'pending', ${currency}, ${amountMinor}::bigint, ${reference},
      to_timestamp(${nowMs}::float8 / 1000))`;
  if (status === 'succeeded') return (await confirmPayment(sql, id, nowMs))!.payment;
  return (await findPayment(sql, id))!;
}
