import { createInstanceBody } from '@suanxiang/contract/schemas/workload';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi, type Reply } from './support/api';
import { addKey, addTenant, sshPublicKey, type Tenant } from './support/tenant';

let api: Api;
let tenant: Tenant;
let token: string;
let admin: pg.Client;
const H100 = 'nvidia-h100-80g';
let names = 0;
const good = (over: object = {}) => {
  names += 1;
  return { name: `i-${names}`, region_id: 'cn-north', accelerator_id: H100, gpus: 1 as const, ...over };
};
let keys = 0;
const freshKey = () => {
  keys += 1;
  return `k-${keys}`;
};
const create = (body: object, who = token, idempotencyKey = freshKey()) =>
  api.call('createInstance', { body: body as never, idempotencyKey }, { token: who });

beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
async function fresh(): Promise<void> {
  tenant = await addTenant(api);
  token = await addKey(api, tenant, ['all:write']);
  await admin.query('TRUNCATE capacity_claim; DELETE FROM device; DELETE FROM node');
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
}

const counts = async (orgId = tenant.orgId) =>
  (
    await admin.query(
      `SELECT (SELECT count(*)::int FROM workload WHERE org_id = $1) AS workloads,
        (SELECT count(*)::int FROM operation WHERE org_id = $1) AS operations,
        (SELECT count(*)::int FROM idempotency_key WHERE org_id = $1) AS keys`,
      [orgId],
    )
  ).rows[0];

describe('a launch', () => {
  beforeEach(fresh);

  test('writes everything in one transaction and answers with the operation', async () => {
    const ssh = await api.call('createSshKey', { body: { name: 'laptop', public_key: sshPublicKey(1) } }, { token });
    const body = good({ gpus: 2, ssh_key_ids: [ssh.json.id], labels: { team: 'nlp' }, environment: { A: '1' } });
    const made = await create(body);
    expect(made.status, made.text).toBe(201);
    expect(made.headers.location).toBe(`/v1/instances/${made.json.id}`);
    expect(made.json).toMatchObject({
      name: body.name,
      state: 'queued',
      project_id: tenant.projectId,
      sku: `gpu.${H100}.cn-north`,
      price_per_gpu_hour: '2.59',
      currency: 'USD',
      gpus: 2,
      created_by: expect.stringMatching(/^key:key_/),
      operation: { kind: 'launch', status: 'pending', resource_id: made.json.id },
    });
    expect(made.json.operation.steps.map((step: { name: string }) => step.name)).toEqual([
      'place',
      'prepare',
      'check',
      'boot',
      'verify',
      'start_meter',
    ]);
    const outbox = await admin.query(`SELECT topic, key FROM outbox ORDER BY id DESC LIMIT 1`);
    expect(outbox.rows).toEqual([{ topic: 'placement', key: 'cn-north' }]);
    const claim = await admin.query('SELECT * FROM capacity_claim WHERE operation_id = $1', [made.json.operation.id]);
    expect(claim.rows).toMatchObject([{ model_id: H100, nodes: 1, gpus_per_node: 2, waits: false }]);
    const events = await api.call('listInstanceEvents', { params: { instance_id: made.json.id } }, { token });
    expect(events.json.items).toMatchObject([{ from_state: null, to_state: 'queued', event: 'created' }]);
    const audit = await api.call('listAuditEvents', { query: { limit: 1 } }, { token });
    expect(audit.json.items[0]).toMatchObject({ action: 'instance.create', resource: made.json.id, result: 'success' });
    const operation = await api.call('getOperation', { params: { operation_id: made.json.operation.id } }, { token });
    expect(operation.json).toEqual(made.json.operation);
    expect((await api.call('getInstance', { params: { instance_id: made.json.id } }, { token })).json).toEqual(
      made.json,
    );
  });

  test('of a cluster asks for whole nodes', async () => {
    const body = { name: 'gang', region_id: 'cn-north', accelerator_id: H100, node_count: 4 };
    const made = await api.call('createCluster', { body }, { token });
    expect(made.json).toMatchObject({ node_count: 4, gpus_per_node: 8, topology: 'any', nodes: [], state: 'queued' });
    const quotas = await api.call('listQuotas', {}, { token });
    expect(quotas.json.items).toContainEqual({ project_id: null, metric: 'accelerators', limit: 256, used: 32 });
    expect((await create(good())).json.code).toBe('capacity_unavailable');
  });
});

describe('attacks 9, 10, 11: every field', () => {
  beforeAll(fresh);

  const shape = createInstanceBody.shape;
  /** Wrong values by field; every field of the schema must be here. */
  const wrong: Record<keyof typeof shape, unknown[]> = {
    name: ['', 'Upper', 'a_b', '-a', 'a-', 'a'.repeat(64), 1, null, ['a'], { contains: 'a' }, 'a\u0000', 'a b'],
    project_id: ['', 'proj_1', 'inst_01jzzzzzzzzzzzzzzzzzzzzzzz', 1, null, {}],
    region_id: [1, null, [], {}, 'x'.repeat(65)],
    accelerator_id: [1, null, [], {}, 'x'.repeat(65)],
    gpus: [0, 3, 16, -1, 1.5, '1', null, [1], 2 ** 53],
    image: ['', 'Upper/Case', ' a', 'a'.repeat(256), 1, null, 'a\nb'],
    ssh_key_ids: ['sshk_x', [1], ['sshk_x'], {}, null, Array(17).fill('sshk_01jzzzzzzzzzzzzzzzzzzzzzzz')],
    startup_script: [1, null, {}, 'x'.repeat(65_537), 'echo \u0000', '\ud800'],
    environment: [[], 'A=1', null, { '1A': 'x' }, { A: 1 }, { A: 'x'.repeat(4097) }, { 'A-B': '' }],
    labels: [[], 'a', null, { A: 'x' }, { a: 1 }, { a: 'x'.repeat(256) }, { a: '\u0000' }],
    deletion_protection: ['true', 1, null, []],
    on_capacity: ['wait', 1, null, [], 'FAIL'],
    zone_id: [1, null, [], {}, 'x'.repeat(65)],
    priority_class: [1, null, [], {}, 'x'.repeat(33)],
    preemptible: ['true', 1, null, []],
    movable: ['true', 1, null, []],
    expected_duration_s: [59, 1.5, '3600', -1, [], 31_536_001, 2 ** 53],
    not_before: ['', 'tomorrow', '2026-12-01', 1_800_000_000, null, [], '2026-13-01T00:00:00Z'],
    max_wait_s: [59, 1.5, '3600', -1, [], null, 2_592_001],
    max_duration_s: [59, 1.5, '3600', -1, [], null, 31_536_001],
  };

  test('is in the table', () => {
    expect(Object.keys(wrong).sort()).toEqual(Object.keys(shape).sort());
  });

  test.each(Object.entries(wrong).flatMap(([field, values]) => values.map((value) => [field, value] as const)))(
    '%s cannot be %j',
    async (field, value) => {
      const before = await counts();
      const reply = await api.send(
        'POST',
        '/v1/instances',
        { token, headers: { 'idempotency-key': freshKey() } },
        JSON.stringify({ ...good(), [field]: value }).replace('"\\ud800"', '"\\ud800"'),
      );
      expect(reply.status, reply.text).toBe(400);
      expect(reply.json.code).toBe('invalid_request');
      expect(reply.json.errors.length).toBeGreaterThan(0);
      for (const error of reply.json.errors) expect(error.pointer).toMatch(new RegExp(`^/body/${field}(/|$)`));
      expect(await counts()).toEqual(before);
    },
  );

  test.each(['name', 'region_id', 'accelerator_id'])('%s is required', async (field) => {
    const body: Record<string, unknown> = good();
    delete body[field];
    expect((await create(body)).json).toMatchObject({
      status: 400,
      errors: [{ pointer: `/body/${field}`, code: 'required' }],
    });
  });

  test.each(['org_id', 'state', 'price', 'price_per_gpu_hour', 'id', 'role', 'is_staff', 'constructor', 'toString'])(
    '%s is not one',
    async (field) => {
      expect((await create({ ...good(), [field]: 'x' })).json).toMatchObject({
        status: 400,
        errors: [{ pointer: `/body/${field}`, code: 'unknown_field' }],
      });
    },
  );

  test('several wrong ones are told at once', async () => {
    const reply = await create({ ...good({ name: 'X', gpus: 3 }), nonsense: 1 });
    const pointers = reply.json.errors.map((error: { pointer: string }) => error.pointer).sort();
    expect(pointers).toEqual(['/body/gpus', '/body/name', '/body/nonsense']);
  });

  test.each([
    ['region_id', 'mars'],
    ['zone_id', 'mars-a'],
    ['priority_class', 'urgent'],
    ['accelerator_id', 'nvidia-rtx-1'],
    ['project_id', 'proj_01jzzzzzzzzzzzzzzzzzzzzzzz'],
  ])('%s that names nothing is 422 with its pointer', async (field, value) => {
    expect((await create(good({ [field]: value }))).json).toMatchObject({
      status: 422,
      code: 'unprocessable',
      errors: [{ pointer: `/body/${field}`, code: 'not_found' }],
    });
  });

  test('an SSH key that is not there is 422, pointing at it', async () => {
    const reply = await create(good({ ssh_key_ids: ['sshk_01jzzzzzzzzzzzzzzzzzzzzzzz'] }));
    expect(reply.json).toMatchObject({ status: 422, errors: [{ pointer: '/body/ssh_key_ids/0', code: 'not_found' }] });
  });

  test('a name that is live already is 409, and free again when its holder failed or is gone', async () => {
    const body = good();
    const first = await create(body);
    expect((await create(body)).json).toMatchObject({
      status: 409,
      code: 'name_taken',
      errors: [{ pointer: '/body/name' }],
    });
    await admin.query(`UPDATE workload SET state = 'failed' WHERE id = $1`, [first.json.id]);
    expect((await create(body)).status).toBe(201);
  });
});

describe('three refusals that help', () => {
  beforeEach(fresh);

  test('quota comes first and says what is left', async () => {
    await admin.query(`UPDATE quota SET "limit" = 3 WHERE org_id = $1 AND metric = 'accelerators'`, [tenant.orgId]);
    expect((await create(good({ gpus: 2 }))).status).toBe(201);
    const reply = await create(good({ gpus: 2 }));
    expect(reply.json).toMatchObject({
      status: 403,
      code: 'quota_exceeded',
      metric: 'accelerators',
      limit: 3,
      used: 2,
      requested: 2,
      suggestion: expect.stringContaining('at most 1'),
    });
    const audit = await api.call('listAuditEvents', { query: { limit: 1 } }, { token });
    expect(audit.json.items[0]).toMatchObject({
      result: 'denied',
      detail: { code: 'quota_exceeded', metric: 'accelerators' },
    });
  });

  test('a quota on one class of vendor holds beside the others', async () => {
    await admin.query(`INSERT INTO quota (org_id, metric, "limit") VALUES ($1, 'accelerators:nvidia', 1)`, [
      tenant.orgId,
    ]);
    expect((await create(good({ gpus: 2 }))).json).toMatchObject({ metric: 'accelerators:nvidia', limit: 1, used: 0 });
    await admin.query(`UPDATE quota SET "limit" = 0 WHERE org_id = $1 AND metric = 'workloads'`, [tenant.orgId]);
    expect((await create(good())).json).toMatchObject({ metric: 'workloads', limit: 0, requested: 1 });
  });

  test('balance comes second and says what is missing and how to add it', async () => {
    const live = await addTenant(api, { mode: 'live', currency: 'CNY' });
    const key = await addKey(api, live, ['all:write']);
    const reply = await create(good({ gpus: 4 }), key);
    expect(reply.json).toMatchObject({
      status: 402,
      code: 'payment_required',
      needed: { amount: '73.44', currency: 'CNY' },
      available: { amount: '0.00', currency: 'CNY' },
      missing: { amount: '73.44', currency: 'CNY' },
      top_up: { method: 'POST', path: '/v1/billing/top-ups' },
    });
    expect(reply.json.suggestion).toContain('73.44 CNY');
  });

  test('capacity comes last and offers what could be had instead', async () => {
    await admin.query(`DELETE FROM device WHERE model_id = $1 AND node_id <> 'n1'`, [H100]);
    await admin.query(`UPDATE device SET held_by = 'alloc_x' WHERE index >= 3`);
    await addNode(api.plane.sql, 's1', { zoneId: 'ap-southeast-a', regionId: 'ap-southeast', gpus: 8 });
    await addNode(api.plane.sql, 'm1', { modelId: 'amd-mi300x-192g', gpus: 8 });
    await addNode(api.plane.sql, 'l1', { modelId: 'nvidia-l40s-48g', gpus: 8 });
    const reply = await create(good({ gpus: 4 }));
    expect(reply.json).toMatchObject({ status: 409, code: 'capacity_unavailable', retryable: true, free: 3 });
    expect(reply.json.alternatives).toEqual([
      {
        kind: 'region',
        region_id: 'ap-southeast',
        accelerator_id: H100,
        node_count: 1,
        gpus_per_node: 4,
        free: 8,
        price_per_gpu_hour: '2.49',
        currency: 'USD',
      },
      {
        kind: 'accelerator',
        region_id: 'cn-north',
        accelerator_id: 'amd-mi300x-192g',
        node_count: 1,
        gpus_per_node: 4,
        free: 8,
        price_per_gpu_hour: '2.13',
        currency: 'USD',
      },
      {
        kind: 'smaller',
        region_id: 'cn-north',
        accelerator_id: H100,
        node_count: 1,
        gpus_per_node: 2,
        free: 3,
        price_per_gpu_hour: '2.59',
        currency: 'USD',
      },
    ]);
    for (const alternative of reply.json.alternatives) {
      const taken = await create(
        good({
          region_id: alternative.region_id,
          accelerator_id: alternative.accelerator_id,
          gpus: alternative.gpus_per_node,
        }),
      );
      expect(taken.status, taken.text).toBe(201);
    }
  });

  test('fragments are not a whole node: eight free on four nodes are not one of eight', async () => {
    await admin.query(`UPDATE device SET held_by = 'alloc_x' WHERE index >= 2`);
    expect((await create(good({ gpus: 8 }))).json).toMatchObject({ code: 'capacity_unavailable', free: 8 });
    const cluster = { name: 'gang', region_id: 'cn-north', accelerator_id: H100, node_count: 1 };
    const gang = await api.call('createCluster', { body: cluster }, { token });
    expect(gang.json.code).toBe('capacity_unavailable');
    expect((await create(good({ gpus: 2 }))).status).toBe(201);
  });

  test('a gang under one leaf needs its nodes there', async () => {
    await admin.query(`UPDATE node SET leaf = 'l2' WHERE id IN ('n3', 'n4')`);
    const cluster = (topology: 'same_leaf' | 'same_spine', node_count: number) =>
      api.call(
        'createCluster',
        {
          body: {
            name: `g-${node_count}`,
            region_id: 'cn-north',
            accelerator_id: H100,
            node_count,
            topology,
          },
          idempotencyKey: freshKey(),
        },
        { token },
      );
    const refused = await cluster('same_leaf', 3);
    expect(refused.json).toMatchObject({ code: 'capacity_unavailable' });
    expect(refused.json.alternatives).toMatchObject([{ kind: 'smaller', node_count: 2 }]);
    expect((await cluster('same_spine', 3)).status).toBe(201);
  });

  test.each([
    ['failed', `UPDATE device SET health = 'failed'`],
    ['lost', `UPDATE node SET health = 'lost'`],
    ['cordoned', `UPDATE node SET schedulable = false`],
  ])('what is %s is not in stock', async (_, sql) => {
    await admin.query(sql);
    expect((await create(good())).json).toMatchObject({ code: 'capacity_unavailable', free: 0 });
  });

  test('on_capacity queue waits instead, and a waiting giant does not close the region', async () => {
    await admin.query(`UPDATE device SET held_by = 'alloc_other' WHERE node_id <> 'n1'`);
    const cluster = {
      name: 'giant',
      region_id: 'cn-north',
      accelerator_id: H100,
      node_count: 2,
      on_capacity: 'queue' as const,
    };
    const giant = await api.call('createCluster', { body: cluster }, { token });
    expect(giant.json).toMatchObject({ state: 'queued' });
    expect((await create(good({ gpus: 8 }))).status).toBe(201);
    const deadline = await admin.query(
      `SELECT deadline_at - now() > interval '29 days' AS far FROM operation WHERE id = $1`,
      [giant.json.operation.id],
    );
    expect(deadline.rows).toEqual([{ far: true }]);
  });
});

describe('validate_only', () => {
  beforeEach(fresh);

  const rehearse = (body: object, who = token) =>
    api.call('createInstance', { body: body as never, query: { validate_only: 'true' } }, { token: who });

  test('answers what a create would, and creates nothing', async () => {
    const before = await counts();
    const reply = await rehearse(good({ gpus: 2 }));
    expect(reply.status).toBe(200);
    expect(reply.headers['validate-only']).toBe('true');
    expect(reply.headers.location).toBeUndefined();
    expect(reply.json).toMatchObject({ state: 'queued', operation: null, price_per_gpu_hour: '2.59', gpus: 2 });
    expect(await counts()).toEqual(before);
    expect((await api.call('getInstance', { params: { instance_id: reply.json.id } }, { token })).status).toBe(404);
    const claims = await admin.query('SELECT count(*)::int AS n FROM capacity_claim');
    expect(claims.rows).toEqual([{ n: 0 }]);
  });

  test('answers each refusal that a create would', async () => {
    expect((await rehearse(good({ region_id: 'mars' }))).status).toBe(422);
    await admin.query('UPDATE device SET held_by = $1', ['alloc_x']);
    expect((await rehearse(good())).json.code).toBe('capacity_unavailable');
    await admin.query(`UPDATE quota SET "limit" = 0 WHERE org_id = $1`, [tenant.orgId]);
    expect((await rehearse(good())).json.code).toBe('quota_exceeded');
  });

  test('neither needs nor uses up an Idempotency-Key', async () => {
    const body = good();
    const bare = await api.send('POST', '/v1/instances?validate_only=true', { token }, body);
    expect(bare.status).toBe(200);
    const key = freshKey();
    const withKey = { token, headers: { 'idempotency-key': key } };
    expect((await api.send('POST', '/v1/instances?validate_only=true', withKey, body)).status).toBe(200);
    expect((await create(body, token, key)).status).toBe(201);
  });
});

describe('idempotency', () => {
  beforeEach(fresh);

  test('a create without a key is refused with what to send', async () => {
    const reply = await api.send('POST', '/v1/instances', { token }, good());
    expect(reply.json).toMatchObject({
      status: 400,
      code: 'idempotency_key_required',
      suggestion: expect.stringContaining('UUID'),
    });
    for (const key of ['with space', 'ü', 'x'.repeat(256)]) {
      const bad = await api.send('POST', '/v1/instances', { token, headers: { 'idempotency-key': key } }, good());
      expect(bad.json, key).toMatchObject({ status: 400, errors: [{ pointer: '/header/idempotency-key' }] });
    }
  });

  test('the same request again is the same answer, byte for byte, and one instance', async () => {
    const [body, key] = [good(), freshKey()];
    const first = await create(body, token, key);
    await admin.query(`UPDATE workload SET state = 'provisioning' WHERE id = $1`, [first.json.id]);
    const second = await create(body, token, key);
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(second.headers.location).toBe(first.headers.location);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(await counts()).toMatchObject({ workloads: 1 });
  });

  test('attack 6: the same key for another body or another operation is 422', async () => {
    const [body, key] = [good(), freshKey()];
    await create(body, token, key);
    expect((await create({ ...body, gpus: 2 }, token, key)).json).toMatchObject({
      status: 422,
      code: 'idempotency_key_reused',
    });
    const topUp = await api.call('createTopUp', { body: { amount: '1.00' }, idempotencyKey: key }, { token });
    expect(topUp.json.code).toBe('idempotency_key_reused');
    // Defaults that are written out are the same request.
    expect((await create({ ...body, on_capacity: 'fail' }, token, key)).status).toBe(201);
  });

  test('a key belongs to whoever sent it', async () => {
    const other = await addTenant(api);
    const otherToken = await addKey(api, other, ['all:write']);
    const key = freshKey();
    const [mine, theirs] = [await create(good(), token, key), await create(good(), otherToken, key)];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.json.id).not.toBe(mine.json.id);
  });

  test('while the first is under way the second is told to come back', async () => {
    const [body, key] = [good(), freshKey()];
    const holder = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
    await holder.connect();
    const actor = (await create(good())).json.created_by as string;
    await holder.query('BEGIN');
    await holder.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      `idem:${tenant.orgId}:${actor}:${key}`,
    ]);
    const reply = await create(body, token, key);
    expect(reply.json).toMatchObject({ status: 409, code: 'idempotency_in_flight', retryable: true });
    expect(reply.headers['retry-after']).toBe('1');
    await holder.query('COMMIT');
    await holder.end();
    expect((await create(body, token, key)).status).toBe(201);
  });

  test('a failure stores nothing: the same key may be tried again and then succeeds', async () => {
    const [body, key] = [good(), freshKey()];
    await admin.query('UPDATE device SET held_by = $1', ['alloc_x']);
    expect((await create(body, token, key)).json.code).toBe('capacity_unavailable');
    await admin.query('UPDATE device SET held_by = NULL');
    expect((await create(body, token, key)).status).toBe(201);
  });

  test('attack 7: fifty at once with one key are one instance', async () => {
    const [body, key] = [good(), freshKey()];
    const replies = await Promise.all(Array.from({ length: 50 }, () => create(body, token, key)));
    const made = replies.filter((reply) => reply.status === 201);
    const busy = replies.filter((reply) => reply.json.code === 'idempotency_in_flight');
    expect(made.length).toBeGreaterThan(0);
    expect(made.length + busy.length).toBe(50);
    expect(new Set(made.map((reply) => reply.text)).size).toBe(1);
    expect(await counts()).toMatchObject({ workloads: 1, operations: 1 });
  });
});

describe('races', () => {
  beforeEach(fresh);

  const byCode = (replies: Reply[]) =>
    replies.reduce<Record<string, number>>((all, { status, json }) => {
      const name = status === 201 ? 'created' : json.code;
      all[name] = (all[name] ?? 0) + 1;
      return all;
    }, {});

  test('a hundred creates of ten organisations for three accelerators: exactly three succeed', async () => {
    await admin.query(`DELETE FROM device WHERE NOT (node_id = 'n1' AND index < 3)`);
    const tokens: string[] = [];
    for (let index = 0; index < 10; index += 1) tokens.push(await addKey(api, await addTenant(api), ['all:write']));
    const replies = await Promise.all(Array.from({ length: 100 }, (_, index) => create(good(), tokens[index % 10])));
    expect(byCode(replies)).toEqual({ created: 3, capacity_unavailable: 97 });
  });

  test('from plenty to nothing: a hundred creates beside each other for seventy-two accelerators give seventy-two', async () => {
    for (const id of ['n5', 'n6', 'n7', 'n8', 'n9']) await addNode(api.plane.sql, id);
    const tokens: string[] = [];
    for (let index = 0; index < 10; index += 1) tokens.push(await addKey(api, await addTenant(api), ['all:write']));
    const replies = await Promise.all(Array.from({ length: 100 }, (_, index) => create(good(), tokens[index % 10])));
    expect(byCode(replies)).toEqual({ created: 72, capacity_unavailable: 28 });
  });

  test('clusters and instances at once never pass the stock together', async () => {
    const cluster = (index: number) =>
      api.call(
        'createCluster',
        {
          body: { name: `c-${index}`, region_id: 'cn-north', accelerator_id: H100, node_count: 2 },
          idempotencyKey: freshKey(),
        },
        { token },
      );
    const replies = await Promise.all(
      Array.from({ length: 24 }, (_, index) => (index % 4 === 0 ? cluster(index) : create(good({ gpus: 4 })))),
    );
    const gpus = replies
      .filter((reply) => reply.status === 201)
      .reduce((sum, { json }) => sum + (json.gpus ?? json.node_count * json.gpus_per_node), 0);
    expect(gpus).toBe(32);
  });

  test('attack 39: a hundred creates never pass a quota', async () => {
    await admin.query(`UPDATE quota SET "limit" = 5 WHERE org_id = $1 AND metric = 'accelerators'`, [tenant.orgId]);
    const replies = await Promise.all(Array.from({ length: 100 }, () => create(good())));
    expect(byCode(replies)).toEqual({ created: 5, quota_exceeded: 95 });
  });

  test('attack 38: a hundred creates with money for two spend it on two', async () => {
    const live = await addTenant(api, { mode: 'live' });
    const key = await addKey(api, live, ['all:write']);
    const top = await api.call('createTopUp', { body: { amount: '6.00' } }, { token: key });
    expect(top.json).toMatchObject({ status: 'pending', provider: 'manual' });
    await admin.query(`UPDATE organization SET mode = 'sandbox' WHERE id = $1`, [live.orgId]);
    expect((await api.call('createTopUp', { body: { amount: '6.00' } }, { token: key })).json.status).toBe('succeeded');
    const replies = await Promise.all(Array.from({ length: 100 }, () => create(good(), key)));
    expect(byCode(replies)).toEqual({ created: 2, payment_required: 98 });
  });

  test('a hundred creates with one name give it once', async () => {
    const body = good();
    const replies = await Promise.all(Array.from({ length: 30 }, () => create(body)));
    expect(byCode(replies)).toEqual({ created: 1, name_taken: 29 });
  });
});
