import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ProviderRefusal, ProviderUnavailable } from '@suanxiang/metering/payments/online/provider';
import { sendPayments } from '@suanxiang/metering/payments/online/send';
import { createStripeProvider } from '@suanxiang/metering/payments/stripe/stripe-provider';
import { tellUnknownAttempts } from '@suanxiang/services/audit/tell-unknown-attempts';
import { verifyAuditChain } from '@suanxiang/services/audit/verify-audit-chain';
import { createTopUp } from '@suanxiang/services/billing/create-top-up';
import { FakeStripe } from '@suanxiang/testing/fake-stripe/server';
import { spawnProcess } from '@suanxiang/testing/spawn';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOrg, type TestOrg } from '../../metering/test/support/billing-db';
import { call, openPlane, type Plane, principalOf } from './support/plane';

const main = fileURLToPath(new URL('./support/send-payments-process.ts', import.meta.url));
let opened: Plane;
let plane: Plane;
let stripe: FakeStripe;
let base: string;
let org: TestOrg;
beforeAll(async () => {
  opened = await openPlane();
  plane = { ...opened, ctx: { ...opened.ctx, onlinePayments: true } };
  stripe = new FakeStripe();
  base = await stripe.listen();
});
afterAll(async () => {
  await stripe?.close();
  await opened?.close();
});
beforeEach(async () => {
  org = await createOrg(plane.db.worker);
});

const provider = () => createStripeProvider({ secretKey: 'sk_test_1', apiBase: base });
const topUp = () =>
  call(plane, 'createTopUp', createTopUp, principalOf(org), {
    body: { amount: '20', method: 'alipay', return_url: 'https://console.example/billing' },
  });
const rows = () =>
  plane.sql<{ action: string; actor: string; resource: string; result: string; detail: Record<string, unknown> }>`
    SELECT action, actor, resource, result, detail FROM audit_event
    WHERE org_id = ${org.orgId} AND action = 'payment.charge' ORDER BY seq`;
const open = () => plane.sql<{ id: string }>`SELECT id FROM audit_attempt WHERE org_id = ${org.orgId}`;
const sweep = () => tellUnknownAttempts(plane.db.worker, Date.now());
const later = () =>
  plane.sql`UPDATE audit_attempt SET started_at = clock_timestamp() - interval '121 s' WHERE org_id = ${org.orgId}`;

/** Passes everything on, but of asking for money the answer is kept back: it is done, and nobody hears of it. */
async function keepingAnswers(): Promise<{ server: Server; url: string; asked: Promise<void> }> {
  let tell: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { authorization, 'content-type': type, 'idempotency-key': key } = request.headers;
    const headers = {
      ...(authorization ? { authorization } : {}),
      ...(type ? { 'content-type': type } : {}),
      ...(typeof key === 'string' ? { 'idempotency-key': key } : {}),
    };
    const body = parts.length > 0 ? Buffer.concat(parts) : null;
    const answer = await fetch(`${base}${request.url}`, { method: request.method!, headers, body });
    if (request.method === 'POST' && request.url!.startsWith('/v1/payment_intents')) {
      tell();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('a process killed between asking the provider and hearing of it leaves an attempt that is told as unknown, once', async () => {
  const payment = await topUp();
  const mute = await keepingAnswers();
  const child = spawnProcess(process.execPath, ['--import', 'tsx', main], {
    env: { ...process.env, WORKER_URL: plane.db.database.urlFor('app_worker'), STRIPE_BASE: mute.url },
  });
  try {
    await Promise.race([
      mute.asked,
      child.exited.then((how) => {
        throw new Error(`ended ${how}: ${child.output()}`);
      }),
    ]);
    expect(await child.end('SIGKILL')).toBe('SIGKILL');
  } finally {
    mute.server.closeAllConnections();
    await new Promise((resolve) => mute.server.close(resolve));
  }
  expect(await open()).toEqual([{ id: `payment.charge:${payment.id}` }]);
  expect(await rows()).toEqual([]);
  // Not yet: whoever asks might still be waiting for the answer.
  expect(await sweep()).toBe(0);
  await later();
  const told = await Promise.all([sweep(), sweep(), sweep()]);
  expect(told.reduce((sum, one) => sum + one, 0)).toBe(1);
  expect(await sweep()).toBe(0);
  const unknown = {
    action: 'payment.charge',
    actor: 'system:payments',
    resource: payment.id,
    result: 'unknown',
    detail: { started_at: expect.any(String) },
  };
  expect(await rows()).toEqual([unknown]);

  // The next worker asks with the same key: the provider has done it once, and now it is known.
  await sendPayments(plane.db.worker, provider(), Date.now());
  expect(await rows()).toEqual([unknown, { ...unknown, result: 'success', detail: { status: 'requires_action' } }]);
  expect(await open()).toEqual([]);
  expect(stripe.books.intents.size).toBe(1);
  const chain = await call(plane, 'verifyAuditChain', verifyAuditChain, principalOf(org), {});
  expect(chain.intact).toBe(true);
}, 120_000);

test('an outcome that is known at once is one row, whether it was done or refused', async () => {
  const done = await topUp();
  await sendPayments(plane.db.worker, provider(), Date.now());
  await sendPayments(plane.db.worker, provider(), Date.now());
  const refused = await topUp();
  const no = () => Promise.reject(new ProviderRefusal('card_declined', 'no'));
  await sendPayments(plane.db.worker, Object.assign(provider(), { charge: no }), Date.now());
  expect((await rows()).map(({ resource, result }) => [resource, result])).toEqual([
    [done.id, 'success'],
    [refused.id, 'denied'],
  ]);
  await later();
  expect(await sweep()).toBe(0);
});

test('a provider that cannot be asked for hours is one unknown row, not one a second', async () => {
  await topUp();
  const lost = Object.assign(provider(), { charge: () => Promise.reject(new ProviderUnavailable('no answer')) });
  for (let i = 0; i < 3; i += 1) await sendPayments(plane.db.worker, lost, Date.now());
  await later();
  for (let i = 0; i < 3; i += 1) {
    await sendPayments(plane.db.worker, lost, Date.now());
    await sweep();
  }
  expect((await rows()).map(({ result }) => result)).toEqual(['unknown']);
});
