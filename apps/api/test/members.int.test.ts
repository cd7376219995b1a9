import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi, type Sender } from './support/api';
import { addPerson, type Person } from './support/person';
import { addKey, addTenant, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  await addNode(api.plane.sql, 'n1');
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(async () => {
  tenant = await addTenant(api);
});

const join = (role: string) => addPerson(api, admin, tenant, role);
const update = (id: string, role: 'owner' | 'admin' | 'member' | 'billing', as: Sender) =>
  api.call('updateMember', { params: { membership_id: id }, body: { role } }, as);
const remove = (id: string, as: Sender) => api.call('removeMember', { params: { membership_id: id } }, as);
const leave = ({ token }: Sender) =>
  api.call('leaveOrganization', { params: { organization_id: tenant.orgId } }, { token: token! });
const roles = async () =>
  (await admin.query(`SELECT role FROM membership WHERE org_id = $1 ORDER BY role`, [tenant.orgId])).rows.map(
    ({ role }) => role,
  );

describe('roles in the organization', () => {
  test('hold from the next request on', async () => {
    const person = await join('member');
    expect((await api.call('listMembers', {}, person.sender)).json).toMatchObject({ code: 'permission_denied' });
    expect((await update(person.membershipId, 'admin', tenant.owner)).json).toMatchObject({ role: 'admin' });
    expect((await api.call('listMembers', {}, person.sender)).json.items).toHaveLength(2);
    await update(person.membershipId, 'member', tenant.owner);
    expect((await api.call('listMembers', {}, person.sender)).status).toBe(403);
  });

  test('attack 14: nobody raises themselves or grants, changes or removes above their own role', async () => {
    const boss = await join('admin');
    const finance = await join('billing');
    const denied = { status: 403, code: 'permission_denied' };
    expect((await update(boss.membershipId, 'owner', boss.sender)).json).toMatchObject(denied);
    expect((await update(finance.membershipId, 'owner', boss.sender)).json).toMatchObject(denied);
    // Billing may change money, which an admin may not.
    expect((await update(finance.membershipId, 'member', boss.sender)).json).toMatchObject(denied);
    expect((await remove(finance.membershipId, boss.sender)).json).toMatchObject(denied);
    const key = { token: await addKey(api, tenant, ['all:write']) };
    expect((await update(boss.membershipId, 'owner', key)).json).toMatchObject(denied);
    expect(await roles()).toEqual(['admin', 'billing', 'owner']);
  });

  test('a role taken while a request is on its way counts', async () => {
    const boss = await join('admin');
    const other = await join('member');
    // Both are authorised before either has the lock; the second sees what the first did.
    const [first, second] = await Promise.all([
      update(boss.membershipId, 'member', tenant.owner),
      update(other.membershipId, 'admin', boss.sender),
    ]);
    expect(first.status).toBe(200);
    const made = (await roles()).filter((role) => role === 'admin');
    expect(made).toHaveLength(second.status === 200 ? 1 : 0);
    expect((await update(other.membershipId, 'admin', boss.sender)).status).toBe(403);
  });

  test('a change shows before and after in the audit log', async () => {
    const person = await join('member');
    await update(person.membershipId, 'admin', tenant.owner);
    const [row] = (await api.call('listAuditEvents', {}, tenant.owner)).json.items;
    expect(row).toMatchObject({ action: 'member.modify', resource: person.membershipId });
    expect(row.detail).toMatchObject({ before: { role: 'member' }, after: { role: 'admin' } });
  });
});

describe('an owner always', () => {
  const lastOwner = { status: 409, code: 'conflict', reason: 'last_owner' };

  test('attack 15: the only owner neither leaves nor steps down nor is removed', async () => {
    const own = (await api.call('listMembers', {}, tenant.owner)).json.items[0].id;
    expect((await leave(tenant.owner)).json).toMatchObject(lastOwner);
    expect((await update(own, 'member', tenant.owner)).json).toMatchObject(lastOwner);
    expect((await remove(own, tenant.owner)).json).toMatchObject(lastOwner);
    expect(await roles()).toEqual(['owner']);
  });

  test.each([1, 2, 3])('two owners leaving at once: one stays (%i)', async () => {
    const second = await join('owner');
    const answers = await Promise.all([leave(tenant.owner), leave(second.sender)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(await roles()).toEqual(['owner']);
  });

  test('attack 15: the database keeps one even when nobody takes the lock', async () => {
    const second = await join('owner');
    const [a, b] = [0, 1].map(() => new pg.Client({ connectionString: api.plane.db.database.adminUrl })) as [
      pg.Client,
      pg.Client,
    ];
    await Promise.all([a.connect(), b.connect()]);
    try {
      await a.query('BEGIN');
      await b.query('BEGIN');
      await a.query('DELETE FROM membership WHERE id = $1', [second.membershipId]);
      await b.query(`UPDATE membership SET role = 'admin' WHERE org_id = $1 AND user_id = $2`, [
        tenant.orgId,
        tenant.userId,
      ]);
      const ends = await Promise.allSettled([a.query('COMMIT'), b.query('COMMIT')]);
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    } finally {
      await Promise.all([a.end(), b.end()]);
    }
    expect((await roles()).filter((role) => role === 'owner')).toHaveLength(1);
  });

  test('ownership is handed over in one step, by owners alone', async () => {
    const next = await join('admin');
    const transfer = (as: Sender) =>
      api.call(
        'transferOwnership',
        { params: { organization_id: tenant.orgId }, body: { membership_id: next.membershipId } },
        { token: as.token! },
      );
    expect((await transfer(next.sender)).status).toBe(403);
    expect((await transfer(tenant.owner)).json).toMatchObject({ role: 'owner' });
    expect(await roles()).toEqual(['admin', 'owner']);
    expect((await transfer(tenant.owner)).status).toBe(403);
  });
});

describe('removing and leaving', () => {
  test('sessions act no more, as if the organization were not there', async () => {
    const person = await join('admin');
    expect((await api.call('listProjects', {}, person.sender)).status).toBe(200);
    expect((await remove(person.membershipId, tenant.owner)).status).toBe(204);
    expect((await api.call('listProjects', {}, person.sender)).status).toBe(404);
    expect((await api.call('getMe', {}, { token: person.sender.token! })).json.organizations).toEqual([]);
  });

  test('a key is no member', async () => {
    const key = { token: await addKey(api, tenant, ['all:write']) };
    expect((await leave(key)).json).toMatchObject({ code: 'permission_denied' });
  });
});

describe('a recent proof', () => {
  const stale = (userId: string) =>
    admin.query(`UPDATE auth_session SET reauthenticated_at = now() - interval '10 minutes' WHERE "userId" = $1`, [
      userId,
    ]);

  test('is wanted for making and unmaking owners, and for nothing less', async () => {
    const person = await join('member');
    const other = await join('owner');
    await stale(tenant.userId);
    const wanted = { status: 403, code: 'reauthentication_required' };
    expect((await update(person.membershipId, 'owner', tenant.owner)).json).toMatchObject(wanted);
    expect((await update(other.membershipId, 'admin', tenant.owner)).json).toMatchObject(wanted);
    expect((await remove(other.membershipId, tenant.owner)).json).toMatchObject(wanted);
    const body = { email: 'o@example.com', role: 'owner' as const };
    expect((await api.call('createInvitation', { body }, tenant.owner)).json).toMatchObject(wanted);
    expect((await update(person.membershipId, 'admin', tenant.owner)).status).toBe(200);
  });
});

test('a key whose maker has left is marked for review and goes on working', async () => {
  const boss = await join('admin');
  const made = await api.call('createApiKey', { body: { name: 'k', scopes: ['compute:read'] } }, boss.sender);
  expect(made.json.api_key.needs_review).toBe(false);
  await remove(boss.membershipId, tenant.owner);
  const params = { api_key_id: made.json.api_key.id };
  expect((await api.call('getApiKey', { params }, tenant.owner)).json.needs_review).toBe(true);
  expect((await api.call('listProjects', {}, { token: made.json.secret })).status).toBe(200);
});

describe('roles in projects', () => {
  let other: string;
  let person: Person;
  beforeEach(async () => {
    other = (await api.call('createProject', { body: { name: 'other' } }, tenant.owner)).json.id;
    person = await join('member');
  });
  const give = (project: string, role: 'admin' | 'operator' | 'viewer', as: Sender, id = person.membershipId) =>
    api.call('setProjectMember', { params: { project_id: project }, body: { membership_id: id, role } }, as);
  const launch = (project: string, as: Sender) =>
    api.call(
      'createInstance',
      {
        body: {
          name: `i-${project.slice(-6)}`,
          project_id: project,
          region_id: 'cn-north',
          accelerator_id: 'nvidia-h100-80g',
          on_capacity: 'queue',
        },
        idempotencyKey: `k-${project}-${as.token}`,
      },
      as,
    );

  test('without one a member sees no project and launches nothing', async () => {
    expect((await api.call('listProjects', {}, person.sender)).json).toMatchObject({ code: 'permission_denied' });
    expect((await launch(other, person.sender)).json).toMatchObject({ code: 'permission_denied' });
  });

  test('a viewer sees that project alone, and changes nothing', async () => {
    const there = (await launch(other, tenant.owner)).json.id;
    const elsewhere = (await launch(tenant.projectId, tenant.owner)).json.id;
    expect((await give(other, 'viewer', tenant.owner)).json).toMatchObject({ role: 'viewer' });
    const projects = (await api.call('listProjects', {}, person.sender)).json.items;
    expect(projects.map(({ id }: { id: string }) => id)).toEqual([other]);
    const listed = (await api.call('listInstances', {}, person.sender)).json.items;
    expect(listed.map(({ id }: { id: string }) => id)).toEqual([there]);
    const get = (id: string) => api.call('getInstance', { params: { instance_id: id } }, person.sender);
    expect((await get(there)).status).toBe(200);
    expect((await get(elsewhere)).status).toBe(404);
    expect((await launch(other, person.sender)).status).toBe(403);
    const ended = await api.call('terminateInstance', { params: { instance_id: there } }, person.sender);
    expect(ended.json).toMatchObject({ code: 'permission_denied' });
  });

  test('an operator works in that project and in no other', async () => {
    await give(other, 'operator', tenant.owner);
    expect((await launch(other, person.sender)).status).toBe(201);
    expect((await launch(tenant.projectId, person.sender)).json).toMatchObject({ code: 'unprocessable' });
    expect((await give(other, 'viewer', person.sender)).status).toBe(403);
  });

  test('an admin of a project hands its roles out, there alone', async () => {
    const friend = await join('member');
    await give(other, 'admin', tenant.owner);
    expect((await give(other, 'admin', person.sender, friend.membershipId)).status).toBe(200);
    expect((await give(tenant.projectId, 'viewer', person.sender, friend.membershipId)).status).toBe(404);
    const list = await api.call('listProjectMembers', { params: { project_id: other } }, person.sender);
    expect(list.json.items).toHaveLength(2);
    const path = { project_id: other, membership_id: friend.membershipId };
    expect((await api.call('removeProjectMember', { params: path }, person.sender)).status).toBe(204);
    expect((await api.call('removeProjectMember', { params: path }, person.sender)).status).toBe(404);
  });
});

describe('closing an organization', () => {
  const close = (slug = tenant.organization.slug) =>
    api.call(
      'closeOrganization',
      { params: { organization_id: tenant.orgId }, body: { slug } },
      { token: tenant.session },
    );

  test('attack 63: is refused while something lives; then nothing revives', async () => {
    const key = await addKey(api, tenant, ['all:read']);
    const body = { name: 'x', region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g', on_capacity: 'queue' as const };
    const made = await api.call('createInstance', { body, idempotencyKey: 'one' }, tenant.owner);
    expect(made.status, made.text).toBe(201);
    expect((await close('other')).json).toMatchObject({ code: 'unprocessable' });
    const refused = (await close()).json;
    expect(refused).toMatchObject({ status: 409, code: 'conflict' });
    expect(refused.blockers.map(({ kind }: { kind: string }) => kind)).toEqual(['workloads', 'operations']);
    await admin.query(`UPDATE operation SET status = 'superseded' WHERE org_id = $1`, [tenant.orgId]);
    await admin.query(`UPDATE workload SET state = 'terminated' WHERE org_id = $1`, [tenant.orgId]);
    expect((await close()).status).toBe(204);
    expect((await api.call('listProjects', {}, tenant.owner)).status).toBe(404);
    expect((await api.call('listProjects', {}, { token: key })).status).toBe(401);
    const again = await api.call('createOrganization', { body: { name: 'Acme' } }, { token: tenant.session });
    expect(again.json.organization.slug).not.toBe(tenant.organization.slug);
  });

  test('a live one is not closed with money between the two sides', async () => {
    tenant = await addTenant(api, { mode: 'live' });
    const topUp = { amount: '5.00' };
    const payment = await api.call('createTopUp', { body: topUp, idempotencyKey: 'top' }, tenant.owner);
    expect((await close()).json.blockers).toMatchObject([{ kind: 'payments', ids: [payment.json.id] }]);
  });

  test('an admin does not close it', async () => {
    const boss = await join('admin');
    const reply = await api.call(
      'closeOrganization',
      { params: { organization_id: tenant.orgId }, body: { slug: tenant.organization.slug } },
      { token: boss.sender.token! },
    );
    expect(reply.json).toMatchObject({ code: 'permission_denied', required_permission: 'organization.delete' });
  });
});
