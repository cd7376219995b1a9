import Stripe from 'stripe';
import type { RemoteEvent } from '../online/provider';

/**
 * Reads a webhook: the signature over the raw bytes must be ours and at most five minutes old, and it must be about our own
 * account at the provider: one that names another account comes from a connection that we never made. Null when it is not,
 * whatever the reason; nobody is told which.
 */
export function readStripeEvent(rawBody: Uint8Array, signature: string, secret: string): RemoteEvent | null {
  try {
    const event = Stripe.webhooks.constructEvent(Buffer.from(rawBody), signature, secret);
    if (event.account !== undefined && event.account !== null) return null;
    const object = event.data.object as { id?: string; object?: string; payment_intent?: unknown };
    return { id: event.id, type: event.type, objectRef: object.id ?? '', payload: event as unknown as object };
  } catch {
    return null;
  }
}
