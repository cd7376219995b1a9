import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import { FakeStripe } from '@suanxiang/testing/fake-stripe/server';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlane, type Plane } from '../../../packages/services/test/support/plane';
import { buildServer } from '../src/build-server';
import { createRateLimiter } from '../src/rate-limit';

const SECRET = 'whsec_test';
const stripe = new FakeStripe();
let plane: Plane;
let server: FastifyInstance;
beforeAll(async () => {
  plane = await openPlane();
  server = buildServer({
    ctx: { ...plane.ctx, onlinePayments: true, webhookSecret: SECRET },
    limiter: createRateLimiter(plane.ctx.redis, systemClock),
    logger: createLogger({ name: 'test', level: 'silent' }),
    apiUrl: 'http://127.0.0.1:4000',
    version: 'test',
  });
  await server.ready();
});
afterAll(async () => {
  await server?.close();
  await plane?.close();
});

stripe.books.tell('payment_intent.succeeded', { id: 'pi_1', object: 'payment_intent' });
const [event] = stripe.books.events;

const post = (body: string | Buffer, headers: Record<string, string>) =>
  server.inject({
    method: 'POST',
    url: '/webhooks/stripe',
    payload: body,
    headers: { 'content-type': 'application/json', ...headers },
  });
const noted = () => plane.sql`SELECT id FROM provider_event`;

test('attack 36: an event is taken in once, over its raw bytes, and only with a good signature', async () => {
  const { body, signature } = stripe.signed(event!, SECRET);
  const bad: [string, Record<string, string>][] = [
    [body, {}],
    [body, { 'stripe-signature': 't=1,v1=00' }],
    // The same JSON, but other bytes.
    [JSON.stringify(JSON.parse(body), null, 1), { 'stripe-signature': signature }],
    [body, { 'stripe-signature': stripe.signed(event!, 'whsec_other').signature }],
    [body, { 'stripe-signature': stripe.signed(event!, SECRET, Math.floor(Date.now() / 1000) - 301).signature }],
  ];
  for (const [text, headers] of bad) expect((await post(text, headers)).statusCode).toBe(400);
  expect(await noted()).toEqual([]);
  for (const _ of [1, 2, 3]) expect((await post(body, { 'stripe-signature': signature })).statusCode).toBe(200);
  expect(await noted()).toEqual([{ id: event!.id }]);
});

test("attack 36: another account's event is refused, although its signature is good", async () => {
  const foreign = { ...event!, id: 'evt_foreign', account: 'acct_somebody_else' };
  const { body, signature } = stripe.signed(foreign, SECRET);
  expect((await post(body, { 'stripe-signature': signature })).statusCode).toBe(400);
  expect(await plane.sql`SELECT id FROM provider_event WHERE id = 'evt_foreign'`).toEqual([]);
});

test('attack 36: a body that is too large for an event is refused unread, and the way in has no other methods', async () => {
  const huge = await post(Buffer.alloc(300 * 1024, 'x'), { 'stripe-signature': 't=1,v1=00' });
  expect(huge.statusCode).toBe(413);
  const get = await server.inject({ method: 'GET', url: '/webhooks/stripe' });
  expect([404, 405]).toContain(get.statusCode);
});
