import { FakeStripe } from './server';

/**
 * The provider as a process of its own, for journeys: FAKE_STRIPE_PORT is where it listens, FAKE_STRIPE_WEBHOOK where its
 * events go, signed with STRIPE_WEBHOOK_SECRET.
 */
const { FAKE_STRIPE_PORT: port, FAKE_STRIPE_WEBHOOK: url, STRIPE_WEBHOOK_SECRET: secret } = process.env;
if (!port || !url || !secret)
  throw new Error('FAKE_STRIPE_PORT, FAKE_STRIPE_WEBHOOK and STRIPE_WEBHOOK_SECRET are needed');
const stripe = new FakeStripe({ port: Number(port), webhook: { url, secret }, delivers: true });
const origin = await stripe.listen();
process.stdout.write(`${origin}\n`);
