import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { mintId } from '@suanxiang/domain/ids';
import { systemClock } from '@suanxiang/platform/clock';
import { listWebhookDeliveries, probeWebhook, replayWebhookDelivery } from '@suanxiang/services/webhook/deliveries';
import { fanOutEvents, isSubscribed } from '@suanxiang/services/webhook/fan-out';
import { PAUSES_S, pruneEvents, type SenderOptions, sendDeliveries } from '@suanxiang/services/webhook/send-deliveries';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  rotateWebhookSecret,
  updateWebhook,
} from '@suanxiang/services/webhook/webhooks';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOrg, type TestOrg } from '../../metering/test/support/billing-db';
import { call, openPlane, type Plane, principalOf } from './support/plane';

interface Received {
  headers: Record<string, string>;
  body: string;
}

let plane: Plane;
let admin: pg.Client;
let org: TestOrg;
let receiver: Server;
let receiverUrl: string;
let answers: (received: Received) => number;
const received: Received[] = [];
let sender: SenderOptions;

beforeAll(async () => {
  plane = await openPlane();
  admin = new pg.Client({ connectionString: plane.db.database.adminUrl });
  await admin.connect();
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { headers: request.headers as Record<string, string>, body };
    received.push(one);
    response.writeHead(answers(one), { location: `${receiverUrl}elsewhere` }).end('thanks');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  sender = {
    db: plane.db.worker,
    clock: systemClock,
    dataKey: plane.ctx.secrets.dataKey,
    policy: { allowLocal: true },
    webUrl: 'https://cloud.example.com',
  };
});
afterAll(async () => {
  receiver?.close();
  await admin?.end();
  await plane?.close();
});
beforeEach(async () => {
  received.length = 0;
  answers = () => 204;
  await admin.query('UPDATE webhook SET status = $1 WHERE deleted_at IS NULL', ['disabled']);
  org = await createOrg(plane.db.worker);
});

/** A webhook to the receiver. Its address is set past the check, which lets nothing on this machine through. */
async function hook(event_types: string[] = ['instance.*']) {
  const body = { url: 'https://example.com/hook', event_types };
  const made = await call(plane, 'createWebhook', createWebhook, principalOf(org), { body });
  await admin.query('UPDATE webhook SET url = $1 WHERE id = $2', [receiverUrl, made.webhook.id]);
  return { id: made.webhook.id, secret: made.secret! };
}
const tell = (type: string) =>
  admin.query(`SELECT suan_tell($1, NULL, $2, NULL, 'organization.read', '{"n": 1}')`, [org.orgId, type]);
/** Waits until readers may go past everything told: no transaction of the whole server that began before it is under way. */
async function settled(): Promise<void> {
  const under = 'SELECT 1 FROM event WHERE txid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint LIMIT 1';
  while ((await admin.query(under)).rowCount !== 0) await sleep(20);
}
const fanOut = async () => {
  await settled();
  return fanOutEvents(plane.db.worker, systemClock.nowMs());
};
const due = () =>
  admin.query(`UPDATE webhook_delivery SET next_attempt_at = now() - interval '1 s' WHERE status = 'pending'`);
const log = async (id: string) =>
  (await call(plane, 'listWebhookDeliveries', listWebhookDeliveries, principalOf(org), { params: { webhook_id: id } }))
    .items;

test('attack 35: an event is delivered once, signed as any receiver of Standard Webhooks checks it, and nothing of it can be changed', async () => {
  const { id, secret } = await hook(['instance.*']);
  await tell('instance.running');
  await tell('invoice.final');
  await Promise.all([fanOut(), fanOut()]);
  await Promise.all([sendDeliveries(sender), sendDeliveries(sender)]);
  await fanOut();
  await sendDeliveries(sender);
  expect(received).toHaveLength(1);
  const payload = new Webhook(secret).verify(received[0]!.body, received[0]!.headers) as {
    type: string;
    data: { id: string };
  };
  expect(payload.type).toBe('instance.running');
  expect(payload.data.id).toBe(received[0]!.headers['webhook-id']);
  const { body, headers } = received[0]!;
  const other = await hook([]);
  const forged: [string, string, Record<string, string>][] = [
    [secret, `${body} `, headers],
    [secret, body, { ...headers, 'webhook-id': `${headers['webhook-id']}x` }],
    // A dot that moves text from the body into the id, or from the id into the time.
    [secret, body.slice(1), { ...headers, 'webhook-timestamp': `${headers['webhook-timestamp']}.${body[0]}` }],
    [secret, body, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }],
    [secret, body, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 301) }],
    [other.secret, body, headers],
  ];
  for (const [key, text, shown] of forged) {
    expect(() => new Webhook(key).verify(text, shown), JSON.stringify(shown)).toThrow();
  }
  expect(headers['webhook-id']).not.toContain('.');
  expect(await log(id)).toMatchObject([
    { status: 'delivered', type: 'instance.running', attempts: [{ status: 204, error: null }] },
  ]);
});

test('a refusal is tried again after longer and longer pauses under the same id, for about three days', async () => {
  const { id } = await hook();
  answers = () => 500;
  await tell('instance.running');
  await fanOut();
  for (let i = 0; i <= PAUSES_S.length; i += 1) {
    expect(await sendDeliveries(sender)).toBe(1);
    const [wait] = (
      await admin.query<{ s: number }>(
        `SELECT extract(epoch FROM next_attempt_at - now())::float8 AS s FROM webhook_delivery WHERE webhook_id = $1`,
        [id],
      )
    ).rows;
    const pause = PAUSES_S[i];
    if (pause !== undefined) {
      expect(wait!.s).toBeGreaterThan(pause - 5);
      expect(wait!.s).toBeLessThan(pause * 1.1 + 5);
    }
    await due();
  }
  expect(await sendDeliveries(sender)).toBe(0);
  expect(new Set(received.map((one) => one.headers['webhook-id'])).size).toBe(1);
  const [delivery] = await log(id);
  expect(delivery).toMatchObject({ status: 'failed', next_attempt_at: null });
  expect(delivery!.attempts).toHaveLength(PAUSES_S.length + 1);
  const days = PAUSES_S.reduce((sum, one) => sum + one, 0) / 86_400;
  expect(days).toBeGreaterThan(3);
});

test('a worker that dies after it took a delivery loses nothing: it is found again', async () => {
  const { id } = await hook();
  await tell('instance.running');
  await fanOut();
  // What a worker leaves that took the delivery and was killed before the answer came.
  await admin.query(`UPDATE webhook_delivery SET attempts = 1, next_attempt_at = now() + interval '60 s'`);
  expect(await sendDeliveries(sender)).toBe(0);
  await due();
  expect(await sendDeliveries(sender)).toBe(1);
  expect(await log(id)).toMatchObject([{ status: 'delivered' }]);
});

test('while a rotation overlaps both secrets verify, and after it only the new one', async () => {
  const { id, secret } = await hook();
  const roll = (overlap_seconds: number) =>
    call(plane, 'rotateWebhookSecret', rotateWebhookSecret, principalOf(org), {
      params: { webhook_id: id },
      body: { overlap_seconds },
    });
  const second = (await roll(3600)).secret!;
  await call(plane, 'probeWebhook', probeWebhook, principalOf(org), { params: { webhook_id: id } });
  await sendDeliveries(sender);
  const first = received.at(-1)!;
  for (const one of [secret, second]) new Webhook(one).verify(first.body, first.headers);
  const third = (await roll(0)).secret!;
  const [delivery] = await log(id);
  await call(plane, 'replayWebhookDelivery', replayWebhookDelivery, principalOf(org), {
    params: { webhook_id: id, delivery_id: delivery!.id },
  });
  await sendDeliveries(sender);
  const again = received.at(-1)!;
  new Webhook(third).verify(again.body, again.headers);
  expect(() => new Webhook(second).verify(again.body, again.headers)).toThrow();
  expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
});

test('attack 33: a redirect is a failure and is not followed', async () => {
  const { id } = await hook();
  answers = () => 302;
  await tell('instance.running');
  await fanOut();
  await sendDeliveries(sender);
  expect(received).toHaveLength(1);
  expect(await log(id)).toMatchObject([{ status: 'pending', attempts: [{ status: 302 }] }]);
});

test('a receiver that took nothing for days is turned off, its owners are mailed, and turned on again it begins anew', async () => {
  const { id } = await hook();
  const owner = `owner-${id}@example.com`;
  const user = mintId('user', systemClock.nowMs());
  await admin.query(
    `INSERT INTO auth_user (id, email, name, "emailVerified", "createdAt", "updatedAt") VALUES ($1, $2, 'O', true, now(), now())`,
    [user, owner],
  );
  await admin.query(`INSERT INTO membership (id, org_id, user_id, role) VALUES ($1, $2, $3, 'owner')`, [
    mintId('membership', systemClock.nowMs()),
    org.orgId,
    user,
  ]);
  answers = () => 503;
  await tell('instance.running');
  await fanOut();
  await sendDeliveries(sender);
  await admin.query(`UPDATE webhook SET failing_since = now() - interval '5 days 1 minute' WHERE id = $1`, [id]);
  await due();
  await sendDeliveries(sender);
  const get = () => call(plane, 'getWebhook', getWebhook, principalOf(org), { params: { webhook_id: id } });
  expect(await get()).toMatchObject({ status: 'failed', off_reason: 'silent' });
  const mails = await admin.query(`SELECT template FROM outgoing_mail WHERE to_address = $1`, [owner]);
  expect(mails.rows).toEqual([{ template: 'webhook_disabled' }]);
  const told = await admin.query(
    `SELECT type FROM event WHERE org_id = $1 AND subject = $2 AND type = 'webhook.failed'`,
    [org.orgId, id],
  );
  expect(told.rowCount).toBe(1);

  await tell('instance.stopped');
  answers = () => 200;
  const params = { webhook_id: id };
  await call(plane, 'updateWebhook', updateWebhook, principalOf(org), { params, body: { status: 'enabled' } });
  await admin.query(`UPDATE webhook SET event_types = '{instance.*}' WHERE id = $1`, [id]);
  await tell('instance.terminated');
  await fanOut();
  await sendDeliveries(sender);
  expect(await get()).toMatchObject({ status: 'enabled', off_reason: null, failing_since: null });
  expect((await log(id)).map((one) => [one.type, one.status])).toEqual([
    ['instance.terminated', 'delivered'],
    ['instance.running', 'canceled'],
  ]);
});

test('410 turns a webhook off at once; deleting one cancels what is pending', async () => {
  const gone = await hook();
  const other = await hook();
  answers = ({ headers }) => (headers['webhook-id'] && received.length === 1 ? 410 : 500);
  await tell('instance.running');
  await fanOut();
  await sendDeliveries(sender);
  const states = await admin.query(`SELECT status FROM webhook WHERE id = ANY($1) ORDER BY status`, [
    [gone.id, other.id],
  ]);
  expect(states.rows.map((row) => row.status)).toEqual(['enabled', 'failed']);
  for (const one of [gone, other])
    await call(plane, 'deleteWebhook', deleteWebhook, principalOf(org), { params: { webhook_id: one.id } });
  await due();
  expect(await sendDeliveries(sender)).toBe(0);
});

test('secrets stand sealed, and events and deliveries are forgotten after thirty days', async () => {
  const { id, secret } = await hook();
  const [row] = (await admin.query('SELECT secret FROM webhook WHERE id = $1', [id])).rows;
  expect(row.secret).not.toContain(secret.slice(6));
  await tell('instance.running');
  await fanOut();
  await sendDeliveries(sender);
  await admin.query(`UPDATE webhook_delivery SET created_at = now() - interval '31 days' WHERE webhook_id = $1`, [id]);
  await admin.query(
    `ALTER TABLE event DISABLE TRIGGER USER; UPDATE event SET at = now() - interval '31 days' WHERE org_id = '${org.orgId}'`,
  );
  await pruneEvents(plane.db.worker);
  expect(await log(id)).toEqual([]);
  expect((await admin.query('SELECT 1 FROM event WHERE org_id = $1', [org.orgId])).rowCount).toBe(0);
});

test('attack 33: an address that leads inside when it is called is recorded as blocked, and nobody there hears of it', async () => {
  const { id } = await hook();
  await tell('instance.running');
  await fanOut();
  expect(await sendDeliveries({ ...sender, policy: { allowLocal: false } })).toBe(1);
  expect(received).toEqual([]);
  const [delivery] = await log(id);
  expect(delivery).toMatchObject({ status: 'pending', attempts: [{ status: null, error: expect.any(String) }] });
});

test.each([
  'http://example.com/',
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://10.0.0.1/',
  'https://example.com:22/',
  'https://example.com:6379/',
  'https://example.com:5432/',
  'https://example.com:4000/',
  'gopher://example.com/',
  'file:///etc/passwd',
  'https://[::ffff:169.254.169.254]/',
  'https://169.254.169.254/',
  'https://100.64.0.1/',
  'https://[fd00::1]/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://localhost./',
  'https://a:b@example.com/',
  'https://localhost/',
  'nonsense',
])('attacks 32, 34: the address %s is refused at its field', async (url) => {
  const create = call(plane, 'createWebhook', createWebhook, principalOf(org), { body: { url } });
  await expect(create).rejects.toMatchObject({
    code: 'invalid_request',
    extra: { errors: [{ pointer: '/body/url' }] },
  });
});

test('subscriptions name a type or all of a kind', () => {
  expect(isSubscribed([], 'a.b')).toBe(true);
  expect(isSubscribed(['a.*'], 'a.b')).toBe(true);
  expect(isSubscribed(['a.*'], 'ab.c')).toBe(false);
  expect(isSubscribed(['a.c'], 'a.b')).toBe(false);
});
