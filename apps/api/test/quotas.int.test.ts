import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi, type Reply, type Sender } from './support/api';
import { addOperator } from './support/operators';
import { addPerson } from './support/person';
import { addKey, addTenant, type Tenant } from './support/tenant';

const H100 = 'nvidia-h100-80g';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let count = 0;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(async () => {
  await api.plane.ctx.redis.flushdb();
  tenant = await addTenant(api);
});

const launch = (over: object = {}, as: Sender = tenant.owner) => {
  count += 1;
  const body = {
    name: `q-${count}`,
    region_id: 'cn-north',
    accelerator_id: H100,
    on_capacity: 'queue' as const,
    ...over,
  };
  return api.call('createInstance', { body, idempotencyKey: `q-${count}` }, as);
};
const byCode = (replies: readonly Reply[]) =>
  replies.reduce<Record<string, number>>((all, { status, json }) => {
    const name = status < 300 ? 'created' : json.code;
    all[name] = (all[name] ?? 0) + 1;
    return all;
  }, {});
const setProject = (metric: string, limit: number | null, project = tenant.projectId) =>
  api.call('setProjectQuota', { params: { project_id: project }, body: { metric, limit } }, tenant.owner);

describe('attack 39: a hundred at once never pass', () => {
  test("a project's own limit; another project still fits", async () => {
    const other = (await api.call('createProject', { body: { name: 'other' } }, tenant.owner)).json.id;
    await setProject('accelerators', 5);
    const replies = await Promise.all(Array.from({ length: 100 }, () => launch({ project_id: tenant.projectId })));
    expect(byCode(replies)).toEqual({ created: 5, quota_exceeded: 95 });
    const refused = replies.find(({ status }) => status === 403)!.json;
    expect(refused).toMatchObject({ metric: 'accelerators', limit: 5, used: 5, project_id: tenant.projectId });
    expect((await launch({ project_id: other })).status).toBe(201);
  });

  test.each([`accelerators:${H100}`, 'accelerators:nvidia'])('a quota on %s', async (metric) => {
    await admin.query('INSERT INTO quota (org_id, metric, "limit") VALUES ($1, $2, 3)', [tenant.orgId, metric]);
    const replies = await Promise.all(Array.from({ length: 100 }, () => launch()));
    expect(byCode(replies)).toEqual({ created: 3, quota_exceeded: 97 });
  });

  test('a quota on instances and one on keys', async () => {
    await admin.query(`UPDATE quota SET "limit" = 4 WHERE org_id = $1 AND metric IN ('workloads', 'api_keys')`, [
      tenant.orgId,
    ]);
    const keys = Array.from({ length: 50 }, (_, index) =>
      api.call('createApiKey', { body: { name: `k${index}`, scopes: ['all:read'] } }, tenant.owner),
    );
    const replies = await Promise.all([...Array.from({ length: 50 }, () => launch()), ...keys]);
    expect(byCode(replies.slice(0, 50))).toEqual({ created: 4, quota_exceeded: 46 });
    expect(byCode(replies.slice(50))).toEqual({ created: 4, quota_exceeded: 46 });
  });
});

describe('limits of projects', () => {
  test('are shown with their use, and lifted', async () => {
    await setProject('accelerators:nvidia', 2);
    await launch();
    const of = async () =>
      (await api.call('listQuotas', {}, tenant.owner)).json.items.filter(
        ({ project_id }: { project_id: string | null }) => project_id !== null,
      );
    expect(await of()).toEqual([{ project_id: tenant.projectId, metric: 'accelerators:nvidia', limit: 2, used: 1 }]);
    await setProject('accelerators:nvidia', null);
    expect(await of()).toEqual([]);
  });

  test('are not for people of the project to change, nor shown to a key of another', async () => {
    const person = await addPerson(api, admin, tenant, 'member');
    await admin.query(`INSERT INTO project_member (org_id, project_id, user_id, role) VALUES ($1, $2, $3, 'admin')`, [
      tenant.orgId,
      tenant.projectId,
      person.userId,
    ]);
    const reply = await api.call(
      'setProjectQuota',
      { params: { project_id: tenant.projectId }, body: { metric: 'workloads', limit: 9 } },
      person.sender,
    );
    expect(reply.json).toMatchObject({ code: 'permission_denied', required_permission: 'quota.modify' });
    await setProject('workloads', 9);
    const other = (await api.call('createProject', { body: { name: 'other' } }, tenant.owner)).json.id;
    const token = await addKey(api, tenant, ['compute:read'], other);
    expect((await api.call('listQuotas', {}, { token })).text).not.toContain(tenant.projectId);
  });
});

describe('asking for more', () => {
  const ask = (wanted: number, metric = 'accelerators') =>
    api.call('createQuotaRequest', { body: { metric, wanted, reason: 'A larger model' } }, tenant.owner);
  const approve = (id: string, as: Sender, body: object = {}) =>
    api.call('operatorApproveQuota', { params: { quota_request_id: id }, body }, as);
  const limit = async (metric = 'accelerators') =>
    (await api.call('listQuotas', {}, tenant.owner)).json.items.find(
      (quota: { metric: string }) => quota.metric === metric,
    )?.limit;

  test('one operator approves a small raise, once, and the customer reads the answer', async () => {
    const ops = await addOperator(api, admin, ['support']);
    const asked = (await ask(512)).json;
    expect((await ask(600)).json).toMatchObject({ code: 'conflict' });
    const open = (await api.call('operatorQuotaRequests', {}, ops)).json.items;
    expect(open).toContainEqual(
      expect.objectContaining({ id: asked.id, org_id: tenant.orgId, used: 0, needs_second: false }),
    );
    const replies = await Promise.all([approve(asked.id, ops, { answer: 'Welcome' }), approve(asked.id, ops)]);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await limit()).toBe(512);
    const shown = (await api.call('getQuotaRequest', { params: { quota_request_id: asked.id } }, tenant.owner)).json;
    expect(shown).toMatchObject({ status: 'approved', granted: 512 });
    const mailed = await admin.query(
      `SELECT data FROM outgoing_mail WHERE to_address = $1 AND template = 'quota_decided'`,
      [tenant.email],
    );
    expect(mailed.rows).toMatchObject([{ data: { outcome: 'approved', limit: '512' } }]);
    const [row] = (await api.call('listAuditEvents', {}, tenant.owner)).json.items;
    expect(row).toMatchObject({ action: 'quota_request.approve', actor: `operator:${ops.id}`, resource: asked.id });
    expect(row.detail).toMatchObject({ before: { limit: 256 }, after: { limit: 512 } });
  });

  test('a large raise takes two operators, whoever the second is but the first', async () => {
    const [one, two] = [await addOperator(api, admin), await addOperator(api, admin)];
    const { id } = (await ask(4096)).json;
    expect((await approve(id, one, { granted: 2048 })).json).toMatchObject({
      status: 'awaiting_second',
      granted: 2048,
    });
    expect(await limit()).toBe(256);
    expect((await approve(id, one)).json).toMatchObject({ code: 'conflict', reason: 'second_person' });
    expect((await approve(id, two, { granted: 4096 })).json).toMatchObject({ code: 'unprocessable' });
    expect((await approve(id, two)).json).toMatchObject({ status: 'approved', granted: 2048 });
    expect(await limit()).toBe(2048);
  });

  test('the database does not take one person twice', async () => {
    const ops = await addOperator(api, admin);
    const { id } = (await ask(4096)).json;
    await approve(id, ops);
    const force = `UPDATE quota_request SET status = 'approved', decided_by = first_approved_by, decided_at = now() WHERE id = $1`;
    await expect(admin.query(force, [id])).rejects.toThrow('two_people');
  });

  test('a denial carries its reason; what is withdrawn is not decided', async () => {
    const ops = await addOperator(api, admin, ['billing_ops']);
    const deny = (id: string) =>
      api.call('operatorDenyQuota', { params: { quota_request_id: id }, body: { reason: 'No stock' } }, ops);
    const first = (await ask(300)).json.id;
    expect((await deny(first)).json).toMatchObject({ status: 'denied', answer: 'No stock', granted: null });
    const second = (await ask(300)).json.id;
    const withdrawn = await api.call('withdrawQuotaRequest', { params: { quota_request_id: second } }, tenant.owner);
    expect(withdrawn.status).toBe(204);
    expect((await approve(second, ops)).json).toMatchObject({ code: 'conflict', state: 'withdrawn' });
    expect(await limit()).toBe(256);
  });

  test('only what is limited, and only more', async () => {
    expect((await ask(100)).json).toMatchObject({ code: 'unprocessable', errors: [{ code: 'not_higher' }] });
    expect((await ask(9, 'accelerators:amd')).json).toMatchObject({ errors: [{ code: 'not_limited' }] });
  });
});

describe('jobs of operators', () => {
  test('decide what each may do, and a refusal stays in the audit log', async () => {
    const infra = await addOperator(api, admin, ['infra_ops']);
    expect((await api.call('operatorFleet', {}, infra)).status).toBe(200);
    const denied = await api.call('operatorPayments', {}, infra);
    expect(denied.json).toMatchObject({ code: 'permission_denied', required_permission: 'payment.read' });
    const { rows } = await admin.query(
      'SELECT action, result, detail FROM audit_event WHERE org_id = $1 ORDER BY seq',
      [`operator:${infra.id}`],
    );
    expect(rows.at(-1)).toMatchObject({ action: 'operatorPayments', result: 'denied' });
    const nobody = await addOperator(api, admin, []);
    expect((await api.call('operatorFleet', {}, nobody)).status).toBe(403);
  });
});
