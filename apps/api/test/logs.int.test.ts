import { randomUUID } from 'node:crypto';
import { readServerSentEvents } from '@suanxiang/contract/server-sent-events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from './support/api';
import { openSimulatedMachines, type SimulatedMachines } from './support/simulated-machines';
import { addKey, addTenant } from './support/tenant';

let machines: SimulatedMachines;
let { api, admin, driver, tenant, running } = {} as SimulatedMachines;
let url: string;

beforeAll(async () => {
  machines = await openSimulatedMachines();
  ({ api, admin, driver, tenant, running } = machines);
  url = machines.address.replace('ws', 'http');
}, 120_000);
afterAll(() => machines?.close());

const logs = (id: string, query: object = {}, sender = tenant.owner) =>
  api.call('getInstanceLogs', { params: { instance_id: id }, query }, sender);

/** The whole log as it is now, page by page. */
async function wholeLog(id: string): Promise<{ lines: Json[]; next: string | null }> {
  const lines: Json[] = [];
  let next: string | null = null;
  for (;;) {
    const page = await logs(id, next ? { cursor: next } : {});
    expect(page.status, page.text).toBe(200);
    lines.push(...page.json.lines);
    next = page.json.next_cursor;
    if (next === null || page.json.lines.length === 0) return { lines, next };
  }
}

/** A stream over a real connection, read until it is closed. */
async function follow(id: string, options: { after?: string; query?: string; token?: string } = {}) {
  const response = await fetch(`${url}/v1/instances/${id}/logs/stream${options.query ?? ''}`, {
    headers: {
      authorization: `Bearer ${options.token ?? tenant.session}`,
      ...(options.token ? {} : { 'organization-id': tenant.orgId }),
      ...(options.after ? { 'last-event-id': options.after } : {}),
    },
  });
  const lines: Json[] = [];
  const ids: string[] = [];
  let end: Json = null;
  const closed = (async () => {
    if (!response.ok) return;
    for await (const { id: at, data } of readServerSentEvents(response.body!, () => {})) {
      const told = JSON.parse(data);
      lines.push(...told.lines);
      if (told.reason) end = told.reason;
      if (at) ids.push(at);
    }
  })();
  closed.catch(() => {});
  return { response, lines, ids, closed, end: () => end };
}

const stop = (allocationId: string) => driver.stop({ operationKey: randomUUID(), epoch: 9 }, allocationId);
const hasLines = (id: string, count: number) =>
  expect.poll(async () => (await wholeLog(id)).lines.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count);

test('a log is read in pages, from its tail, since an instant, and after the end of its run', async () => {
  const { id, allocationId } = await running();
  await hasLines(id, 4);
  await stop(allocationId);
  await expect.poll(async () => (await wholeLog(id)).next).toBeNull();
  const { lines } = await wholeLog(id);
  expect(lines[0].text).toMatch(/^pulling /);
  expect((await logs(id, { tail: 2 })).json.lines).toEqual(lines.slice(-2));
  const since = lines[2].at;
  expect((await logs(id, { since })).json.lines).toEqual(lines.filter(({ at }) => at >= since));
  expect((await logs(id, { tail: 0 })).status).toBe(400);
  expect((await logs(id, { since: 'yesterday' })).status).toBe(400);
  for (const cursor of ['x', `alloc_${'a'.repeat(26)}.0`, `${allocationId}.999999`])
    expect((await logs(id, { cursor })).json, cursor).toMatchObject({ status: 400, code: 'invalid_cursor' });
  expect((await logs(id, { rank: 1 })).json).toMatchObject({ status: 400, errors: [{ pointer: '/query/rank' }] });
});

test('a log is followed to its end, and gone on with where a connection broke without a line lost or doubled', async () => {
  const { id, allocationId } = await running();
  const first = await follow(id);
  expect(first.response.headers.get('content-type')).toBe('text/event-stream');
  await expect.poll(() => first.lines.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  const seen = first.lines.length;
  const after = first.ids.at(-1)!;
  await hasLines(id, seen + 1);
  await stop(allocationId);
  await first.closed;
  expect(first.end()).toBe('log_ended');
  const { lines } = await wholeLog(id);
  expect(first.lines).toEqual(lines);
  const again = await follow(id, { after });
  await again.closed;
  expect([...lines.slice(0, seen), ...again.lines]).toEqual(lines);
  const tail = await follow(id, { query: '?tail=1' });
  await tail.closed;
  expect(tail.lines).toEqual(lines.slice(-1));
  expect((await follow(id, { after: 'x' })).response.status).toBe(400);
});

test('a stream ends when the key is revoked, when the member is removed, and is not had by others', async () => {
  const { id } = await running();
  const key = await addKey(api, tenant, ['compute:read']);
  const byKey = await follow(id, { token: key });
  const mine = await follow(id);
  expect([byKey.response.status, mine.response.status]).toEqual([200, 200]);
  const [{ id: keyId }] = (await admin.query('SELECT id FROM api_key WHERE org_id = $1', [tenant.orgId])).rows;
  await api.call('revokeApiKey', { params: { api_key_id: keyId } }, tenant.owner);
  await byKey.closed;
  expect(byKey.end()).toBeNull();
  expect((await follow(id, { token: key })).response.status).toBe(401);
  const other = await addTenant(api);
  expect((await logs(id, {}, other.owner)).status).toBe(404);
  const weak = await addKey(api, tenant, ['billing:read']);
  expect((await follow(id, { token: weak })).response.status).toBe(403);
  await admin.query(`UPDATE workload SET project_id = project_id, state = 'terminated' WHERE id = $1`, [id]);
  await api.call('signOut', {}, { token: tenant.session });
  await mine.closed;
  tenant = await addTenant(api);
});

test('what waits has no line yet, what never ran has no log, and what machines forgot is gone', async () => {
  const by = await addTenant(api);
  const body = { name: 'waits', region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' };
  const { id } = (await api.call('createInstance', { body }, by.owner)).json;
  const waiting = (await logs(id, {}, by.owner)).json;
  expect(waiting).toEqual({ lines: [], next_cursor: 'start' });
  expect((await logs(id, { cursor: waiting.next_cursor }, by.owner)).json).toEqual(waiting);
  await admin.query(`UPDATE operation SET status = 'failed' WHERE workload_id = $1`, [id]);
  await admin.query(`UPDATE workload SET state = 'failed' WHERE id = $1`, [id]);
  expect((await logs(id, {}, by.owner)).json).toMatchObject({ status: 409, code: 'conflict', state: 'failed' });
  const ran = await running(by);
  await admin.query(`UPDATE allocation SET id = 'alloc_' || repeat('z', 26) WHERE id = $1`, [ran.allocationId]);
  expect((await logs(ran.id, {}, by.owner)).json).toMatchObject({ status: 410, code: 'gone' });
});

test('a node of a cluster has its log', async () => {
  const body = { name: 'gang', region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g', node_count: 2 };
  const { id } = (await api.call('createCluster', { body }, tenant.owner)).json;
  const read = (rank: number) =>
    api.call('getClusterLogs', { params: { cluster_id: id }, query: { rank } }, tenant.owner);
  expect((await read(1)).json).toEqual({ lines: [], next_cursor: 'start' });
  expect((await read(2)).status).toBe(400);
  const stream = await api.call('streamClusterLogs', { params: { cluster_id: id }, query: { rank: 1 } }, tenant.owner);
  expect([stream.status, stream.text]).toEqual([200, 'retry: 2000\n: hello\n\n']);
});
