import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, type Json, openApi, type Sender } from './support/api';
import { attemptOf, documentedOperations } from './support/matrix';
import { addOperator } from './support/operators';
import { addPerson } from './support/person';
import { addKey, addTenant, type Tenant } from './support/tenant';
import { populate } from './support/two-tenants';

const SECRET = 'hunter2-in-the-environment';
const operations = documentedOperations();

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let ops: Sender & { id: string };
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
  ops = await addOperator(api, admin, ['support']);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(async () => {
  await api.plane.ctx.redis.flushdb();
  await admin.query(`UPDATE operation SET status = 'superseded'; UPDATE workload SET state = 'terminated'`);
  tenant = await addTenant(api);
});

const start = async (minutes = 15, as: Sender = ops) => {
  const reply = await api.call(
    'operatorImpersonate',
    { params: { organization_id: tenant.orgId }, body: { ticket: 'CASE-1042', reason: 'Cannot see usage', minutes } },
    as,
  );
  expect(reply.status, reply.text).toBe(201);
  return reply.json as { impersonation: Json; token: string };
};
const read = (token: string) => api.call('listProjects', {}, { token });
const newestAudit = async () => (await api.call('listAuditEvents', {}, tenant.owner)).json.items[0];

describe('attack 59: staff who look into an organization', () => {
  test('read, and change nothing: every other operation is refused and leaves a row that names both', async () => {
    const own = await populate(api, admin, tenant);
    const { token } = await start();
    expect((await read(token)).json.items).toHaveLength(2);
    const changing = operations.filter(({ plane, method }) => plane === 'tenant' && method !== 'GET');
    const before = await api.call('listProjects', {}, tenant.owner);
    for (const operation of changing) {
      const attempt = attemptOf(operation, own);
      const headers = { 'idempotency-key': `imp-${operation.id}` };
      const reply = await api.send(operation.method, attempt.url, { token, headers }, attempt.body);
      expect(reply.status, `${operation.id}: ${reply.text}`).toBe(403);
      await api.plane.ctx.redis.flushdb();
    }
    expect((await api.call('listProjects', {}, tenant.owner)).text).toBe(before.text);
    expect(await newestAudit()).toMatchObject({
      result: 'denied',
      actor: `user:${tenant.userId}`,
      impersonator: `operator:${ops.id}`,
      auth_method: 'impersonation',
    });
    expect((await api.call('verifyAuditChain', {}, tenant.owner)).json.intact).toBe(true);
  });

  test('attack 53: see no secret: neither environments nor scripts nor logs', async () => {
    const body = {
      name: 'secretive',
      region_id: 'cn-north',
      accelerator_id: 'nvidia-h100-80g',
      environment: { API_PASSWORD: SECRET },
      startup_script: `echo ${SECRET}`,
    };
    const made = await api.call('createInstance', { body, idempotencyKey: 'secretive' }, tenant.owner);
    expect(made.status, made.text).toBe(201);
    const own = { ...(await populate(api, admin, tenant)), workloadInstance: made.json.id };
    const { token } = await start();
    for (const operation of operations.filter(({ plane, method }) => plane === 'tenant' && method === 'GET')) {
      const reply = await api.send('GET', attemptOf(operation, own).url, { token });
      expect(reply.text, operation.id).not.toContain(SECRET);
      expect(reply.status, operation.id).not.toBe(500);
    }
    const path = { instance_id: made.json.id };
    expect((await api.call('getInstanceLogs', { params: path }, { token })).status).toBe(403);
  });

  test('leave who, why and on which ticket in the customer’s own log', async () => {
    const { impersonation } = await start();
    const row = await newestAudit();
    expect(row).toMatchObject({
      action: 'impersonation.create',
      actor: `operator:${ops.id}`,
      resource: impersonation.id,
    });
    expect(row.detail).toMatchObject({ ticket: 'CASE-1042', reason: 'Cannot see usage', subject: tenant.userId });
    const [listed] = (await api.call('listImpersonations', {}, tenant.owner)).json.items;
    expect(listed).toMatchObject({ id: impersonation.id, state: 'active', operator_name: 'Ops' });
  });

  test('need a ticket and a reason, and stay 30 minutes at most', async () => {
    for (const wrong of [
      { reason: 'because' },
      { ticket: 'CASE-1' },
      { ticket: 'CASE-1', reason: 'because', minutes: 31 },
    ]) {
      const path = `/v1/operator/organizations/${tenant.orgId}/impersonations`;
      expect((await api.send('POST', path, ops, wrong)).status).toBe(400);
    }
    const { impersonation, token } = await start(30);
    const force = `UPDATE impersonation SET expires_at = started_at + interval '31 minutes' WHERE id = $1`;
    await expect(admin.query(force, [impersonation.id])).rejects.toThrow(/check constraint/);
    await admin.query(`UPDATE impersonation SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      impersonation.id,
    ]);
    expect((await read(token)).status).toBe(401);
  });

  test('are out at once when either side ends it', async () => {
    const one = await start();
    const params = { impersonation_id: one.impersonation.id };
    expect((await api.call('operatorEndImpersonation', { params }, ops)).json.state).toBe('ended');
    expect((await read(one.token)).status).toBe(401);
    const two = await start();
    const second = { impersonation_id: two.impersonation.id };
    expect((await api.call('endImpersonation', { params: second }, tenant.owner)).json).toMatchObject({
      state: 'ended',
      ended_by: `user:${tenant.userId}`,
    });
    expect((await read(two.token)).status).toBe(401);
  });

  test('wait for an owner where the organization wants to be asked', async () => {
    const boss = await addPerson(api, admin, tenant, 'admin');
    const ask = (as: Sender) =>
      api.call(
        'updateOrganization',
        { params: { organization_id: tenant.orgId }, body: { impersonation_consent: true } },
        { token: as.token! },
      );
    expect((await ask(boss.sender)).json).toMatchObject({ required_permission: 'impersonation.modify' });
    expect((await ask(tenant.owner)).json.impersonation_consent).toBe(true);
    expect((await newestAudit()).detail).toEqual({
      before: { impersonation_consent: false },
      after: { impersonation_consent: true },
    });
    const { impersonation, token } = await start();
    expect(impersonation.state).toBe('awaiting_consent');
    expect((await read(token)).status).toBe(401);
    const params = { impersonation_id: impersonation.id };
    expect((await api.call('consentToImpersonation', { params }, boss.sender)).status).toBe(403);
    expect((await api.call('consentToImpersonation', { params }, tenant.owner)).json.state).toBe('active');
    expect((await read(token)).status).toBe(200);
    expect((await api.call('consentToImpersonation', { params }, tenant.owner)).json.code).toBe('conflict');
    const force = `UPDATE impersonation SET consented_by = NULL WHERE id = $1`;
    await expect(admin.query(force, [impersonation.id])).rejects.toThrow('consent_first');
  });

  test('are told who they are and until when', async () => {
    const { token, impersonation } = await start();
    const me = (await api.call('getMe', {}, { token })).json;
    expect(me).toMatchObject({
      kind: 'impersonation',
      impersonation: { id: impersonation.id, ticket: 'CASE-1042', expires_at: impersonation.expires_at },
      organizations: [{ id: tenant.orgId, role: 'owner' }],
    });
    expect(me.organizations[0].permissions.every((one: string) => one.endsWith('.read'))).toBe(true);
  });

  test('come with the job for it alone, and their token opens nothing of the operator plane', async () => {
    const infra = await addOperator(api, admin, ['infra_ops']);
    const params = { organization_id: tenant.orgId };
    const body = { ticket: 'CASE-1', reason: 'curious' };
    expect((await api.call('operatorImpersonate', { params, body }, infra)).status).toBe(403);
    const { token } = await start();
    expect((await api.call('operatorOrganizations', {}, { token })).status).toBe(401);
    const key = await addKey(api, tenant, ['all:write']);
    expect((await api.call('operatorOrganizations', {}, { token: key })).status).toBe(401);
    expect((await api.call('listProjects', {}, { token: ops.token!, orgId: tenant.orgId })).status).toBe(401);
  });
});

test('operators find organizations by a part of their name', async () => {
  await admin.query(`UPDATE organization SET name = 'Needle & Co' WHERE id = $1`, [tenant.orgId]);
  const found = (await api.call('operatorOrganizations', { query: { q: 'needle' } }, ops)).json.items;
  expect(found).toMatchObject([{ id: tenant.orgId, members: 1, projects: 1, workloads: 0, closed_at: null }]);
  const one = await api.call('operatorOrganization', { params: { organization_id: tenant.orgId } }, ops);
  expect(one.json).toEqual(found[0]);
});
