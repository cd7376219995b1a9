import { encodeBlock } from '@suanxiang/domain/usage-block';
import { writeLive } from '@suanxiang/platform/live-feed';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { block, createLease } from '../../../packages/metering/test/support/billing-db';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, type Json, openApi, type Sender } from './support/api';
import { addTenant, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let owner: Sender;
const H100 = 'nvidia-h100-80g';
const ZONE = 'cn-north-a';
let names = 0;

beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2']) await addNode(api.plane.sql, id);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(async () => {
  await admin.query('UPDATE device SET held_by = NULL; TRUNCATE capacity_claim');
  tenant = await addTenant(api);
  owner = tenant.owner;
});

async function launch(over: object = {}): Promise<Json> {
  names += 1;
  const body = { name: `w-${names}`, region_id: 'cn-north', accelerator_id: H100, ...over };
  const made = await api.call('createInstance', { body }, owner);
  expect(made.status, made.text).toBe(201);
  return made.json;
}

/** Brings a workload into a state, as the worker would have. */
async function arrive(id: string, state: string): Promise<void> {
  await admin.query('UPDATE workload SET state = $1, zone_id = $2 WHERE id = $3', [state, ZONE, id]);
  if (!['queued', 'provisioning', 'starting', 'stopping', 'terminating'].includes(state)) {
    await admin.query(`UPDATE operation SET status = 'succeeded', finished_at = now() WHERE workload_id = $1`, [id]);
  }
}
const get = async (id: string) => (await api.call('getInstance', { params: { instance_id: id } }, owner)).json;
const act = (operation: 'stopInstance' | 'startInstance' | 'terminateInstance', id: string) =>
  api.call(operation, { params: { instance_id: id } }, owner);
const operations = async (id: string) =>
  (await admin.query('SELECT kind, status, step FROM operation WHERE workload_id = $1 ORDER BY created_at, id', [id]))
    .rows;
const lastBell = async () => (await admin.query('SELECT topic, key FROM outbox ORDER BY id DESC LIMIT 1')).rows[0];

describe('stop, start, terminate', () => {
  test('stop opens an operation, moves the state, and rings for it', async () => {
    const { id } = await launch();
    await arrive(id, 'running');
    const reply = await act('stopInstance', id);
    expect(reply.json).toMatchObject({ state: 'stopping', operation: { kind: 'stop', status: 'pending' } });
    expect(reply.json.operation.steps.map((step: Json) => step.name)).toEqual(['stop_meter', 'shut_down', 'release']);
    expect(await lastBell()).toEqual({ topic: 'operation', key: reply.json.operation.id });
    const row = await admin.query('SELECT desired FROM workload WHERE id = $1', [id]);
    expect(row.rows).toEqual([{ desired: 'stopped' }]);
    const events = (await api.call('listInstanceEvents', { params: { instance_id: id } }, owner)).json.items;
    expect(events.at(-1)).toMatchObject({
      from_state: 'running',
      to_state: 'stopping',
      event: 'stop_requested',
      actor: `user:${tenant.userId}`,
      operation_id: reply.json.operation.id,
    });
  });

  test('start is admitted anew, at the price that holds now', async () => {
    const { id } = await launch({ gpus: 2 });
    await arrive(id, 'stopped');
    await admin.query(
      `INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour) VALUES ($1, $2, 'USD', 1, $3, 3000000)`,
      [`p-${id}`, `gpu.${H100}.cn-north`, Math.floor(Date.now() / 1000) - 5],
    );
    const reply = await act('startInstance', id);
    expect(reply.json).toMatchObject({
      state: 'starting',
      price_per_gpu_hour: '3.00',
      operation: { kind: 'start', status: 'pending' },
    });
    expect(await lastBell()).toEqual({ topic: 'placement', key: 'cn-north' });
    const claim = await admin.query('SELECT gpus_per_node FROM capacity_claim WHERE operation_id = $1', [
      reply.json.operation.id,
    ]);
    expect(claim.rows).toEqual([{ gpus_per_node: 2 }]);
  });

  test('start is refused for quota, balance and capacity like a create', async () => {
    const { id } = await launch();
    await arrive(id, 'stopped');
    await admin.query(`UPDATE device SET held_by = 'alloc_x'`);
    expect((await act('startInstance', id)).json).toMatchObject({ status: 409, code: 'capacity_unavailable' });
    await admin.query(`UPDATE ledger_balance SET micro = 0 WHERE org_id = $1 AND account = 'wallet'`, [tenant.orgId]);
    expect((await act('startInstance', id)).json).toMatchObject({ status: 402 });
    await admin.query(`UPDATE quota SET "limit" = 0 WHERE org_id = $1`, [tenant.orgId]);
    expect((await act('startInstance', id)).json).toMatchObject({ status: 403, metric: 'accelerators' });
    expect(await get(id)).toMatchObject({ state: 'stopped' });
    expect(await operations(id)).toHaveLength(1);
  });

  test.each([
    ['queued', 'stopInstance'],
    ['provisioning', 'stopInstance'],
    ['stopped', 'stopInstance'],
    ['failed', 'stopInstance'],
    ['running', 'startInstance'],
    ['queued', 'startInstance'],
    ['terminated', 'startInstance'],
    ['failed', 'startInstance'],
  ] as const)('in %s, %s is a conflict that names the state', async (state, operation) => {
    const { id } = await launch();
    await arrive(id, state);
    const reply = await act(operation, id);
    expect(reply.json).toMatchObject({ status: 409, code: 'conflict', state });
    expect(reply.json.detail).toContain(`It is ${state}`);
    expect(reply.json.allowed_states.length).toBeGreaterThan(0);
    expect(await get(id)).toMatchObject({ state });
  });

  test('terminate ends what is under way and takes its place; its claim on stock goes', async () => {
    const { id, operation } = await launch({ gpus: 8 });
    const reply = await act('terminateInstance', id);
    expect(reply.json).toMatchObject({ state: 'terminating', operation: { kind: 'terminate', status: 'pending' } });
    const before = await api.call('getOperation', { params: { operation_id: operation.id } }, owner);
    expect(before.json).toMatchObject({ status: 'superseded', finished_at: expect.any(String) });
    expect(before.json.steps.every((step: Json) => step.status === 'skipped')).toBe(true);
    expect((await admin.query('SELECT 1 FROM capacity_claim')).rowCount).toBe(0);
  });

  test('terminating again changes nothing and answers the same', async () => {
    const { id } = await launch();
    const first = await act('terminateInstance', id);
    const second = await act('terminateInstance', id);
    expect(second.status).toBe(200);
    expect(second.json).toEqual(first.json);
    await arrive(id, 'terminated');
    expect((await act('terminateInstance', id)).status).toBe(200);
    expect(await operations(id)).toHaveLength(2);
  });

  test('of many at once one terminate opens an operation', async () => {
    const { id } = await launch();
    await arrive(id, 'running');
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => act(index % 2 === 0 ? 'terminateInstance' : 'stopInstance', id)),
    );
    for (const reply of replies) expect([200, 409]).toContain(reply.status);
    expect(await get(id)).toMatchObject({ state: 'terminating' });
    const kinds = (await operations(id)).map((row) => `${row.kind} ${row.status}`);
    expect(kinds.filter((kind) => kind === 'terminate pending')).toHaveLength(1);
    expect(kinds.filter((kind) => kind.endsWith('pending'))).toHaveLength(1);
  });

  test('deletion protection is a conflict that says how to take it off', async () => {
    const { id } = await launch({ deletion_protection: true });
    const refused = await act('terminateInstance', id);
    expect(refused.json).toMatchObject({ status: 409, code: 'conflict', blockers: ['deletion_protection'] });
    expect(refused.json.suggestion).toContain(`PATCH /v1/instances/${id}`);
    const params = { instance_id: id };
    const changed = await api.call('updateInstance', { params, body: { deletion_protection: false } }, owner);
    expect(changed.json).toMatchObject({ deletion_protection: false, version: 2 });
    expect((await act('terminateInstance', id)).status).toBe(200);
  });

  test('labels are replaced as a whole; nothing at all is refused', async () => {
    const { id } = await launch({ labels: { a: '1', b: '2' } });
    const params = { instance_id: id };
    const changed = await api.call('updateInstance', { params, body: { labels: { c: '3' } } }, owner);
    expect(changed.json.labels).toEqual({ c: '3' });
    expect((await api.call('updateInstance', { params, body: {} }, owner)).status).toBe(400);
  });

  test('an instance is no cluster', async () => {
    const { id } = await launch();
    const reply = await api.send('GET', `/v1/clusters/${id}`, owner);
    expect(reply.status).toBe(400);
  });
});

describe('lists', () => {
  test('filter by state, part of the name, and what still lives', async () => {
    const [one, two, three] = [await launch(), await launch({ name: 'train-big' }), await launch()];
    await arrive(two.id, 'running');
    await arrive(three.id, 'terminated');
    const ids = async (query: object) =>
      (await api.call('listInstances', { query }, owner)).json.items.map((item: Json) => item.id);
    expect(await ids({})).toEqual([three.id, two.id, one.id]);
    expect(await ids({ state: 'running' })).toEqual([two.id]);
    expect(await ids({ q: 'AIN-B' })).toEqual([two.id]);
    expect(await ids({ live: 'true' })).toEqual([two.id, one.id]);
    expect(await ids({ live: 'false' })).toEqual([three.id]);
    const listed = await api.call('listOperations', { query: { resource_id: two.id } }, owner);
    expect(listed.json.items).toMatchObject([{ kind: 'launch', resource_id: two.id }]);
  });
});

describe('while it runs', () => {
  const START = Math.floor(Date.now() / 60_000) * 60 - 180;
  let id: string;
  let allocationId: string;
  const org = () => ({ orgId: tenant.orgId, projectId: tenant.projectId, currency: 'USD', mode: 'sandbox' as const });
  beforeEach(async () => {
    ({ workloadId: id, allocationId } = await createLease(api.plane.sql, org(), {
      startS: START,
      endS: null,
      gpus: 2,
      sku: `gpu.${H100}.ap-southeast`,
    }));
    await admin.query(
      `UPDATE allocation SET node_id = 'n1', ssh_host = '192.0.2.9', ssh_port = 2201, ssh_user = 'root' WHERE id = $1`,
      [allocationId],
    );
  });
  const metrics = (query: object = {}) => api.call('getInstanceMetrics', { params: { instance_id: id }, query }, owner);

  async function addBlock(winStartS: number, ppm: number | (number | null)[], rev = 0): Promise<void> {
    const made = block(allocationId, winStartS, ppm, { rev });
    await admin.query(
      `INSERT INTO usage_block (org_id, allocation_id, win_start_s, rev, bytes, digest, agent_id, zone_id, engine_seq, measured, sum_ppm, arrived_s)
       VALUES ($1, $2, $3, $4, $5, $6, 'agent', $7, 1, 60, 0, $3)`,
      [tenant.orgId, allocationId, winStartS, rev, Buffer.from(made.bytes), made.digest, ZONE],
    );
  }

  test('it shows its node and how to reach it', async () => {
    expect(await get(id)).toMatchObject({
      state: 'running',
      node: 'n1',
      ssh: { host: '192.0.2.9', port: 2201, user: 'root' },
    });
  });

  test('charts take the blocks that have landed, merged as billing merges them, and the live tail after', async () => {
    const gaps = Array.from({ length: 60 }, (_, second) => (second < 30 ? null : 300_000));
    await addBlock(START, 500_000);
    await addBlock(START, gaps, 1);
    const liveS = START + 62;
    const sample = {
      allocationId,
      utilizationPpm: 700_000,
      memoryUsedBytes: 5e9,
      powerMilliwatt: 400_000,
      temperatureMilliCelsius: 61_000,
      devicesPpm: [],
    };
    await writeLive(api.plane.ctx.redis, [
      { ...sample, atS: START + 59 },
      { ...sample, atS: liveS },
    ]);
    const { json } = await metrics({ from_s: START - 10, to_s: START + 120 });
    const [series] = json.series;
    const at = (atS: number) => {
      const index = series.at_s.indexOf(atS);
      return index < 0 ? null : [series.utilization_ppm[index], series.source[index], series.memory_used_bytes[index]];
    };
    expect(at(START - 1)).toBeNull();
    expect(at(START)).toEqual([500_000, 'block', null]);
    expect(at(START + 30)).toEqual([300_000, 'block', null]);
    // Where both exist the evidence counts, and the tail adds what blocks do not hold.
    expect(at(START + 59)).toEqual([300_000, 'block', 5e9]);
    expect(at(liveS)).toEqual([700_000, 'live', 5e9]);
    expect(series.at_s).toHaveLength(61);
    expect(encodeBlock(gaps)).toHaveLength(120);
  });

  test('asking for a chart marks interest, and a lost Redis costs the tail only', async () => {
    await addBlock(START, 500_000);
    await metrics();
    const watched = await api.plane.ctx.redis.zrange('suan:live:watched', '0', '-1');
    expect(watched).toContain(allocationId);
    const { redis } = api.plane.ctx;
    const original = redis.eval;
    redis.eval = (() => Promise.reject(new Error('away'))) as never;
    try {
      const reply = await metrics({ from_s: START, to_s: START + 60 });
      expect(reply.json.series[0].at_s).toHaveLength(60);
    } finally {
      redis.eval = original;
    }
  });

  test.each([
    [{ from_s: START, to_s: START }, '/query/to_s'],
    [{ from_s: START, to_s: START - 1 }, '/query/to_s'],
    [{ from_s: START, to_s: START + 6 * 3600 + 1 }, '/query/from_s'],
    [{ from_s: 'x' }, '/query/from_s'],
  ])('a span like %j is refused', async (query, pointer) => {
    const reply = await metrics(query);
    expect(reply.json).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  test('cost is exact, and rounded as the invoice would', async () => {
    const { json } = await api.call('getInstanceCost', { params: { instance_id: id } }, owner);
    const [num, den] = json.exact.split('/').map(BigInt);
    expect(json.billed_seconds).toBeGreaterThanOrEqual(180);
    // Two accelerators by the second, in cents.
    const price = BigInt(json.per_hour.replace('.', ''));
    expect(num * 3600n * 100n).toBe(den * BigInt(json.billed_seconds) * price * 100n);
    expect(json.so_far.currency).toBe('USD');
    expect(json.per_second).toMatch(/^0\.\d{8}$/);
  });
});
