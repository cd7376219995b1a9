import Stripe from 'stripe';
import type { RemoteEvent } from '../online/provider';

/**
 * Reads a webhook: the signature over the raw bytes must be ours and at most five minutes old. Null when it is not, whatever
 * the reason; nobody is told which.
 */
export function readStripeEvent(rawBody: Uint8Array, signature: string, secret: string): RemoteEvent | null {
  try {
    const event = Stripe.webhooks.constructEvent(Buffer.from(rawBody), signature, secret);
    const object = event.data.object as { id?: string; object?: string; payment_intent?: unknown };
    return { id: event.id, type: event.type, objectRef: object.id ?? '', payload: event as unknown as object };
  } catch {
    return null;
  }
}
