import { hash } from '@node-rs/argon2';
import type { OperationId } from '@suanxiang/contract/routes';
import { mintId } from '@suanxiang/domain/ids';
import pg from 'pg';
import { expect } from 'vitest';
import { addNode } from '../../../../packages/services/test/support/fleet';
import { accountDeeds } from './account-deeds';
import { type Api, openApi } from './api';
import { billingDeeds } from './billing-deeds';
import { type Doing, tenancyDeeds } from './tenancy-deeds';
import { addTenant, sshPublicKey, type Tenant } from './tenant';
import { addCard, billLastMonth } from './two-tenants';
import { webhookDeeds } from './webhook-deeds';

const H100 = 'nvidia-h100-80g';

/** They need a payment provider, which this installation has not; packages/services/test/online-payments does them. */
export const NEED_PROVIDER: readonly OperationId[] = ['payInvoice', 'addPaymentMethod'];

/** After these the caller may not do them again: a repetition is refused instead of replayed. */
export const ENDS_OWN_RIGHT: readonly string[] = ['leaveOrganization', 'transferOwnership', 'closeOrganization'];

/** An API with two tenants and an operator, and how to do each mutation of the contract there with success. */
export interface Deeds {
  api: Api;
  /** A superuser's connection to its database. */
  admin: pg.Client;
  tenant: Tenant;
  live: Tenant;
  operatorToken: string;
  doing: Partial<Record<OperationId, Doing>>;
  /** Frees what a deed has taken, so that the next one finds stock. */
  clear(): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens an API of its own. */
export async function openDeeds(): Promise<Deeds> {
  const api = await openApi();
  const admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
  const tenant = await addTenant(api);
  const live = await addTenant(api, { mode: 'live' });
  await admin.query(
    `INSERT INTO operator_user (id, email, name, password_hash) VALUES ('oper_1', 'ops@example.com', 'Ops', $1)`,
    [await hash('operators only')],
  );
  const body = { email: 'ops@example.com', password: 'operators only' };
  const operatorToken: string = (await api.call('operatorSignIn', { body })).json.token;

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
  const clear = () =>
    admin.query(`UPDATE operation SET status = 'superseded'; UPDATE workload SET state = 'terminated'`);

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

  const own: Partial<Record<OperationId, Doing>> = {
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
    operatorReleaseDevice: async () => {
      const { rows } = await admin.query(
        `UPDATE device SET health = 'failed', vendor_code = 'count-low', quarantined_at = now()
         WHERE id = (SELECT id FROM device ORDER BY id LIMIT 1) RETURNING id`,
      );
      return byOperator(`devices/${rows[0].id}/release`, { reason: 'test' });
    },
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

  return {
    api,
    admin,
    tenant,
    live,
    operatorToken,
    doing: {
      ...own,
      ...tenancyDeeds(api, admin, () => tenant),
      ...accountDeeds(api, admin, () => tenant),
      ...webhookDeeds(api, () => tenant),
      ...billingDeeds(api, admin),
    },
    clear,
    async close() {
      await admin.end();
      await api.close();
    },
  };
}
