import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, type Json, openApi, type Reply, type Sender } from './support/api';
import { LAYERS } from './support/layers';
import { attemptOf, comparable, documentedOperations, type Operation, rowsOf } from './support/matrix';
import { addTenant, sshPublicKey, type Tenant } from './support/tenant';
import { type Ids, populate, randomIds } from './support/two-tenants';

const operations = documentedOperations().filter(({ plane }) => plane === 'tenant');
const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'));

let api: Api;
let admin: pg.Client;
let url: string;
let a: Tenant;
let b: Tenant;
let theirs: Ids;
let ours: Ids;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
  a = await addTenant(api, { name: 'Theirs' });
  b = await addTenant(api, { name: 'Ours' });
  theirs = await populate(api, admin, a);
  ours = await populate(api, admin, b);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(() => api.plane.ctx.redis.flushdb());

let sent = 0;
async function send(operation: Operation, address: string, sender: Sender, body?: unknown): Promise<Reply> {
  sent += 1;
  const headers = { 'idempotency-key': `x-${sent}`, 'x-forwarded-for': `2001:db8:1:${sent.toString(16)}::1` };
  const orgId = operation.path.startsWith('/v1/organizations/') ? null : sender.orgId;
  return api.send(operation.method, address, { ...sender, orgId: orgId ?? null, headers }, body);
}

/** Ids of A that an answer holds although the request did not name them. */
const leaked = (text: string, named: readonly unknown[]) =>
  Object.values(theirs).filter((id) => text.includes(id) && !named.includes(id));

/** Lists of A with more than one page, each with the cursor of its second page. */
async function cursorsOfA(): Promise<[Operation, string, string][]> {
  const found: [Operation, string, string][] = [];
  for (const operation of lists) {
    const attempt = attemptOf(bare(operation), theirs);
    const address = `${attempt.url}${attempt.url.includes('?') ? '&' : '?'}limit=1`;
    const { json } = await send(operation, address, a.owner);
    if (typeof json?.next_cursor === 'string') found.push([operation, attempt.url, json.next_cursor]);
  }
  return found;
}

/** An operation without the filters that it may take: one thing alone would leave one page. */
function bare(operation: Operation): Operation {
  return { ...operation, parameters: operation.parameters.filter((one) => one.in === 'path' || one.required) };
}

/** Kinds of ids that a request names beside each other. */
const kindsOf = (operation: Operation) => [...new Set(attemptOf(operation, ours).named)];

describe.each(LAYERS)("attacks 2, 3, 4, 5, 58: what B mixes with what is A's, %s", (_, prepare) => {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = await prepare(api, admin);
  });
  afterAll(() => restore());

  test("one of A's ids among B's own is told like one that never was, and nothing of A's changes", async () => {
    const several = operations.filter((operation) => kindsOf(operation).length > 1);
    expect(several.length).toBeGreaterThan(8);
    const before = await rowsOf(admin, a.orgId);
    for (const operation of several) {
      for (const kind of kindsOf(operation)) {
        const never = randomIds(ours)[kind]!;
        const answers: Reply[] = [];
        for (const id of [theirs[kind]!, never]) {
          const attempt = attemptOf(operation, { ...ours, [kind]: id });
          const reply = await send(operation, attempt.url, b.owner, attempt.body);
          expect(leaked(reply.text, [id]), `${operation.id} ${kind}`).toEqual([]);
          answers.push({ ...reply, text: reply.text.replaceAll(id, 'id') });
        }
        const [foreign, random] = answers;
        expect(foreign!.status, `${operation.id} ${kind}: ${foreign!.text}`).toBeGreaterThanOrEqual(400);
        expect(comparable(foreign!), `${operation.id} ${kind}`).toEqual(comparable(random!));
      }
    }
    expect(await rowsOf(admin, a.orgId)).toEqual(before);
  });

  test("a cursor of A's is none of B's", async () => {
    const cursors = await cursorsOfA();
    expect(cursors.length).toBeGreaterThan(2);
    for (const [operation, address, cursor] of cursors) {
      const joined = `${address}${address.includes('?') ? '&' : '?'}limit=1&cursor=${cursor}`;
      expect((await send(operation, joined, a.owner)).status, operation.id).toBe(200);
      const mine = attemptOf(bare(operation), ours).url;
      const reply = await send(operation, `${mine}${mine.includes('?') ? '&' : '?'}limit=1&cursor=${cursor}`, b.owner);
      expect(reply.json, operation.id).toMatchObject({ status: 400, code: 'invalid_cursor' });
      expect(leaked(reply.text, [])).toEqual([]);
    }
  });

  test("an Idempotency-Key of A's is new for B, with the same body and with another", async () => {
    sent += 1;
    const idempotencyKey = `shared-${sent}`;
    const body = { name: `p ${sent}` };
    const first = await api.call('createProject', { body, idempotencyKey }, a.owner);
    const second = await api.call('createProject', { body, idempotencyKey }, b.owner);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers['idempotent-replayed']).toBeUndefined();
    expect(second.json.id).not.toBe(first.json.id);
    const third = await api.call('createTopUp', { body: { amount: '3.00' }, idempotencyKey: `top-${sent}` }, a.owner);
    const fourth = await api.call('createTopUp', { body: { amount: '4.00' }, idempotencyKey: `top-${sent}` }, b.owner);
    expect([third.status, fourth.status, fourth.json.amount.amount]).toEqual([201, 201, '4.00']);
    // Each still gets its own answer again.
    const again = await api.call('createProject', { body, idempotencyKey }, b.owner);
    expect([again.headers['idempotent-replayed'], again.text]).toEqual(['true', second.text]);
  });

  test("a stream of B's tells what B does and no word of what A does, and does not go on after an event of A's", async () => {
    const headers = { authorization: `Bearer ${b.session}`, 'organization-id': b.orgId };
    const request = get(`${url}/v1/events/stream`, { headers, agent: false });
    let told = '';
    const opened = new Promise<void>((resolve, reject) => {
      request.once('error', reject).once('response', (response) => {
        response
          .on('error', () => {})
          .on('data', (chunk: Buffer) => {
            told += chunk.toString();
            resolve();
          });
      });
    });
    await opened;
    const make = async (tenant: Tenant) => {
      sent += 1;
      const made = await api.call(
        'createSshKey',
        { body: { name: `s ${sent}`, public_key: sshPublicKey(sent % 250) } },
        tenant.owner,
      );
      expect(made.status, made.text).toBe(201);
      return made.json.id as string;
    };
    const [foreign, own] = [await make(a), await make(b)];
    for (let i = 0; i < 1_800 && !told.includes(own); i += 1) await sleep(25);
    request.on('error', () => {}).destroy();
    expect(told).toContain(own);
    expect(told).not.toContain(foreign);
    expect(leaked(told, [])).toEqual([]);
    const listed = await api.call('listEvents', { query: { limit: 100 } }, a.owner);
    const event = (listed.json.items as Json[]).find(({ resource }) => resource === foreign);
    expect(event).toBeDefined();
    const after = await api.send('GET', '/v1/events/stream', { ...b.owner, headers: { 'last-event-id': event.id } });
    expect(after.json).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });
});
