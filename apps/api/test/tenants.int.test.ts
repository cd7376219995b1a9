import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, openApi } from './support/api';
import { addTenant, type Tenant } from './support/tenant';

let api: Api;
let a: Tenant;
let b: Tenant;

beforeAll(async () => {
  api = await openApi();
  a = await addTenant(api, { name: 'One' });
  b = await addTenant(api, { name: 'Other' });
  await api.call('createTopUp', { body: { amount: '5.00' }, idempotencyKey: 'same' }, a.owner);
});
afterAll(() => api?.close());

describe('two tenants', () => {
  test('attack 5: an idempotency key that A used is new for B', async () => {
    const reply = await api.call('createTopUp', { body: { amount: '1.00' }, idempotencyKey: 'same' }, b.owner);
    expect(reply.status).toBe(201);
    expect(reply.json.amount.amount).toBe('1.00');
  });

  test('attack 4: a cursor is for one organisation, one list and one set of filters', async () => {
    for (const name of ['one', 'two', 'three']) {
      await api.call('createProject', { body: { name } }, a.owner);
    }
    const { owner } = a;
    const first = await api.call('listProjects', { query: { limit: 1 } }, owner);
    const cursor = first.json.next_cursor as string;
    expect((await api.call('listProjects', { query: { limit: 5, cursor } }, owner)).status).toBe(200);
    const [payload, mac] = cursor.split('.');
    const edited = Buffer.from(JSON.stringify(['2000-01-01T00:00:00.000Z', 'x'])).toString('base64url');
    const wrong = [
      `${edited}.${mac}`,
      `${payload}.${mac!.slice(0, -1)}B`,
      `${payload}`,
      '.',
      'x',
      `${cursor}.x`,
      cursor.slice(1),
    ];
    for (const bad of wrong) {
      const reply = await api.call('listProjects', { query: { cursor: bad } }, owner);
      expect(reply.json, bad).toMatchObject({ status: 400, code: 'invalid_cursor' });
    }
    const elsewhere = await api.send('GET', `/v1/ssh-keys?cursor=${cursor}`, owner);
    expect(elsewhere.json.code).toBe('invalid_cursor');
    const filtered = await api.send('GET', `/v1/instances?limit=1&state=queued&cursor=${cursor}`, owner);
    expect(filtered.json.code).toBe('invalid_cursor');
  });

  test('pages of any size show everything once, in one order', async () => {
    const all = (await api.call('listAuditEvents', { query: { limit: 100 } }, a.owner)).json.items as { id: string }[];
    for (const limit of [1, 2, 7]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit, ...(cursor ? { cursor } : {}) };
        const reply = await api.call('listAuditEvents', { query }, a.owner);
        seen.push(...reply.json.items.map((item: { id: string }) => item.id));
        cursor = reply.json.next_cursor ?? undefined;
      } while (cursor);
      expect(seen).toEqual(all.map((item) => item.id));
    }
  });
});
