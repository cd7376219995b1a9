import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi, type Reply } from './support/api';
import { addKey, addTenant, type Tenant } from './support/tenant';

const H100 = 'nvidia-h100-80g';
let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let token: string;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

let sent = 0;
/** Keys have limits of their own; here another thing is tested. */
const headers = () => {
  sent += 1;
  return { 'idempotency-key': `v-${sent}`, 'x-forwarded-for': `2001:db8:${sent.toString(16)}::1` };
};
const ask = (path: string, body: object) =>
  api.send('POST', `/v1/${path}?validate_only=true`, { token, headers: headers() }, body);
const create = (path: string, body: object) => api.send('POST', `/v1/${path}`, { token, headers: headers() }, body);

/** How full the world is: what each of the four questions is asked against. */
interface World {
  mode: 'live' | 'sandbox';
  creditCents: number;
  quota: number;
  workloads: number;
  projectQuota: number | null;
  capCents: number | null;
  /** Devices of each of four nodes that are taken. */
  taken: number[];
}
const world: fc.Arbitrary<World> = fc.record({
  mode: fc.constantFrom('live', 'sandbox'),
  creditCents: fc.constantFrom(0, 200, 260, 1_000, 20_000),
  quota: fc.constantFrom(0, 1, 3, 8, 64),
  workloads: fc.constantFrom(0, 1, 50),
  projectQuota: fc.option(fc.constantFrom(0, 2, 16), { freq: 3 }),
  capCents: fc.option(fc.constantFrom(1, 50, 100_000), { freq: 3 }),
  taken: fc.array(fc.constantFrom(0, 1, 4, 6, 8), { minLength: 4, maxLength: 4 }),
});
const scope = { region_id: fc.constantFrom('cn-north', 'mars'), accelerator_id: fc.constantFrom(H100, H100, 'none') };
const where = fc.oneof(
  { weight: 9, arbitrary: fc.record({ region_id: fc.constant('cn-north'), accelerator_id: fc.constant(H100) }) },
  { weight: 1, arbitrary: fc.record(scope) },
);
const onCapacity = fc.constantFrom('fail', 'fail', 'queue');
const request = fc.oneof(
  fc
    .tuple(where, fc.constantFrom(1, 2, 4, 8), onCapacity)
    .map(([at, gpus, on_capacity]) => ['instances', { ...at, gpus, on_capacity }] as const),
  fc
    .tuple(where, fc.integer({ min: 1, max: 5 }), onCapacity, fc.constantFrom('any', 'same_leaf'))
    .map(
      ([at, node_count, on_capacity, topology]) => ['clusters', { ...at, node_count, on_capacity, topology }] as const,
    ),
);

async function arrange(one: World): Promise<void> {
  await admin.query('TRUNCATE capacity_claim; DELETE FROM device; DELETE FROM node');
  for (const [index, taken] of one.taken.entries()) {
    await addNode(api.plane.sql, `n${index}`, { gpus: 8 });
    await admin.query(`UPDATE device SET held_by = 'alloc_x' WHERE node_id = $1 AND index < $2`, [`n${index}`, taken]);
  }
  await admin.query(`UPDATE node SET leaf = 'l2' WHERE id IN ('n2', 'n3')`);
  tenant = await addTenant(api, { mode: one.mode });
  token = await addKey(api, tenant, ['all:write']);
  const org = [tenant.orgId];
  await admin.query(`UPDATE billing_settings SET credit_limit_minor = ${one.creditCents} WHERE org_id = $1`, org);
  await admin.query(`UPDATE quota SET "limit" = ${one.quota} WHERE org_id = $1 AND metric = 'accelerators'`, org);
  await admin.query(`UPDATE quota SET "limit" = ${one.workloads} WHERE org_id = $1 AND metric = 'workloads'`, org);
  if (one.projectQuota !== null) {
    await admin.query(
      `INSERT INTO project_quota (org_id, project_id, metric, "limit") VALUES ($1, $2, 'accelerators', $3)`,
      [tenant.orgId, tenant.projectId, one.projectQuota],
    );
  }
  if (one.capCents !== null) {
    const body = { name: 'cap', amount: (one.capCents / 100).toFixed(2), hard: true };
    const made = await api.call('createBudget', { body }, tenant.owner);
    expect(made.status, made.text).toBe(201);
  }
}

/** What must be the same in both answers: not who asked when, and not the id of what does not exist. */
function comparable({ status, json }: Reply): object {
  const { verdict: _, request_id: __, id, operation, created_at, updated_at, ...rest } = json;
  return status >= 400 ? { status, id, operation, ...rest } : rest;
}

test('what validate_only answers, the same request then does: any request in any world', async () => {
  const seen = new Map<string, number>();
  const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(world, fc.array(request, { minLength: 1, maxLength: 4 }), async (one, requests) => {
      await arrange(one);
      for (const [index, [path, fields]] of requests.entries()) {
        const body = { name: `r-${index}`, ...fields };
        const asked = await ask(path, body);
        const done = await create(path, body);
        expect(comparable(asked), `${asked.text}\n${done.text}`).toEqual(comparable(done));
        expect(asked.status).toBe(done.status === 201 ? 200 : done.status);
        note(done.json.code ?? 'created');
        if (done.status === 422) continue;
        const { able, price, quota, funds, spend_caps: caps, capacity } = asked.json.verdict;
        expect(able).toBe(done.status === 201);
        const queues = fields.on_capacity === 'queue';
        expect(able).toBe(quota.fits && funds.fits && caps.fits && (capacity.fits || queues));
        if (done.json.code === 'quota_exceeded') expect(quota.fits).toBe(false);
        if (done.json.code === 'payment_required') expect([quota.fits, funds.fits]).toEqual([true, false]);
        if (done.json.code === 'spend_cap_reached') expect([funds.fits, caps.fits]).toEqual([true, false]);
        if (done.json.code === 'capacity_unavailable') {
          expect(capacity).toMatchObject({ fits: false, free: done.json.free, alternatives: done.json.alternatives });
        }
        if (done.status !== 201) continue;
        expect(price.price_per_gpu_hour).toBe(done.json.price_per_gpu_hour);
        expect(price.gpus).toBe(done.json.gpus ?? done.json.node_count * done.json.gpus_per_node);
      }
    }),
    { numRuns: 40 },
  );
  for (const outcome of ['created', 'quota_exceeded', 'payment_required', 'spend_cap_reached', 'capacity_unavailable'])
    expect(seen.get(outcome) ?? 0, outcome).toBeGreaterThan(0);
}, 180_000);

test('a refusal tells of everything at once: quota, money, caps and capacity with what could be had instead', async () => {
  await arrange({
    mode: 'live',
    creditCents: 0,
    quota: 1,
    workloads: 0,
    projectQuota: 1,
    capCents: 1,
    taken: [7, 8, 8, 8],
  });
  const reply = await ask('instances', { name: 'all', region_id: 'cn-north', accelerator_id: H100, gpus: 4 });
  expect(reply.json).toMatchObject({ status: 403, code: 'quota_exceeded' });
  expect(reply.json.verdict).toMatchObject({
    able: false,
    price: { gpus: 4, price_per_gpu_hour: '2.59', per_hour: { amount: '10.36', currency: 'USD' } },
    quota: { fits: false },
    funds: { fits: false, available: { amount: '0.00' }, needed: { amount: '10.36' }, missing: { amount: '10.36' } },
    spend_caps: { fits: false, caps: [{ fits: false, amount: { amount: '0.01' } }] },
    capacity: { fits: false, free: 1, largest_node: 1, alternatives: [{ kind: 'smaller', gpus_per_node: 1 }] },
  });
  const limits = reply.json.verdict.quota.limits as { metric: string; project_id: string | null; fits: boolean }[];
  expect(limits.filter(({ fits }) => !fits).map(({ metric, project_id }) => [metric, project_id])).toEqual([
    ['accelerators', null],
    ['workloads', null],
    ['accelerators', tenant.projectId],
  ]);
});
