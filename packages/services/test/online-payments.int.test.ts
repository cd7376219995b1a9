import { mintId } from '@suanxiang/domain/ids';
import { processEvents, sweepPayments } from '@suanxiang/metering/payments/online/events';
import { forgetMethods, openSetups, watchSetups } from '@suanxiang/metering/payments/online/methods';
import { sendPayments } from '@suanxiang/metering/payments/online/send';
import { createStripeProvider } from '@suanxiang/metering/payments/stripe/stripe-provider';
import { createTopUp } from '@suanxiang/services/billing/create-top-up';
import { getBalance } from '@suanxiang/services/billing/get-balance';
import {
  addPaymentMethod,
  getPayment,
  listPaymentMethods,
  payInvoice,
  removePaymentMethod,
} from '@suanxiang/services/billing/online';
import { receivePaymentEvent } from '@suanxiang/services/billing/receive-event';
import { FakeStripe } from '@suanxiang/testing/fake-stripe/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrg, type TestOrg } from '../../metering/test/support/billing-db';
import { call, openPlane, type Plane, principalOf } from './support/plane';

const SECRET = 'whsec_test';
const RETURN = 'https://console.example/acme/billing';

let offline: Plane;
let plane: Plane;
let stripe: FakeStripe;
let provider: ReturnType<typeof createStripeProvider>;
let org: TestOrg;
let other: TestOrg;
beforeAll(async () => {
  offline = await openPlane();
  plane = { ...offline, ctx: { ...offline.ctx, onlinePayments: true, webhookSecret: SECRET } };
  stripe = new FakeStripe();
  provider = createStripeProvider({ secretKey: 'sk_test_1', apiBase: await stripe.listen() });
  org = await createOrg(plane.db.worker);
  other = await createOrg(plane.db.worker);
});
afterAll(async () => {
  await stripe?.close();
  await offline?.close();
});

const visit = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
const topUp = (body: object, on: Plane = plane) => call(on, 'createTopUp', createTopUp, principalOf(org), { body });
const read = (id: string, who: TestOrg = org) =>
  call(plane, 'getPayment', getPayment, principalOf(who), { params: { payment_id: id } });
const available = async () => (await call(plane, 'getBalance', getBalance, principalOf(org))).available.amount;

test('a top-up online: asked for, authorised on the provider page, credited once by its event', async () => {
  const asked = await topUp({ amount: '20', method: 'alipay', return_url: RETURN });
  expect(asked).toMatchObject({ status: 'pending', provider: 'stripe', redirect_url: null });
  await sendPayments(plane.db.worker, provider, Date.now());
  const waiting = await read(asked.id);
  expect(waiting).toMatchObject({ status: 'requires_action', method: 'alipay' });
  await expect(read(asked.id, other)).rejects.toMatchObject({ code: 'not_found' });
  const back = await visit(waiting.redirect_url!, { choice: 'authorize' });
  expect([back.status, back.headers.get('location')]).toEqual([303, RETURN]);
  for (const event of [...stripe.books.events, ...stripe.books.events]) {
    const { body, signature } = stripe.signed(event, SECRET);
    expect(await receivePaymentEvent(plane.ctx, Buffer.from(body), signature)).toBe(true);
    expect(await receivePaymentEvent(plane.ctx, Buffer.from(`${body}\n`), signature)).toBe(false);
    expect(await receivePaymentEvent(offline.ctx, Buffer.from(body), signature)).toBe(false);
  }
  await processEvents(plane.db.worker, provider, Date.now());
  expect(await read(asked.id)).toMatchObject({ status: 'succeeded', redirect_url: null });
  expect(await available()).toBe('20.00');
});

test('a card is saved on the provider page, charged, shown with four digits, and forgotten', async () => {
  const begun = await call(plane, 'addPaymentMethod', addPaymentMethod, principalOf(org), {
    body: { return_url: RETURN },
  });
  const list = (who: TestOrg) => call(plane, 'listPaymentMethods', listPaymentMethods, principalOf(who));
  await openSetups(plane.db.worker, provider, Date.now());
  const [open] = (await list(org)).items;
  await visit(open!.redirect_url!, { card: '4242' });
  await watchSetups(plane.db.worker, provider, 0);
  expect((await list(org)).items).toMatchObject([{ id: begun.id, status: 'active', last4: '4242', is_default: true }]);
  expect(await list(other)).toEqual({ items: [], online: true });

  const foreign = topUp({
    amount: '5',
    method: 'card',
    return_url: RETURN,
    payment_method_id: mintId('paymentMethod', 1),
  });
  await expect(foreign).rejects.toMatchObject({ code: 'invalid_request' });
  const paid = await topUp({ amount: '5', method: 'card', return_url: RETURN });
  await sendPayments(plane.db.worker, provider, Date.now());
  expect(await read(paid.id)).toMatchObject({ status: 'succeeded' });

  const remove = (who: TestOrg) =>
    call(plane, 'removePaymentMethod', removePaymentMethod, principalOf(who), {
      params: { payment_method_id: begun.id },
    });
  await expect(remove(other)).rejects.toMatchObject({ code: 'not_found' });
  await remove(org);
  await forgetMethods(plane.db.worker, provider, Date.now());
  expect([...stripe.books.methods.values()].map((method) => method.customer)).toEqual([null]);
  expect((await list(org)).items).toEqual([]);
  await expect(topUp({ amount: '5', method: 'card', return_url: RETURN })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('what cannot be paid online is refused before anybody is asked', async () => {
  const before = stripe.carriedOut;
  await expect(topUp({ amount: '0.49', method: 'alipay', return_url: RETURN })).rejects.toMatchObject({
    code: 'invalid_request',
  });
  await expect(topUp({ amount: '5', method: 'alipay' })).rejects.toMatchObject({ code: 'invalid_request' });
  await expect(topUp({ amount: '5', method: 'alipay', return_url: RETURN }, offline)).rejects.toMatchObject({
    code: 'conflict',
  });
  const nowhere = call(plane, 'payInvoice', payInvoice, principalOf(org), {
    params: { invoice_id: mintId('invoice', 1) },
    body: { method: 'alipay', return_url: RETURN },
  });
  await expect(nowhere).rejects.toMatchObject({ code: 'not_found' });
  await sendPayments(plane.db.worker, provider, Date.now());
  await sweepPayments(plane.db.worker, provider, Date.now());
  expect(stripe.carriedOut).toBe(before);
  expect((await topUp({ amount: '5' }, offline)).provider).toBe('manual');
});
