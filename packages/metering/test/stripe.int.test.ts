import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { chargeWallet } from '@suanxiang/metering/ledger/charge-wallet';
import { walletMicro } from '@suanxiang/metering/ledger/post-journal';
import { noteEvent } from '@suanxiang/metering/payments/apply-state';
import { findPayment } from '@suanxiang/metering/payments/confirm';
import { processEvents, sweepPayments } from '@suanxiang/metering/payments/online/events';
import { openSetups, watchSetups } from '@suanxiang/metering/payments/online/methods';
import type { OnlineProvider } from '@suanxiang/metering/payments/online/provider';
import { type OnlineRequest, requestOnlinePayment } from '@suanxiang/metering/payments/online/request';
import { sendPayments } from '@suanxiang/metering/payments/online/send';
import { createStripeProvider } from '@suanxiang/metering/payments/stripe/stripe-provider';
import { readStripeEvent } from '@suanxiang/metering/payments/stripe/webhook';
import type { FakeEvent } from '@suanxiang/testing/fake-stripe/books';
import { FakeStripe } from '@suanxiang/testing/fake-stripe/server';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BillingDb, createOrg, lease, openBillingDb, seconds, type TestOrg } from './support/billing-db';

const SECRET = 'whsec_test';
const DAY_MS = 86_400_000;

let db: BillingDb;
let stripe: FakeStripe;
let provider: OnlineProvider;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());
beforeEach(async () => {
  // What one test left unsent is not the next one's affair.
  await singleSql(
    db.worker,
  )`UPDATE payment SET status = 'canceled' WHERE status NOT IN ('succeeded', 'failed', 'canceled')`;
  stripe = new FakeStripe();
  provider = createStripeProvider({ secretKey: 'sk_test_1', apiBase: await stripe.listen() });
  return () => stripe.close();
});

const sql = () => singleSql(db.worker);
const send = (nowMs = Date.now()) => sendPayments(db.worker, provider, nowMs);

async function request(org: TestOrg, over: Partial<OnlineRequest> = {}): Promise<string> {
  const base = { orgId: org.orgId, currency: org.currency as 'USD', method: 'alipay' as const, paymentMethodId: null };
  const full = { ...base, returnUrl: 'https://console.example/billing', what: { amountMinor: 2000n }, ...over };
  const { payment, refused } = await withSql(db.worker, (tx) => requestOnlinePayment(tx, full, Date.now()));
  expect(refused).toBeNull();
  return payment!.id;
}

async function paymentOf(id: string) {
  const [row] = await sql()<{
    status: string;
    failure: string | null;
    ref: string;
    action: { redirect_url: string } | null;
  }>`
    SELECT status, failure, provider_ref AS ref, next_action AS action FROM payment WHERE id = ${id}`;
  return row!;
}

const walletOf = async (org: TestOrg) => (await walletMicro(sql(), org.orgId, org.currency)) / 10_000n;

/** The customer on the provider's page. */
const visit = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

/** Events as the API would take them in: verified, noted, nothing else. */
async function receive(events: readonly FakeEvent[]): Promise<void> {
  for (const event of events) {
    const { body, signature } = stripe.signed(event, SECRET);
    const found = readStripeEvent(Buffer.from(body), signature, SECRET)!;
    await withSql(db.worker, (tx) =>
      noteEvent(tx, { provider: 'stripe', id: found.id, type: found.type, payload: found.payload }),
    );
  }
}

const work = async (nowMs = Date.now()) => {
  while ((await processEvents(db.worker, provider, nowMs)) > 0);
};

/** Saves a card that behaves as its last digits say, through the provider's page. */
async function saveCard(org: TestOrg, last4: string): Promise<string> {
  const id = mintId('paymentMethod', Date.now());
  await sql()`
    INSERT INTO payment_method (id, org_id, provider, status, return_url)
    VALUES (${id}, ${org.orgId}, 'stripe', 'pending', 'https://console.example/billing')`;
  expect(await openSetups(db.worker, provider, Date.now())).toBe(1);
  const [row] = await sql()<{ url: string }>`SELECT setup_url AS url FROM payment_method WHERE id = ${id}`;
  await visit(row!.url, { card: last4 });
  return id;
}

describe('a payment on the provider page', () => {
  test.each(['alipay', 'wechat_pay'] as const)(
    'by %s is settled when the customer has authorised it',
    async (method) => {
      const org = await createOrg(db.worker);
      const id = await request(org, { method });
      await send();
      const waiting = await paymentOf(id);
      expect(waiting.status).toBe('requires_action');
      await visit(waiting.action!.redirect_url, { choice: 'authorize' });
      await receive(stripe.books.events);
      await work();
      expect(await paymentOf(id)).toMatchObject({ status: 'succeeded', action: null });
      expect(await walletOf(org)).toBe(2000n);
    },
  );

  test('that is refused has failed, and nothing is credited', async () => {
    const org = await createOrg(db.worker);
    const id = await request(org);
    await send();
    await visit((await paymentOf(id)).action!.redirect_url, { choice: 'refuse' });
    await receive(stripe.books.events);
    await work();
    expect(await paymentOf(id)).toMatchObject({ status: 'failed', failure: 'payment_intent_authentication_failure' });
    expect(await walletOf(org)).toBe(0n);
  });
});

describe('when the network fails', () => {
  test.each([['lost_answer'], ['refused_connection'], ['lost_answer', 'lost_answer', 'refused_connection']] as const)(
    '%s: the request is repeated with its key and done once',
    async (...faults) => {
      const org = await createOrg(db.worker);
      const id = await request(org);
      await sql()`
        INSERT INTO billing_settings (org_id, stripe_customer) VALUES (${org.orgId}, ${await provider.ensureCustomer({ ...org, name: 'T' })})`;
      // The client itself repeats once, with the same key, what ends with a closed connection.
      stripe.faults.push(...faults.flatMap((fault) => [fault, fault]));
      for (const _ of faults) expect(await send()).toEqual({ sent: 0, waiting: 1 });
      expect(await send()).toEqual({ sent: 1, waiting: 0 });
      expect(stripe.books.intents.size).toBe(1);
      expect((await paymentOf(id)).status).toBe('requires_action');
    },
  );

  test('a kept 500 is repeated for a day, then looked for, and given up only when it never arrived', async () => {
    const org = await createOrg(db.worker);
    const id = await request(org);
    const customer = await provider.ensureCustomer({ orgId: org.orgId, name: 'T' });
    await sql()`INSERT INTO billing_settings (org_id, stripe_customer) VALUES (${org.orgId}, ${customer})`;
    stripe.faults.push('kept_500');
    const now = Date.now();
    for (const atMs of [now, now + 60_000, now + DAY_MS - 60_000]) expect((await send(atMs)).waiting).toBe(1);
    expect((await paymentOf(id)).status).toBe('pending');
    await send(now + DAY_MS + 60_000);
    expect(await paymentOf(id)).toMatchObject({ status: 'failed', failure: 'never_arrived' });
    expect(stripe.books.intents.size).toBe(0);
  });

  test('a day later a payment whose answer was lost is found by its name, not asked for again', async () => {
    const org = await createOrg(db.worker);
    const id = await request(org);
    const customer = await provider.ensureCustomer({ orgId: org.orgId, name: 'T' });
    await sql()`INSERT INTO billing_settings (org_id, stripe_customer) VALUES (${org.orgId}, ${customer})`;
    stripe.faults.push('lost_answer', 'lost_answer');
    const now = Date.now();
    await send(now);
    await send(now + DAY_MS + 60_000);
    expect(stripe.books.intents.size).toBe(1);
    expect((await paymentOf(id)).status).toBe('requires_action');
  });

  test('workers that send at the same time ask once', async () => {
    const org = await createOrg(db.worker);
    await request(org);
    await Promise.all([send(), send(), send()]);
    expect(stripe.books.intents.size).toBe(1);
    expect(stripe.books.customers.size).toBe(1);
  });
});

test('an event that comes two days late, before or after the sweeper has been there, credits once', async () => {
  for (const isSwept of [true, false]) {
    const org = await createOrg(db.worker);
    const id = await request(org);
    await send();
    const sent = stripe.books.events.length;
    await visit((await paymentOf(id)).action!.redirect_url, { choice: 'authorize' });
    const late = stripe.books.events.slice(sent);
    const twoDaysLater = Date.now() + 2 * DAY_MS;
    if (isSwept) await sweepPayments(db.worker, provider, twoDaysLater);
    expect(await walletOf(org)).toBe(isSwept ? 2000n : 0n);
    for (const _ of [1, 2]) {
      await receive(late);
      await work(twoDaysLater);
    }
    expect((await paymentOf(id)).status).toBe('succeeded');
    expect(await walletOf(org)).toBe(2000n);
  }
});

test('events may be lost, repeated and in any order: the sweeper settles the rest, and everything once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(7), works: fc.boolean(), sweeps: fc.boolean() }), { maxLength: 12 }),
      fc.constantFrom('authorize', 'refuse'),
      fc.nat(2000),
      async (deliveries, choice, refund) => {
        stripe.books.events.length = 0;
        stripe.books.intents.clear();
        const org = await createOrg(db.worker);
        const id = await request(org);
        await send();
        const { ref, action } = await paymentOf(id);
        await visit(action!.redirect_url, { choice });
        if (choice === 'authorize' && refund > 0) stripe.books.refund(ref, refund);
        for (const { at, works, sweeps } of deliveries) {
          const event = stripe.books.events[at % stripe.books.events.length];
          if (event) await receive([event]);
          if (works) await work();
          if (sweeps) await sweepPayments(db.worker, provider, Date.now());
        }
        await work();
        await sweepPayments(db.worker, provider, Date.now());
        expect((await paymentOf(id)).status).toBe(choice === 'authorize' ? 'succeeded' : 'failed');
        expect(await walletOf(org)).toBe(choice === 'authorize' ? 2000n - BigInt(refund) : 0n);
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);

describe('cards', () => {
  test('are saved on the provider page; the first one is the default, and only four digits come here', async () => {
    const org = await createOrg(db.worker);
    const first = await saveCard(org, '4242');
    await receive(stripe.books.events);
    await work();
    const second = await saveCard(org, '3155');
    // This time the event is lost.
    await watchSetups(db.worker, provider, 0);
    const rows = await sql()`
      SELECT id, status, brand, last4, exp_year, is_default FROM payment_method WHERE org_id = ${org.orgId} ORDER BY created_at`;
    const card = { status: 'active', brand: 'visa', exp_year: 2034 };
    expect(rows).toEqual([
      { id: first, ...card, last4: '4242', is_default: true },
      { id: second, ...card, last4: '3155', is_default: false },
    ]);
  });

  async function withCard(last4: string) {
    const org = await createOrg(db.worker);
    await saveCard(org, last4);
    await watchSetups(db.worker, provider, 0);
    return org;
  }

  async function autoTopUp(org: TestOrg) {
    await sql()`
      UPDATE billing_settings SET auto_enabled = true, auto_threshold_minor = 500, auto_amount_minor = 2000
      WHERE org_id = ${org.orgId}`;
    const charge = { key: 'u1', micro: 10_000n, memo: 'u1' };
    await withSql(db.worker, (tx) => chargeWallet(tx, org, charge, 60, Date.now()));
    await send();
    const [row] = await sql()<{ id: string }>`SELECT id FROM payment WHERE org_id = ${org.orgId}`;
    return paymentOf(row!.id);
  }

  test('are charged without the customer for automatic top-ups', async () => {
    const org = await withCard('4242');
    expect(await autoTopUp(org)).toMatchObject({ status: 'succeeded' });
    expect(await walletOf(org)).toBe(1999n);
  });

  test.each([
    ['0002', 'failed', 'insufficient_funds'],
    ['3155', 'failed', 'authentication_required'],
    ['0077', 'processing', null],
  ])('%s: an automatic top-up is %s (%s)', async (last4, status, failure) => {
    const org = await withCard(last4);
    expect(await autoTopUp(org)).toMatchObject({ status, failure });
    expect(await walletOf(org)).toBe(-1n);
  });

  test('pay an open invoice in full, one attempt at a time', async () => {
    const org = await withCard('3155');
    const startS = seconds('2026-10-02T00:00:00Z');
    await lease(db.worker, org, { startS, endS: startS + 3600 });
    await finalizeDuePeriods(db.worker, seconds('2026-11-02T00:00:00Z') * 1000, { orgId: org.orgId });
    const [invoice] = await sql()<{ id: string }>`SELECT id FROM invoice WHERE org_id = ${org.orgId}`;
    const what = { invoiceId: invoice!.id };
    const id = await request(org, { method: 'card', what });
    const again = { orgId: org.orgId, currency: 'USD' as const, method: 'card' as const, paymentMethodId: null, what };
    const second = await withSql(db.worker, (tx) => requestOnlinePayment(tx, { ...again, returnUrl: 'x' }, Date.now()));
    expect(second.refused).toBe('under_way');
    await send();
    await visit((await paymentOf(id)).action!.redirect_url, { choice: 'authorize' });
    await sweepPayments(db.worker, provider, Date.now());
    const [paid] = await sql()`
      SELECT due_minor::int AS due, paid_minor::int AS paid FROM invoice WHERE id = ${invoice!.id}`;
    expect(paid).toEqual({ due: 0, paid: 249 });
    expect(await walletOf(org)).toBe(0n);
    const third = await withSql(db.worker, (tx) => requestOnlinePayment(tx, { ...again, returnUrl: 'x' }, Date.now()));
    expect(third.refused).toBe('nothing_due');
  });
});

test('a dispute takes the money back until it is won, each once', async () => {
  const org = await createOrg(db.worker);
  const id = await request(org);
  await send();
  const { ref, action } = await paymentOf(id);
  await visit(action!.redirect_url, { choice: 'authorize' });
  await receive(stripe.books.events);
  await work();
  const dispute = stripe.books.dispute(ref);
  await receive(stripe.books.events.slice(-1));
  await work();
  expect(await walletOf(org)).toBe(0n);
  const disputeOf = async () => (await findPayment(sql(), id))!.dispute;
  expect(await disputeOf()).toEqual({ status: 'open', amountMinor: 2000n });
  stripe.books.closeDispute(dispute.id, 'won');
  const again = { ...stripe.books.events.at(-1)!, id: 'evt_again' };
  await receive([...stripe.books.events.slice(-1), again]);
  await work();
  expect(await walletOf(org)).toBe(2000n);
  expect(await disputeOf()).toEqual({ status: 'won', amountMinor: 2000n });
});

test('three-decimal currencies are charged in tens; what is charged more is in the balance', async () => {
  const org = await createOrg(db.worker, { currency: 'KWD' });
  const id = await request(org, { what: { amountMinor: 2621n } });
  await send();
  const { ref, action } = await paymentOf(id);
  expect(stripe.books.intent(ref).amount).toBe(2630);
  await visit(action!.redirect_url, { choice: 'authorize' });
  await sweepPayments(db.worker, provider, Date.now());
  await sweepPayments(db.worker, provider, Date.now());
  expect((await walletMicro(sql(), org.orgId, 'KWD')) / 1000n).toBe(2630n);
});

describe('a webhook', () => {
  const event: FakeEvent = { id: 'evt_1', object: 'event', type: 'x', created: 1, data: { object: { id: 'pi_1' } } };
  const now = () => Math.floor(Date.now() / 1000);

  test('is believed with a fresh signature over its very bytes, and in no other case', () => {
    const { body, signature } = stripe.signed(event, SECRET);
    const read = (text: string, header: string, secret = SECRET) => readStripeEvent(Buffer.from(text), header, secret);
    expect(read(body, signature)).toMatchObject({ id: 'evt_1', type: 'x', objectRef: 'pi_1' });
    expect(read(`${body} `, signature)).toBeNull();
    expect(read(body, signature, 'whsec_other')).toBeNull();
    expect(read(body, '')).toBeNull();
    const old = stripe.signed(event, SECRET, now() - 301);
    expect(read(old.body, old.signature)).toBeNull();
  });
});
