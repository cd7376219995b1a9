import { openDb } from '@suanxiang/db/client';
import { sendPayments } from '@suanxiang/metering/payments/online/send';
import { createStripeProvider } from '@suanxiang/metering/payments/stripe/stripe-provider';

/** One round of sending payments as a process of its own, to be killed: WORKER_URL is the database, STRIPE_BASE the provider. */
const { WORKER_URL: url, STRIPE_BASE: apiBase } = process.env;
if (!url || !apiBase) throw new Error('WORKER_URL and STRIPE_BASE are needed');
const db = openDb({ url, applicationName: 'sender', poolSize: 2 });
await sendPayments(db, createStripeProvider({ secretKey: 'sk_test_1', apiBase }), Date.now());
await db.close();
