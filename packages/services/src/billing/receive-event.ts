import { withSql } from '@suanxiang/db/tenant';
import { noteEvent } from '@suanxiang/metering/payments/apply-state';
import { readStripeEvent } from '@suanxiang/metering/payments/stripe/webhook';
import type { AppContext } from '../context';

/**
 * Takes in a webhook of the payment provider: verified over its raw bytes, noted once, and worked on by a worker later. False
 * when the signature is not good, or this installation expects none.
 */
export async function receivePaymentEvent(ctx: AppContext, rawBody: Uint8Array, signature: string): Promise<boolean> {
  if (ctx.webhookSecret === null) return false;
  const event = readStripeEvent(rawBody, signature, ctx.webhookSecret);
  if (!event) return false;
  const { id, type, payload } = event;
  await withSql(ctx.api, (sql) => noteEvent(sql, { provider: 'stripe', id, type, payload }));
  return true;
}
