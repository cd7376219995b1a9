import { hash } from '@node-rs/argon2';
import type { Route } from '@suanxiang/contract/route';
import { type OperationId, ROUTES } from '@suanxiang/contract/routes';
import { mintId } from '@suanxiang/domain/ids';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { ASKS, accountDeeds } from './support/account-deeds';
import { type Api, openApi } from './support/api';
import { billingDeeds } from './support/billing-deeds';
import { type Doing, tenancyDeeds } from './support/tenancy-deeds';
import { addTenant, sshPublicKey, type Tenant } from './support/tenant';
import { addCard, billLastMonth } from './support/two-tenants';
import { webhookDeeds } from './support/webhook-deeds';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let live: Tenant;
let operatorToken: string;
/** How to do each mutation of the contract with success. */
let DOING: Partial<Record<OperationId, Doing>>;
const H100 = 'nvidia-h100-80g';
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
  tenant = await addTenant(api);
  live = await addTenant(api, { mode: 'live' });
  await admin.query(
    `INSERT INTO operator_user (id, email, name, password_hash) VALUES ('oper_1', 'ops@example.com', 'Ops', $1)`,
    [await hash('operators only')],
  );
  const body = { email: 'ops@example.com', password: 'operators only' };
  operatorToken = (await api.call('operatorSignIn', { body })).json.token;
  DOING = {
    ...OWN,
    ...tenancyDeeds(api, admin, () => tenant),
    ...accountDeeds(api, admin, () => tenant),
    ...webhookDeeds(api, () => tenant),
    ...billingDeeds(api, admin),
  };
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

const auditRows = async () => Number((await admin.query('SELECT count(*) FROM audit_event')).rows[0].count);
const setState = (id: string, state: string) =>
  admin.query('UPDATE workload SET state = $1 WHERE id = $2', [state, id]);
const instance = (name: string) =>
  api.call('createInstance', { body: { name, region_id: 'cn-north', accelerator_id: H100 } }, tenant.owner);
const cluster = (name: string) =>
  api.call(
    'createCluster',
    { body: { name, region_id: 'cn-north', accelerator_id: H100, node_count: 1 } },
    tenant.owner,
  );
let names = 0;
const name = () => {
  names += 1;
  return `n-${names}`;
};
async function workload(kind: 'instance' | 'cluster', state: string): Promise<string> {
  const made = kind === 'instance' ? await instance(name()) : await cluster(name());
  expect(made.status, made.text).toBe(201);
  await admin.query(`UPDATE operation SET status = 'succeeded', step = 'start_meter' WHERE workload_id = $1`, [
    made.json.id,
  ]);
  await setState(made.json.id, state);
  return made.json.id;
}
/** Frees what a test has taken, so that the next one finds stock. */
const clear = () => admin.query(`UPDATE operation SET status = 'superseded'; UPDATE workload SET state = 'terminated'`);

const owner = () => tenant.owner;
const inst = async (state: string, suffix = '') => ({
  url: `/v1/instances/${await workload('instance', state)}${suffix}`,
});
const clus = async (state: string, suffix = '') => ({
  url: `/v1/clusters/${await workload('cluster', state)}${suffix}`,
});

const newKeyId = async () =>
  (await api.call('createApiKey', { body: { name: 'k', scopes: ['all:read'] } }, owner())).json.api_key.id as string;

const byOperator = (path: string, body?: object) => ({
  url: `/v1/operator/${path}`,
  sender: { token: operatorToken },
  ...(body ? { body } : {}),
});
const priorityClass = (id: string, rank: number) => ({ id, rank, name_en: id, name_zh: id });

const OWN: Partial<Record<OperationId, Doing>> = {
  openInstanceTerminal: async () => ({ ...(await inst('running', '/terminal')), body: {} }),
  openClusterTerminal: async () => ({ ...(await clus('running', '/terminal')), body: {} }),
  signUp: async () => ({
    url: '/v1/auth/sign-up',
    body: { email: 'new@example.com', password: 'correct horse', name: 'New' },
    sender: {},
  }),
  signIn: async () => ({
    url: '/v1/auth/sign-in',
    body: { email: tenant.email, password: tenant.password },
    sender: {},
  }),
  signOut: async () => {
    const body = { email: tenant.email, password: tenant.password };
    return { url: '/v1/auth/sign-out', sender: { token: (await api.call('signIn', { body })).json.token } };
  },
  operatorSignIn: async () => ({
    url: '/v1/operator/sign-in',
    body: { email: 'ops@example.com', password: 'operators only' },
    sender: {},
  }),
  createOrganization: async () => ({
    url: '/v1/organizations',
    body: { name: 'More' },
    sender: { token: tenant.session },
  }),
  updateOrganization: async () => ({ url: `/v1/organizations/${tenant.orgId}`, body: { address: 'Here' } }),
  advanceTestClock: async () => ({
    url: `/v1/organizations/${tenant.orgId}/test-clock/advance`,
    body: { to: new Date(Date.now() + 3_600_000).toISOString() },
  }),
  createProject: async () => ({ url: '/v1/projects', body: { name: 'More' } }),
  createSshKey: async () => ({ url: '/v1/ssh-keys', body: { name: 'one', public_key: sshPublicKey(1) } }),
  deleteSshKey: async () => {
    const body = { name: 'two', public_key: sshPublicKey(2) };
    return { url: `/v1/ssh-keys/${(await api.call('createSshKey', { body }, owner())).json.id}` };
  },
  createApiKey: async () => ({ url: '/v1/api-keys', body: { name: 'k', scopes: ['all:read'] } }),
  revokeApiKey: async () => ({ url: `/v1/api-keys/${await newKeyId()}` }),
  updateApiKey: async () => ({ url: `/v1/api-keys/${await newKeyId()}`, body: { name: 'renamed' } }),
  rollApiKey: async () => ({ url: `/v1/api-keys/${await newKeyId()}/roll`, body: { overlap_seconds: 60 } }),
  createInstance: async () => ({
    url: '/v1/instances',
    body: { name: name(), region_id: 'cn-north', accelerator_id: H100 },
  }),
  updateInstance: async () => ({ ...(await inst('running')), body: { deletion_protection: true } }),
  stopInstance: () => inst('running', '/stop'),
  startInstance: () => inst('stopped', '/start'),
  terminateInstance: () => inst('running'),
  createCluster: async () => ({
    url: '/v1/clusters',
    body: { name: name(), region_id: 'cn-north', accelerator_id: H100, node_count: 1 },
  }),
  updateCluster: async () => ({ ...(await clus('running')), body: { labels: { a: 'b' } } }),
  stopCluster: () => clus('running', '/stop'),
  startCluster: () => clus('interrupted', '/start'),
  terminateCluster: () => clus('stopped'),
  createTopUp: async () => ({ url: '/v1/billing/top-ups', body: { amount: '10.00' } }),
  updateProjectShare: async () => ({ url: `/v1/projects/${tenant.projectId}/share`, body: { weight: 2 } }),
  updateBillingSettings: async () => ({ url: '/v1/billing/settings', body: { auto_top_up: { enabled: false } } }),
  removePaymentMethod: async () => ({ url: `/v1/billing/payment-methods/${await addCard(admin, tenant.orgId)}` }),
  createBudget: async () => ({ url: '/v1/budgets', body: { name: name(), amount: '5.00' } }),
  setIdlePolicy: async () => ({ url: `/v1/projects/${tenant.projectId}/idle-policy`, body: { enabled: true } }),
  updateBudget: async () => {
    const made = await api.call('createBudget', { body: { name: name(), amount: '5.00' } }, owner());
    return { url: `/v1/budgets/${made.json.id}`, body: { amount: '6.00' } };
  },
  deleteBudget: async () => {
    const made = await api.call('createBudget', { body: { name: name(), amount: '5.00' } }, owner());
    return { url: `/v1/budgets/${made.json.id}` };
  },
  operatorGrantCredit: async () =>
    byOperator(`organizations/${live.orgId}/credits`, { amount: '5.00', reason: 'test' }),
  operatorSetTerms: async () => byOperator(`organizations/${live.orgId}/billing-terms`, { mode: 'prepaid' }),
  operatorVoidInvoice: async () => {
    await billLastMonth(api, admin, live);
    const { items } = (await api.call('listInvoices', {}, live.owner)).json;
    const final = items.find((item: { status: string }) => item.status === 'final');
    return byOperator(`invoices/${final.id}/void`, { reason: 'test' });
  },
  operatorAllowAgent: async () => {
    const { items } = (await api.call('listRegions', {}, live.owner)).json;
    return byOperator('agent-tokens', { zone_id: 'agents-x', region_id: items[0].id });
  },
  operatorRetryMail: async () => {
    const id = mintId('mail', Date.now());
    await admin.query(
      `INSERT INTO outgoing_mail (id, to_address, locale, template, data, status, done_at)
       VALUES ($1, 'a@example.com', 'en', 'no_account', '{"link": "http://localhost/"}', 'failed', now())`,
      [id],
    );
    return byOperator(`mails/${id}/retry`);
  },
  operatorCordonNode: async () => byOperator('nodes/n1/cordon', { reason: 'test' }),
  operatorUncordonNode: async () => {
    await api.send('POST', '/v1/operator/nodes/n2/cordon', { token: operatorToken }, { reason: 'test' });
    return byOperator('nodes/n2/uncordon');
  },
  operatorDrainNode: async () => byOperator('nodes/n3/drain', { reason: 'test', deadline_minutes: 5 }),
  operatorCancelDrain: async () => {
    const body = { reason: 'test', deadline_minutes: 5 };
    const drain = await api.send('POST', '/v1/operator/nodes/n4/drain', { token: operatorToken }, body);
    return byOperator(`drains/${drain.json.id}/cancel`);
  },
  operatorCreatePriorityClass: async () => byOperator('priority-classes', priorityClass('a-class', 91)),
  operatorUpdatePriorityClass: async () => {
    await api.send('POST', '/v1/operator/priority-classes', { token: operatorToken }, priorityClass('b-class', 92));
    return byOperator('priority-classes/b-class', { name_en: 'Other' });
  },
  operatorDeletePriorityClass: async () => {
    await api.send('POST', '/v1/operator/priority-classes', { token: operatorToken }, priorityClass('c-class', 93));
    return byOperator('priority-classes/c-class');
  },
  operatorUpdateQueuePolicy: async () => byOperator('queue-policy', { history_weight: 1 }),
  operatorAskWhatIf: async () => byOperator('what-ifs', { region_id: 'cn-north', horizon_hours: 1 }),
  operatorUpdateShare: async () => byOperator(`organizations/${live.orgId}/share`, { weight: 2 }),
  operatorConfirmPayment: async () => {
    const paid = await api.call('createTopUp', { body: { amount: '10.00' } }, live.owner);
    return { url: `/v1/operator/payments/${paid.json.id}/confirm`, sender: { token: operatorToken } };
  },
};

/** They need a payment provider, which this installation has not; packages/services/test/online-payments does them. */
const NEED_PROVIDER: readonly OperationId[] = ['payInvoice', 'addPaymentMethod'];

const ENDS_OWN_RIGHT = ['leaveOrganization', 'transferOwnership', 'closeOrganization'];

const changes = (ROUTES as readonly Route[]).filter((route) => route.method !== 'GET');
const untried = [...NEED_PROVIDER, ...ASKS];
const mutations = changes.filter(({ operationId }) => !untried.includes(operationId as OperationId));

test('every mutation of the contract is tried', () => {
  expect([...Object.keys(DOING), ...untried].sort()).toEqual(changes.map((route) => route.operationId).sort());
});

test.each(mutations.map((route) => [route.operationId, route] as const))(
  '%s leaves one audit row',
  async (operationId, route) => {
    await clear();
    const { url, body, sender = tenant.owner } = await DOING[operationId as OperationId]!();
    const before = await auditRows();
    const headers = { 'idempotency-key': `audit-${operationId}` };
    const reply = await api.send(route.method, url, { ...sender, headers }, body);
    expect(reply.status, reply.text).toBeLessThan(300);
    expect(await auditRows()).toBe(before + 1);
    const [row] = (
      await admin.query('SELECT * FROM audit_event WHERE request_id = $1', [reply.headers['x-request-id']])
    ).rows;
    expect(row).toMatchObject({ result: 'success', ip: '127.0.0.1' });
    expect(row.actor).toMatch(/^(user|operator|key|system):/);
    const secrets = [
      tenant.password,
      tenant.session,
      'correct horse',
      operatorToken,
      reply.json?.secret,
      reply.json?.token,
    ];
    for (const secret of secrets) if (secret) expect(JSON.stringify(row)).not.toContain(secret);
    // A repetition is no second deed; of these it is one by somebody who may not do it any more.
    if (route.idempotency !== 'none' && !ENDS_OWN_RIGHT.includes(operationId)) {
      const again = await api.send(route.method, url, { ...sender, headers }, body);
      expect(again.headers['idempotent-replayed'], operationId).toBe('true');
      expect(await auditRows()).toBe(before + 1);
    }
  },
);

const readers = new Map<string, string>();
/** A key that may only read; one for all tests, as an organization has a quota of keys. */
async function readerOf({ orgId, owner: sender }: Tenant): Promise<string> {
  const made = readers.get(orgId);
  if (made) return made;
  const key = await api.call('createApiKey', { body: { name: 'ro', scopes: ['all:read'] } }, sender);
  readers.set(orgId, key.json.secret);
  return key.json.secret;
}

/** What a reader may do is refused for another reason than a missing permission. */
const refusable = mutations.filter((route) => route.auth === 'org' && !route.permission?.endsWith('.read'));
test.each(refusable.map((route) => [route.operationId, route] as const))(
  'a refused %s leaves a row that says so',
  async (operationId, route) => {
    await clear();
    const { url, body } =
      operationId === 'closeOrganization'
        ? { url: `/v1/organizations/${tenant.orgId}/close`, body: { slug: 'x' } }
        : await DOING[operationId as OperationId]!();
    const token = await readerOf(tenant);
    const before = await auditRows();
    const headers = { 'idempotency-key': `denied-${operationId}` };
    const reply = await api.send(route.method, url, { token, headers }, body);
    expect(reply.json).toMatchObject({ status: 403, code: 'permission_denied', required_permission: route.permission });
    expect(await auditRows()).toBe(before + 1);
    const [row] = (
      await admin.query('SELECT * FROM audit_event WHERE request_id = $1', [reply.headers['x-request-id']])
    ).rows;
    expect(row).toMatchObject({ result: 'denied', org_id: tenant.orgId, action: operationId });
  },
);

test('attack 60: the chain has no gap and each hash covers the one before; nobody can change a row', async () => {
  const { rows } = await admin.query('SELECT org_id, seq::int, prev_hash, hash FROM audit_event ORDER BY org_id, seq');
  const last = new Map<string, { seq: number; hash: string }>();
  for (const row of rows) {
    const before = last.get(row.org_id) ?? { seq: 0, hash: '' };
    expect({ seq: row.seq, prev_hash: row.prev_hash }).toEqual({ seq: before.seq + 1, prev_hash: before.hash });
    last.set(row.org_id, row);
  }
  await expect(admin.query(`UPDATE audit_event SET actor = 'nobody'`)).rejects.toThrow(/append-only/);
  await expect(admin.query('DELETE FROM audit_event')).rejects.toThrow(/append-only/);
});

describe('checking and taking away', () => {
  const verify = () => api.call('verifyAuditChain', {}, tenant.owner);

  test('a chain that nobody touched is intact, up to its head', async () => {
    const { json } = await verify();
    const [head] = (await api.call('listAuditEvents', { query: { limit: 1 } }, tenant.owner)).json.items;
    expect(json).toMatchObject({
      intact: true,
      entries: head.seq,
      last_seq: head.seq,
      head_hash: head.hash,
      broken_at_seq: null,
    });
    expect(head.prev_hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['an entry that was changed', `UPDATE audit_event SET actor = 'nobody' WHERE org_id = $1 AND seq = 3`, 3],
    [
      'an entry whose hash was made to fit again',
      `UPDATE audit_event e SET ip = NULL, hash = suan_audit_hash(ROW(e.id, e.org_id, e.at, e.actor, e.auth_method, e.action, e.resource, e.result, e.detail, e.request_id, NULL, e.seq, e.prev_hash, e.hash, e.impersonator)::audit_event) WHERE org_id = $1 AND seq = 3`,
      4,
    ],
    ['an entry that was taken out', 'DELETE FROM audit_event WHERE org_id = $1 AND seq = 5', 6],
    [
      'an entry that was backdated',
      `UPDATE audit_event SET at = at - interval '1 day' WHERE org_id = $1 AND seq = 2`,
      2,
    ],
  ])('attack 60: %s is found, even when a superuser did it', async (_, sql, seq) => {
    await admin.query('BEGIN; ALTER TABLE audit_event DISABLE TRIGGER append_only');
    const before = await admin.query('SELECT * FROM audit_event WHERE org_id = $1', [tenant.orgId]);
    try {
      await admin.query(sql, [tenant.orgId]);
      await admin.query('COMMIT');
      expect((await verify()).json).toMatchObject({ intact: false, broken_at_seq: seq });
      expect((await api.call('verifyAuditChain', {}, live.owner)).json.intact).toBe(true);
    } finally {
      await admin.query('DELETE FROM audit_event WHERE org_id = $1', [tenant.orgId]);
      await admin.query('ALTER TABLE audit_event DISABLE TRIGGER seal');
      for (const row of before.rows) {
        await admin.query('INSERT INTO audit_event SELECT * FROM jsonb_populate_record(NULL::audit_event, $1)', [row]);
      }
      await admin.query(
        'ALTER TABLE audit_event ENABLE TRIGGER seal; ALTER TABLE audit_event ENABLE TRIGGER append_only',
      );
    }
    expect((await verify()).json.intact).toBe(true);
  });

  test('an export is the whole chain, oldest first, in pieces that join', async () => {
    const take = (query: object) =>
      api.send('GET', `/v1/audit-events/export?${new URLSearchParams(query as Record<string, string>)}`, tenant.owner);
    for (let i = 0; i < 8; i += 1) await api.call('createProject', { body: { name: name() } }, tenant.owner);
    const first = await take({ count: '7' });
    expect(first.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'inline; filename="audit-1-7.ndjson"',
    });
    const rest = await take({ from_seq: '8' });
    const entries = (first.text + rest.text)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, index) => index + 1));
    for (const [index, entry] of entries.entries()) expect(entry.prev_hash).toBe(entries[index - 1]?.hash ?? '');
    const listed = await api.call('listAuditEvents', { query: { limit: 1 } }, tenant.owner);
    expect(entries.at(-1)).toEqual(listed.json.items[0]);
    expect((await take({ from_seq: '100000' })).text).toBe('');
  });
});
