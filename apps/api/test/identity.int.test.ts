import { createHash } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newKey } from '../../../packages/services/src/api-key/format';
import { type Api, openApi } from './support/api';
import { addPerson } from './support/person';
import { addKey, addTenant, type Tenant } from './support/tenant';

let api: Api;
let tenant: Tenant;
let admin: pg.Client;
beforeAll(async () => {
  api = await openApi();
  tenant = await addTenant(api);
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const me = (token: string) => api.call('getMe', {}, { token });

describe('people', () => {
  test('a session says who one is and where one may act', async () => {
    const { json } = await me(tenant.session);
    expect(json).toMatchObject({ kind: 'user', email: tenant.email, name: 'Li Lei', locale: 'en' });
    expect(json.organizations).toEqual([
      expect.objectContaining({ id: tenant.orgId, role: 'owner', mode: 'sandbox', currency: 'USD' }),
    ]);
    expect(json.organizations[0].permissions).toContain('billing.modify');
  });

  test('tokens stand in the database as SHA-256 only, passwords as argon2id with the parameters of OWASP', async () => {
    const sessions = await admin.query('SELECT token FROM auth_session WHERE "userId" = $1', [tenant.userId]);
    expect(sessions.rows).toEqual([{ token: sha256(tenant.session) }]);
    const accounts = await admin.query('SELECT password FROM auth_account WHERE "userId" = $1', [tenant.userId]);
    expect(accounts.rows[0].password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const dump = JSON.stringify((await admin.query('SELECT * FROM auth_session')).rows);
    expect(dump).not.toContain(tenant.session);
  });

  test('a session lasts seven days and is not prolonged by use', async () => {
    const expiry = async () =>
      (await admin.query('SELECT "expiresAt" AS at FROM auth_session WHERE token = $1', [sha256(tenant.session)]))
        .rows[0].at;
    const before = await expiry();
    expect(before.getTime() - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(before.getTime() - Date.now()).toBeLessThanOrEqual(7 * 86_400_000);
    await me(tenant.session);
    expect(await expiry()).toEqual(before);
  });

  test('an address that is taken cannot sign up, in any case, and two at once give one person', async () => {
    const body = { email: tenant.email.toUpperCase(), password: 'another password', name: 'Eve' };
    const again = await api.call('signUp', { body });
    expect(again.status).toBe(409);
    expect(again.json).toMatchObject({ code: 'conflict', errors: [{ pointer: '/body/email' }] });
    const fresh = { email: 'twice@example.com', password: 'another password', name: 'Eve' };
    const both = await Promise.all([api.call('signUp', { body: fresh }), api.call('signUp', { body: fresh })]);
    expect(both.map((reply) => reply.status).sort()).toEqual([201, 409]);
  });

  test('passwords below ten characters are refused', async () => {
    const body = { email: 'short@example.com', password: '123456789', name: 'Short' };
    const reply = await api.call('signUp', { body });
    expect(reply.json).toMatchObject({ status: 400, errors: [{ pointer: '/body/password' }] });
  });

  test('attack 24: signing in gives a second session; a wrong password and an unknown address get the same words', async () => {
    const { email, password } = tenant;
    const good = await api.call('signIn', { body: { email: email.toUpperCase(), password } });
    expect(good.status).toBe(200);
    expect(good.json.token).not.toBe(tenant.session);
    expect((await me(good.json.token)).json.id).toBe(tenant.userId);
    const wrong = await api.call('signIn', { body: { email, password: 'wrong password' } });
    const unknown = await api.call('signIn', { body: { email: 'nobody@example.com', password: 'wrong password' } });
    expect(wrong.status).toBe(401);
    const words = ({ request_id: _, ...rest }: Record<string, unknown>) => rest;
    expect(words(wrong.json)).toEqual(words(unknown.json));
    expect(wrong.json.code).toBe('invalid_credentials');
  });

  test('a session that was ended or has expired opens nothing', async () => {
    const { email, password } = tenant;
    const one = (await api.call('signIn', { body: { email, password } })).json.token as string;
    expect((await api.call('signOut', {}, { token: one })).status).toBe(204);
    expect((await me(one)).status).toBe(401);
    const two = (await api.call('signIn', { body: { email, password } })).json.token as string;
    await admin.query(`UPDATE auth_session SET "expiresAt" = now() WHERE token = $1`, [sha256(two)]);
    expect((await me(two)).status).toBe(401);
    expect((await me(tenant.session)).status).toBe(200);
  });

  test('attack 23: ten wrong passwords for one account from one address close it there for a while, and not elsewhere', async () => {
    const body = { email: 'brute@example.com', password: 'wrong password' };
    const from = (ip: string) => api.call('signIn', { body }, { headers: { 'x-forwarded-for': ip } });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) statuses.push((await from('198.51.100.7')).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
    const late = await from('198.51.100.7');
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    expect((await from('198.51.100.8')).status).toBe(401);
  });

  test('what people do outside an organisation is in their own audit chain', async () => {
    const rows = await admin.query(
      `SELECT action, result, prev_hash = '' AS first FROM audit_event WHERE org_id = $1 ORDER BY seq`,
      [`person:${tenant.userId}`],
    );
    expect(rows.rows[0]).toEqual({ action: 'person.create', result: 'success', first: true });
    expect(rows.rows.map((row) => row.action)).toContain('session.delete');
    expect(rows.rows.filter((row) => row.first)).toHaveLength(1);
  });
});

describe('organisations', () => {
  test('a sandbox begins with an owner, a project, quotas and credit, all in one transaction', async () => {
    const balance = await api.call('getBalance', {}, tenant.owner);
    expect(balance.json).toMatchObject({
      balance: { amount: '100000.00', currency: 'USD' },
      unbilled: { amount: '0.00', currency: 'USD' },
      available: { amount: '100000.00', currency: 'USD' },
      runway_seconds: null,
    });
    const ledger = await api.call('listLedger', {}, tenant.owner);
    expect(ledger.json.items).toMatchObject([{ kind: 'promotion', amount: { amount: '100000.00' } }]);
    const quotas = await api.call('listQuotas', {}, tenant.owner);
    expect(quotas.json.items).toEqual([
      { project_id: null, metric: 'accelerators', limit: 256, used: 0 },
      { project_id: null, metric: 'api_keys', limit: 50, used: 0 },
      { project_id: null, metric: 'ssh_keys', limit: 100, used: 0 },
      { project_id: null, metric: 'workloads', limit: 200, used: 0 },
    ]);
    expect((await api.call('listProjects', {}, tenant.owner)).json.items).toMatchObject([{ slug: 'default' }]);
  });

  test('a live organisation begins with nothing', async () => {
    const live = await addTenant(api, { mode: 'live', currency: 'CNY' });
    const balance = await api.call('getBalance', {}, live.owner);
    expect(balance.json.balance).toEqual({ amount: '0.00', currency: 'CNY' });
  });

  test('names in any script give names for URLs that differ', async () => {
    const names = ['算想科技', '算想科技', 'Acme', 'Café Überall'];
    const tenants = [];
    for (const name of names) tenants.push(await addTenant(api, { name }));
    const slugs = tenants.map((one) => one.organization.slug as string);
    expect(new Set(slugs).size).toBe(slugs.length);
    expect(slugs[0]).toMatch(/^org-[a-z0-9]{6}$/);
    expect(slugs[3]).toBe('cafe-uberall');
    expect(tenants.map((one) => one.organization.name)).toEqual(names);
  });

  test('repeating a create with the same key gives the same organisation', async () => {
    const input = { body: { name: 'Once' }, idempotencyKey: 'org-once' };
    const first = await api.call('createOrganization', input, { token: tenant.session });
    const second = await api.call('createOrganization', input, { token: tenant.session });
    expect(first.status).toBe(201);
    expect(first.headers.location).toBe(`/v1/organizations/${first.json.organization.id}`);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.headers.location).toBe(first.headers.location);
    const other = await api.call(
      'createOrganization',
      { body: { name: 'Twice' }, idempotencyKey: 'org-once' },
      { token: tenant.session },
    );
    expect(other.json.code).toBe('idempotency_key_reused');
  });

  test('changing what stands on invoices needs a field, and takes no other', async () => {
    const params = { organization_id: tenant.orgId };
    const changed = await api.call(
      'updateOrganization',
      { params, body: { legal_name: '算想（北京）有限公司' } },
      tenant.owner,
    );
    expect(changed.json.legal_name).toBe('算想（北京）有限公司');
    expect((await api.call('updateOrganization', { params, body: {} }, tenant.owner)).status).toBe(400);
    const sneaky = await api.send('PATCH', `/v1/organizations/${tenant.orgId}`, tenant.owner, { mode: 'live' });
    expect(sneaky.json).toMatchObject({ status: 400, errors: [{ pointer: '/body/mode', code: 'unknown_field' }] });
  });

  test('a session must name its organisation, and only one of its own', async () => {
    const none = await api.call('listProjects', {}, { token: tenant.session });
    expect(none.json).toMatchObject({
      status: 400,
      errors: [{ pointer: '/header/organization-id', code: 'required' }],
    });
    const malformed = await api.call('listProjects', {}, { token: tenant.session, orgId: 'acme' });
    expect(malformed.status).toBe(400);
    const other = await addTenant(api);
    const foreign = await api.call('listProjects', {}, { token: tenant.session, orgId: other.orgId });
    const random = await api.call(
      'listProjects',
      {},
      { token: tenant.session, orgId: 'org_01jzzzzzzzzzzzzzzzzzzzzzzz' },
    );
    expect(foreign.status).toBe(404);
    expect({ ...foreign.json, request_id: '' }).toEqual({ ...random.json, request_id: '' });
    // The path names it as well as the header does, and the two may not disagree.
    const path = { params: { organization_id: tenant.orgId } };
    expect((await api.call('getOrganization', path, { token: tenant.session })).status).toBe(200);
    expect((await api.call('getOrganization', path, { token: tenant.session, orgId: other.orgId })).status).toBe(404);
  });
});

describe('API keys', () => {
  test('live from creation to revocation, shown once, stored as a MAC', async () => {
    const body = { name: 'ci', scopes: ['compute:write', 'billing:read'], expires_in_days: 30 };
    const made = await api.call('createApiKey', { body }, tenant.owner);
    const { api_key: key, secret } = made.json;
    expect(secret).toMatch(/^sx_sk_test_[0-9A-Za-z]{50}$/);
    expect(made.headers.location).toBe(`/v1/api-keys/${key.id}`);
    expect(key.display).toBe(`${secret.slice(0, 15)}...${secret.slice(-4)}`);
    expect(key.scopes).toEqual(['billing:read', 'compute:write']);
    const stored = (await admin.query('SELECT * FROM api_key WHERE id = $1', [key.id])).rows[0];
    expect(JSON.stringify(stored)).not.toContain(secret.slice(23));
    expect(stored.mac).toMatch(/^[0-9a-f]{64}$/);

    expect((await me(secret)).json).toMatchObject({ kind: 'api_key', id: key.id, email: null, name: 'ci' });
    await api.plane.ctx.keyUse.flush();
    const listed = await api.call('listApiKeys', {}, tenant.owner);
    expect(JSON.stringify(listed.json)).not.toContain(secret);
    const shown = listed.json.items.find((item: { id: string }) => item.id === key.id);
    expect(Date.parse(shown.last_used_at) % 60_000).toBe(0);

    const params = { api_key_id: key.id };
    expect((await api.call('revokeApiKey', { params }, tenant.owner)).status).toBe(204);
    expect((await me(secret)).status).toBe(401);
    expect((await api.call('revokeApiKey', { params }, tenant.owner)).status).toBe(204);
  });

  test('attack 8: a repeated create never shows the secret again', async () => {
    const input = { body: { name: 'once', scopes: ['compute:read'] }, idempotencyKey: 'key-once' };
    const first = await api.call('createApiKey', input, tenant.owner);
    const second = await api.call('createApiKey', input, tenant.owner);
    expect(first.json.secret).toMatch(/^sx_sk_/);
    expect(second.json).toEqual({ api_key: first.json.api_key, secret: null });
    expect(second.headers['idempotent-replayed']).toBe('true');
    const rows = await admin.query(`SELECT response FROM idempotency_key WHERE key = 'key-once'`);
    expect(JSON.stringify(rows.rows)).not.toContain(first.json.secret);
  });

  test('last use only ever moves forward', async () => {
    const secret = await addKey(api, tenant, ['all:read']);
    await admin.query(`UPDATE api_key SET last_used_at = '2100-01-01' WHERE lookup = $1`, [secret.slice(11, 23)]);
    await me(secret);
    await api.plane.ctx.keyUse.flush();
    const row = await admin.query(`SELECT last_used_at FROM api_key WHERE lookup = $1`, [secret.slice(11, 23)]);
    expect(row.rows[0].last_used_at).toEqual(new Date('2100-01-01'));
  });

  test('a wrong checksum is refused without asking the database; a right one with an unknown id is, too', async () => {
    const secret = await addKey(api, tenant, ['all:read']);
    const pool = api.plane.ctx.auth.pool;
    const query = pool.query;
    let asked = 0;
    pool.query = ((...args: Parameters<typeof query>) => {
      asked += 1;
      return query.apply(pool, args);
    }) as typeof query;
    try {
      const broken = `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`;
      for (const token of [broken, 'sx_sk_test_', `${secret}x`, secret.toLowerCase()]) {
        expect((await me(token)).status, token).toBe(401);
      }
      expect(asked).toBe(0);
      expect((await me(newKey('test').key)).status).toBe(401);
      expect(asked).toBe(1);
    } finally {
      pool.query = query;
    }
    const stolenId = secret.slice(0, 23);
    const forged = newKey('test').key;
    expect((await me(stolenId + forged.slice(23))).status).toBe(401);
  });

  test('attack 16: an expired key and one of the other environment open nothing', async () => {
    const secret = await addKey(api, tenant, ['all:read']);
    await admin.query(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE lookup = $1`, [
      secret.slice(11, 23),
    ]);
    expect((await me(secret)).status).toBe(401);
    const other = await addKey(api, tenant, ['all:read']);
    await admin.query(`UPDATE api_key SET env = 'live' WHERE lookup = $1`, [other.slice(11, 23)]);
    expect((await me(other)).status).toBe(401);
  });

  test('attack 13: a key has its scopes and nothing more, and a denial names what is missing', async () => {
    const secret = await addKey(api, tenant, ['billing:read']);
    expect((await api.call('getBalance', {}, { token: secret })).status).toBe(200);
    const body = { name: 'x', public_key: 'ssh-ed25519 AAAA' };
    const denied = await api.call('createSshKey', { body }, { token: secret });
    expect(denied.json).toMatchObject({
      status: 403,
      code: 'permission_denied',
      required_permission: 'ssh_key.create',
    });
    const audit = await api.call('listAuditEvents', { query: { limit: 1 } }, tenant.owner);
    expect(audit.json.items[0]).toMatchObject({
      result: 'denied',
      action: 'createSshKey',
      auth_method: 'api_key',
      detail: { code: 'permission_denied', required_permission: 'ssh_key.create' },
      request_id: denied.headers['x-request-id'],
    });
  });

  test('attack 14: a key cannot make a key that opens more than itself', async () => {
    const { sender } = await addPerson(api, admin, tenant, 'admin');
    const body = { name: 'more', scopes: ['all:write'] };
    const denied = await api.call('createApiKey', { body }, sender);
    expect(denied.json).toMatchObject({ status: 403, missing_permissions: ['billing.modify'] });
    const less = await api.call('createApiKey', { body: { name: 'less', scopes: ['compute:write'] } }, sender);
    expect(less.status).toBe(201);
  });

  test('attack 27: a role that changes holds from the next request on', async () => {
    const { membershipId, sender } = await addPerson(api, admin, tenant, 'admin');
    await admin.query(`UPDATE membership SET role = 'auditor' WHERE id = $1`, [membershipId]);
    expect((await api.call('createProject', { body: { name: 'no' } }, sender)).json).toMatchObject({ status: 403 });
    expect((await api.call('listProjects', {}, sender)).status).toBe(200);
    await admin.query(`DELETE FROM membership WHERE id = $1`, [membershipId]);
    expect((await api.call('listProjects', {}, sender)).status).toBe(404);
  });

  test('a key bound to a project sees that project and nothing of the organisation', async () => {
    const second = (await api.call('createProject', { body: { name: 'Second' } }, tenant.owner)).json;
    const token = await addKey(api, tenant, ['all:write'], second.id);
    const projects = await api.call('listProjects', {}, { token });
    expect(projects.json.items.map((item: { id: string }) => item.id)).toEqual([second.id]);
    for (const operation of ['getBalance', 'listAuditEvents', 'listApiKeys', 'listInvoices'] as const) {
      expect((await api.call(operation, {}, { token })).status, operation).toBe(403);
    }
    const body = { name: 'n', region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g', project_id: tenant.projectId };
    const foreign = await api.call('createInstance', { body }, { token });
    const random = await api.call(
      'createInstance',
      { body: { ...body, project_id: 'proj_01jzzzzzzzzzzzzzzzzzzzzzzz' } },
      { token },
    );
    expect(foreign.json).toMatchObject({ status: 422, errors: [{ pointer: '/body/project_id', code: 'not_found' }] });
    expect({ ...foreign.json, request_id: '' }).toEqual({ ...random.json, request_id: '' });
  });

  test('keys cannot do what only people can', async () => {
    const token = await addKey(api, tenant, ['all:write']);
    expect((await api.call('createOrganization', { body: { name: 'Bot' } }, { token })).status).toBe(403);
    expect((await api.call('signOut', {}, { token })).status).toBe(403);
  });
});

describe('the operator plane', () => {
  test("attack 19: has its own people and tokens; neither side takes the other's", async () => {
    const password = 'operators only';
    await admin.query(
      `INSERT INTO operator_user (id, email, name, password_hash) VALUES ('oper_1', 'ops@example.com', 'Ops', $1)`,
      [await hash(password)],
    );
    const wrong = await api.call('operatorSignIn', { body: { email: 'ops@example.com', password: 'nope' } });
    expect(wrong.json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const tenantsOwn = await api.call('operatorSignIn', { body: { email: tenant.email, password: tenant.password } });
    expect(tenantsOwn.status).toBe(401);
    const signedIn = await api.call('operatorSignIn', { body: { email: 'OPS@example.com', password } });
    const token = signedIn.json.token as string;
    expect(token).toMatch(/^sxo_/);
    const stored = await admin.query('SELECT token_hash FROM operator_session');
    expect(stored.rows).toEqual([{ token_hash: sha256(token) }]);
    expect((await api.call('operatorFleet', {}, { token })).status).toBe(200);

    const key = await addKey(api, tenant, ['all:write']);
    for (const foreign of [tenant.session, key]) {
      expect((await api.call('operatorFleet', {}, { token: foreign })).status).toBe(401);
    }
    expect((await me(token)).status).toBe(401);
    expect((await api.call('listProjects', {}, { token, orgId: tenant.orgId })).status).toBe(401);

    await admin.query('UPDATE operator_session SET expires_at = now()');
    expect((await api.call('operatorFleet', {}, { token })).status).toBe(401);
  });
});
