import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { mintId } from '@suanxiang/domain/ids';
import { PERMISSIONS } from '@suanxiang/domain/permissions';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, type Json, openApi } from './support/api';
import { addKey, addTenant, sshPublicKey, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let url: string;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(async () => {
  tenant = await addTenant(api);
});

let keys = 0;
/** Something that changes: an SSH key, with a name to know it by. */
async function change(name: string, by: Tenant = tenant): Promise<void> {
  keys += 1;
  const made = await api.call('createSshKey', { body: { name, public_key: sshPublicKey(keys) } }, by.owner);
  expect(made.status, made.text).toBe(201);
}

/** A stream over a real connection, read until it is closed. */
async function listen(token: string, options: { after?: string; query?: string; orgId?: string } = {}) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(options.orgId ? { 'organization-id': options.orgId } : {}),
    ...(options.after ? { 'last-event-id': options.after } : {}),
  };
  // A connection of its own: those that an agent keeps ready would hold the server's end up.
  const request = get(`${url}/v1/events/stream${options.query ?? ''}`, { headers, agent: false });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  const events: Json[] = [];
  let ended = false;
  const reading = (async () => {
    let text = '';
    for await (const chunk of response) {
      text += Buffer.from(chunk).toString();
      for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(
          text
            .slice(0, at)
            .split('\n')
            .map((line) => line.split(/: (.*)/s)),
        );
        text = text.slice(at + 2);
        if (fields.data) events.push({ ...JSON.parse(fields.data), last: fields.id, event: fields.event });
      }
    }
  })()
    .catch(() => {})
    .finally(() => {
      ended = true;
    });
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    events,
    isEnded: () => ended,
    async until(what: () => boolean) {
      // Other tests share the server, and their transactions hold readers back.
      for (let i = 0; i < 1_800 && !what(); i += 1) await sleep(25);
      expect(what(), JSON.stringify(events)).toBe(true);
    },
    async close() {
      request.destroy();
      await reading;
    },
  };
}

const subjects = (events: Json[]) => events.filter((one) => one.type === 'ssh_key.created').length;

/** The newest event of a key that the list shows. */
async function newest(): Promise<string[]> {
  const listed = await api.call('listEvents', { query: { type: 'ssh_key.*', limit: 1 } }, tenant.owner);
  return listed.json.items.map((one: Json) => one.id);
}

test('a stream tells what is committed after it was opened, and goes on after the event last seen without loss or doubles', async () => {
  const before = await newest();
  await change('before');
  // While another's transaction hides it, a stream that is opened would still tell it: it has to be seen first.
  await expect.poll(newest, { timeout: 30_000 }).not.toEqual(before);
  const first = await listen(tenant.session, { orgId: tenant.orgId });
  expect(first).toMatchObject({ status: 200, type: 'text/event-stream' });
  await change('one');
  await first.until(() => subjects(first.events) === 1);
  await first.close();
  const [seen] = first.events.filter((one) => one.type === 'ssh_key.created');
  expect(seen).toMatchObject({ event: 'ssh_key.created', project_id: null, resource: expect.stringMatching(/^sshk_/) });
  expect(seen.last).toBe(seen.id);

  await change('two');
  await change('three');
  const second = await listen(tenant.session, { orgId: tenant.orgId, after: seen.id });
  await change('four');
  await second.until(() => subjects(second.events) === 3);
  await second.close();
  const all = [...first.events, ...second.events].map((one) => one.id);
  expect(new Set(all).size).toBe(all.length);
  const listed = await api.call('listEvents', { query: { type: 'ssh_key.*', limit: 3 } }, tenant.owner);
  expect(listed.json.items.map((one: Json) => one.id)).toEqual(
    second.events
      .filter((one) => one.type === 'ssh_key.created')
      .map((one) => one.id)
      .reverse(),
  );
});

test('what commits late is not skipped: a reader waits below the oldest transaction under way', async () => {
  const slow = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await slow.connect();
  const stream = await listen(tenant.session, { orgId: tenant.orgId, query: '?type=test.*' });
  try {
    const tell = (client: pg.Client, type: string) =>
      client.query(`SELECT suan_tell($1, NULL, $2, NULL, 'organization.read', '{}')`, [tenant.orgId, type]);
    await slow.query('BEGIN');
    await tell(slow, 'test.slow');
    await tell(admin, 'test.quick');
    // The quick one is committed and must not be shown before the slow one, which stands before it.
    await sleep(1_500);
    expect(stream.events).toEqual([]);
    await slow.query('COMMIT');
    await stream.until(() => stream.events.length === 2);
    expect(stream.events.map((one) => one.type)).toEqual(['test.slow', 'test.quick']);
  } finally {
    await stream.close();
    await slow.end();
  }
});

test('attack 58: a revoked key hears nothing more within five seconds, and another organization never anything', async () => {
  const other = await addTenant(api);
  const secret = await addKey(api, tenant, ['all:read']);
  const stream = await listen(secret);
  const foreign = await listen(other.session, { orgId: other.orgId });
  await change('mine');
  await stream.until(() => subjects(stream.events) === 1);
  const [key] = (await api.call('listApiKeys', { query: { limit: 20 } }, tenant.owner)).json.items;
  expect((await api.call('revokeApiKey', { params: { api_key_id: key.id } }, tenant.owner)).status).toBe(204);
  const revokedAt = performance.now();
  await stream.until(stream.isEnded);
  expect(performance.now() - revokedAt).toBeLessThan(8_000);
  expect(subjects(foreign.events)).toBe(0);
  await foreign.close();
  expect((await listen(tenant.session, { orgId: tenant.orgId, after: 'evt_01hzzzzzzzzzzzzzzzzzzzzzzz' })).status).toBe(
    400,
  );
});

test('attack 58: who may not read a thing does not hear of it, nor a key of one project of another', async () => {
  const key = await addKey(api, tenant, ['compute:read'], tenant.projectId);
  const tell = (project: string | null, permission: string) =>
    admin.query(`SELECT suan_tell($1, $2, 'test.told', NULL, $3, '{}')`, [tenant.orgId, project, permission]);
  await tell(tenant.projectId, 'instance.read');
  await tell(mintId('project', Date.now()), 'instance.read');
  await tell(null, 'instance.read');
  await tell(tenant.projectId, 'billing.read');
  const under = 'SELECT 1 FROM event WHERE txid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint LIMIT 1';
  while ((await admin.query(under)).rowCount !== 0) await sleep(20);
  const seen = async (token: object) =>
    (await api.call('listEvents', { query: { type: 'test.told', limit: 20 } }, token)).json.items.length;
  expect(await seen({ token: key })).toBe(1);
  expect(await seen(tenant.owner)).toBe(4);
});

test('the list is narrowed to who did something, and to a span of time', async () => {
  await change('narrow-1');
  await change('narrow-2');
  const list = async (query: object) =>
    (await api.call('listEvents', { query: { type: 'ssh_key.created', limit: 20, ...query } }, tenant.owner)).json
      .items;
  let all = await list({});
  // Other tests share the server, and their transactions hold readers back.
  while (all.length < 2) all = await list({});
  const [second, first] = all as Json[];
  const ids = async (query: object) => (await list(query)).map((one: Json) => one.id);
  expect(await ids({ actor: first.data.actor })).toEqual([second.id, first.id]);
  expect(await ids({ actor: 'user:nobody' })).toEqual([]);
  expect(await ids({ since: second.at })).toEqual([second.id]);
  expect(await ids({ until: second.at })).toEqual([first.id]);
});

test('every kind of change has a trigger that tells it, with a permission that exists', async () => {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT DISTINCT c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'tell' ORDER BY 1`,
  );
  expect(rows.map((row) => row.name)).toEqual([
    'audit_event',
    'billing_event',
    'eviction',
    'invoice',
    'operation',
    'payment',
    'state_change',
  ]);
  const told = await admin.query<{ permission: string }>(
    `SELECT DISTINCT permission FROM event WHERE type NOT LIKE 'test.%'`,
  );
  expect(told.rows.length).toBeGreaterThan(1);
  for (const { permission } of told.rows) expect(PERMISSIONS).toContain(permission);
});

test('what is told names the request that led to it, as its answer and its audit row do', async () => {
  await addNode(api.plane.sql, 'n1');
  const body = { name: 'told', region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' };
  const made = await api.call('createInstance', { body, idempotencyKey: 'told' }, tenant.owner);
  expect(made.status, made.text).toBe(201);
  const requestId = made.headers['x-request-id'];
  const under = 'SELECT 1 FROM event WHERE txid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint LIMIT 1';
  while ((await admin.query(under)).rowCount !== 0) await sleep(20);
  const events = (await api.call('listEvents', { query: { limit: 20 } }, tenant.owner)).json.items as Json[];
  for (const type of ['instance.queued', 'operation.pending', 'instance.created']) {
    expect(events.find((one) => one.type === type)?.data.request_id, type).toBe(requestId);
  }
  const [audited] = (await api.call('listAuditEvents', { query: { limit: 1 } }, tenant.owner)).json.items;
  expect(audited).toMatchObject({ action: 'instance.create', request_id: requestId });
});

test('a caller may keep twenty streams open', async () => {
  const streams = [];
  for (let i = 0; i < 20; i += 1) streams.push(await listen(tenant.session, { orgId: tenant.orgId }));
  expect(streams.every((one) => one.status === 200)).toBe(true);
  expect((await listen(tenant.session, { orgId: tenant.orgId })).status).toBe(429);
  await Promise.all(streams.map((one) => one.close()));
  const again = await listen(tenant.session, { orgId: tenant.orgId, query: '?max_seconds=1' });
  await again.until(again.isEnded);
});
