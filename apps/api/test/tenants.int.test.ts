import type { Route } from '@suanxiang/contract/route';
import { type OperationId, ROUTES } from '@suanxiang/contract/routes';
import { withSql } from '@suanxiang/db/tenant';
import { type ID_PREFIXES, mintId } from '@suanxiang/domain/ids';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lease, minutes, ZONE } from '../../../packages/metering/test/support/billing-db';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi, type Reply, type Sender } from './support/api';
import { addKey, addTenant, sshPublicKey, type Tenant } from './support/tenant';

/** In every text of A that A may choose: no answer to B may hold it. */
const CANARY = 'kanarienvogel';

let api: Api;
let admin: pg.Client;
let a: Tenant;
let b: Tenant;
let callers: [string, Sender][];
/** One of each resource of A. */
let own: Record<string, string>;
/** Requests that name something of A, by operation: what B sends, with A's ids or random ones. */
type Ids = Record<string, string>;

const DAY = 86_400;
const nowS = Math.floor(Date.now() / 1000);

async function billLastMonth(tenant: Tenant): Promise<string> {
  const { worker } = api.plane.db;
  const startS = nowS - 40 * DAY;
  await admin.query(`UPDATE organization SET created_at = now() - interval '70 days' WHERE id = $1`, [tenant.orgId]);
  const org = { orgId: tenant.orgId, projectId: tenant.projectId, currency: 'USD', mode: 'sandbox' as const };
  const { allocationId } = await lease(worker, org, { startS, endS: startS + 600, name: `${CANARY}-run` });
  const blocks = minutes(allocationId, startS, startS + 600, () => 500_000);
  await withSql(worker, (sql) => ingestBlocks(sql, ZONE, blocks, (startS + 660) * 1000));
  await finalizeDuePeriods(worker, nowS * 1000, { orgId: tenant.orgId });
  return allocationId;
}

/** A credit note on an issued invoice, as a later closing would leave it. */
async function addCreditNote(invoiceId: string, lineKey: string): Promise<string> {
  const id = mintId('creditNote', Date.now());
  await admin.query(
    `INSERT INTO credit_note (id, org_id, invoice_id, legal_entity_id, number, run_id, currency, net_minor, tax_minor,
       total_minor, settled_minor, lines, digest, issued_at)
     SELECT $1, org_id, id, legal_entity_id, $2, run_id, currency, 1, 0, 1, 0, $3, $2, now() FROM invoice WHERE id = $4`,
    [id, `${CANARY}-CN`, JSON.stringify([{ key: lineKey, amount_minor: '1' }]), invoiceId],
  );
  return id;
}

async function populate(tenant: Tenant): Promise<Record<string, string>> {
  const { owner } = tenant;
  const body = { name: CANARY, public_key: sshPublicKey(9, CANARY) };
  const ssh = (await api.call('createSshKey', { body }, owner)).json;
  const launch = {
    name: CANARY,
    region_id: 'cn-north',
    accelerator_id: 'nvidia-h100-80g',
    labels: { x: CANARY },
    ssh_key_ids: [ssh.id],
  };
  const instance = (await api.call('createInstance', { body: launch }, owner)).json;
  const gang = { name: `${CANARY}-c`, region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g', node_count: 1 };
  const cluster = (await api.call('createCluster', { body: gang }, owner)).json;
  const key = (await api.call('createApiKey', { body: { name: CANARY, scopes: ['all:read'] } }, owner)).json;
  await api.call('createTopUp', { body: { amount: '5.00' }, idempotencyKey: CANARY }, owner);
  const allocationId = await billLastMonth(tenant);
  const invoices = await api.call('listInvoices', {}, owner);
  const cursorOf = async (operation: 'listSshKeys' | 'listAuditEvents') => {
    await api.call('createSshKey', { body: { name: `${CANARY} 2`, public_key: sshPublicKey(10) } }, owner);
    return (await api.call(operation, { query: { limit: 1 } }, owner)).json.next_cursor as string;
  };
  const final = invoices.json.items.find((item: { status: string }) => item.status === 'final');
  const issued = (await api.call('getInvoice', { params: { invoice_id: final.id } }, owner)).json;
  return {
    organization_id: tenant.orgId,
    project_id: tenant.projectId,
    ssh_key_id: ssh.id,
    api_key_id: key.api_key.id,
    instance_id: instance.id,
    cluster_id: cluster.id,
    operation_id: instance.operation.id,
    allocation_id: allocationId,
    invoice_id: final.id,
    credit_note_id: await addCreditNote(final.id, issued.lines[0].key),
    line_key: issued.lines[0].key,
    cursor: await cursorOf('listSshKeys'),
  };
}

const KINDS: Record<string, keyof typeof ID_PREFIXES> = {
  organization_id: 'organization',
  project_id: 'project',
  ssh_key_id: 'sshKey',
  api_key_id: 'apiKey',
  instance_id: 'workloadInstance',
  cluster_id: 'workloadCluster',
  operation_id: 'operation',
  allocation_id: 'allocation',
  invoice_id: 'invoice',
  credit_note_id: 'creditNote',
};

/** Ids of the right form that nobody has. */
function randomIds(): Ids {
  const ids = Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, mintId(kind, Date.now())]));
  return { ...ids, line_key: `usage:${ids.allocation_id}`, cursor: own.cursor! };
}

beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
  a = await addTenant(api, { name: CANARY });
  b = await addTenant(api, { name: 'Other' });
  own = await populate(a);
  await billLastMonth(b);
  callers = [
    ['a session', b.owner],
    ['a key', { token: await addKey(api, b, ['all:write']) }],
    ['a key of a project', { token: await addKey(api, b, ['all:write'], b.projectId) }],
  ];
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

interface Attempt {
  url: string;
  body?: unknown;
  /** What B must be told; what A is told when it sends the same. */
  status: number;
  asOwner: number | null;
}

/** Every operation that takes an id, with a request that names one. */
const ATTEMPTS: Partial<Record<OperationId, (ids: Ids) => Attempt>> = {
  getOrganization: (ids) => ({ url: `/v1/organizations/${ids.organization_id}`, status: 404, asOwner: 200 }),
  updateOrganization: (ids) => ({
    url: `/v1/organizations/${ids.organization_id}`,
    body: { name: 'Mine' },
    status: 404,
    asOwner: null,
  }),
  advanceTestClock: (ids) => ({
    url: `/v1/organizations/${ids.organization_id}/test-clock/advance`,
    body: { to: new Date((nowS + 7200) * 1000).toISOString() },
    status: 404,
    asOwner: null,
  }),
  getProject: (ids) => ({ url: `/v1/projects/${ids.project_id}`, status: 404, asOwner: 200 }),
  getSshKey: (ids) => ({ url: `/v1/ssh-keys/${ids.ssh_key_id}`, status: 404, asOwner: 200 }),
  getApiKey: (ids) => ({ url: `/v1/api-keys/${ids.api_key_id}`, status: 404, asOwner: 200 }),
  updateApiKey: (ids) => ({
    url: `/v1/api-keys/${ids.api_key_id}`,
    body: { name: 'Mine' },
    status: 404,
    asOwner: null,
  }),
  rollApiKey: (ids) => ({ url: `/v1/api-keys/${ids.api_key_id}/roll`, body: {}, status: 404, asOwner: null }),
  deleteSshKey: (ids) => ({ url: `/v1/ssh-keys/${ids.ssh_key_id}`, status: 404, asOwner: null }),
  revokeApiKey: (ids) => ({ url: `/v1/api-keys/${ids.api_key_id}`, status: 404, asOwner: null }),
  createApiKey: (ids) => ({
    url: '/v1/api-keys',
    body: { name: 'x', scopes: ['all:read'], project_id: ids.project_id },
    status: 422,
    asOwner: null,
  }),
  createInstance: (ids) => ({
    url: '/v1/instances',
    body: {
      name: 'x',
      region_id: 'cn-north',
      accelerator_id: 'nvidia-h100-80g',
      project_id: ids.project_id,
      ssh_key_ids: [ids.ssh_key_id],
    },
    status: 422,
    asOwner: null,
  }),
  createCluster: (ids) => ({
    url: '/v1/clusters',
    body: {
      name: 'x',
      region_id: 'cn-north',
      accelerator_id: 'nvidia-h100-80g',
      node_count: 1,
      ssh_key_ids: [ids.ssh_key_id],
    },
    status: 422,
    asOwner: null,
  }),
  listInstances: (ids) => ({ url: `/v1/instances?project_id=${ids.project_id}`, status: 200, asOwner: 200 }),
  listClusters: (ids) => ({ url: `/v1/clusters?project_id=${ids.project_id}`, status: 200, asOwner: 200 }),
  listOperations: (ids) => ({ url: `/v1/operations?resource_id=${ids.instance_id}`, status: 200, asOwner: 200 }),
  getOperation: (ids) => ({ url: `/v1/operations/${ids.operation_id}`, status: 404, asOwner: 200 }),
  getUsage: (ids) => ({
    url: `/v1/usage?project_id=${ids.project_id}&to=${new Date((nowS - 60) * 1000).toISOString()}`,
    status: 200,
    asOwner: 200,
  }),
  listUsageBlocks: (ids) => ({ url: `/v1/allocations/${ids.allocation_id}/blocks`, status: 404, asOwner: 200 }),
  getInvoice: (ids) => ({ url: `/v1/invoices/${ids.invoice_id}`, status: 404, asOwner: 200 }),
  getInvoicePdf: (ids) => ({ url: `/v1/invoices/${ids.invoice_id}/pdf`, status: 404, asOwner: 200 }),
  listCreditNotes: (ids) => ({ url: `/v1/credit-notes?invoice_id=${ids.invoice_id}`, status: 200, asOwner: 200 }),
  getCreditNote: (ids) => ({ url: `/v1/credit-notes/${ids.credit_note_id}`, status: 404, asOwner: 200 }),
  getCreditNotePdf: (ids) => ({ url: `/v1/credit-notes/${ids.credit_note_id}/pdf`, status: 404, asOwner: 200 }),
  listInvoiceEvidence: (ids) => ({
    url: `/v1/invoices/${ids.invoice_id}/evidence?key=${ids.line_key}`,
    status: 404,
    asOwner: 200,
  }),
  listSshKeys: (ids) => ({ url: `/v1/ssh-keys?limit=1&cursor=${ids.cursor}`, status: 400, asOwner: 200 }),
  ...Object.fromEntries(
    (['instance', 'cluster'] as const).flatMap((kind) => {
      const name = kind === 'instance' ? 'Instance' : 'Cluster';
      const path = (ids: Ids) => `/v1/${kind}s/${ids[`${kind}_id`]}`;
      const read = (suffix: string) => (ids: Ids) => ({ url: path(ids) + suffix, status: 404, asOwner: 200 });
      const write = (suffix: string, body?: object) => (ids: Ids) => ({
        url: path(ids) + suffix,
        status: 404,
        asOwner: null,
        ...(body ? { body } : {}),
      });
      return [
        [`get${name}`, read('')],
        [`update${name}`, write('', { deletion_protection: true })],
        [`stop${name}`, write('/stop')],
        [`start${name}`, write('/start')],
        [`terminate${name}`, write('')],
        [`list${name}Events`, read('/events')],
        [`get${name}Metrics`, read('/metrics')],
        [`get${name}Cost`, read('/cost')],
        ...(kind === 'instance' ? [[`get${name}Logs`, read('/logs')]] : []),
      ];
    }),
  ),
};

/** Operations inside an organisation that take no id: their answers must simply hold nothing of A. */
const WITHOUT_IDS: OperationId[] = [
  'listProjects',
  'createProject',
  'listQuotas',
  'listAuditEvents',
  'createSshKey',
  'listApiKeys',
  'getBalance',
  'createTopUp',
  'listPayments',
  'listLedger',
  'listInvoices',
];

const routeFor = (operationId: string) =>
  (ROUTES as readonly Route[]).find((route) => route.operationId === operationId)!;
let keys = 0;
const sendAs = (sender: Sender, operationId: string, attempt: Attempt) => {
  keys += 1;
  const headers = { 'idempotency-key': `m-${keys}`, ...sender.headers };
  const path = attempt.url.startsWith('/v1/organizations/') ? { ...sender, orgId: null } : sender;
  return api.send(routeFor(operationId).method, attempt.url, { ...path, headers }, attempt.body);
};

/** What may differ between two answers without saying anything. */
function comparable(reply: Reply): object {
  const { 'x-request-id': _, ratelimit: __, date: ___, 'content-length': ____, ...headers } = reply.headers;
  return { status: reply.status, headers, body: reply.text.replace(/req_[0-9a-z]{26}/g, 'req') };
}

/** Every row of A in every table, so that a single changed byte shows. */
async function rowsOfA(): Promise<unknown> {
  const tables = await admin.query(
    `SELECT table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE table_schema = 'public' AND column_name = 'org_id' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'usage_block_%' ORDER BY 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables.rows) {
    const id = pg.escapeIdentifier(name);
    found[name] = (
      await admin.query(`SELECT to_jsonb(t) AS row FROM ${id} t WHERE org_id = $1 ORDER BY to_jsonb(t)::text`, [
        a.orgId,
      ])
    ).rows;
  }
  found.organization = (await admin.query('SELECT * FROM organization WHERE id = $1', [a.orgId])).rows;
  return found;
}

async function runMatrix(): Promise<void> {
  const before = await rowsOfA();
  for (const [who, sender] of callers) {
    for (const [operationId, attemptFor] of Object.entries(ATTEMPTS)) {
      const label = `${operationId} with ${who}`;
      const foreign = await sendAs(sender, operationId, attemptFor(own));
      const random = await sendAs(sender, operationId, attemptFor(randomIds()));
      expect(comparable(foreign), label).toEqual(comparable(random));
      const forbidden = foreign.json?.code === 'permission_denied';
      if (who === 'a key of a project' && forbidden) continue;
      expect(foreign.status, `${label}: ${foreign.text}`).toBe(attemptFor(own).status);
      expect(foreign.text, label).not.toContain(CANARY);
      if (foreign.status === 200) expect(foreign.json.items ?? foreign.json.rows, label).toEqual([]);
    }
    for (const operationId of WITHOUT_IDS) {
      if (routeFor(operationId).method !== 'GET') continue;
      const reply = await api.send('GET', routeFor(operationId).path, sender);
      expect([200, 403], operationId).toContain(reply.status);
      expect(reply.text, operationId).not.toContain(CANARY);
      for (const id of Object.values(own)) expect(reply.text, operationId).not.toContain(id);
    }
  }
  expect(await rowsOfA()).toEqual(before);
}

describe('two tenants', () => {
  test('the matrix names every operation of an organisation', () => {
    const all = (ROUTES as readonly Route[]).filter((route) => route.auth === 'org').map((route) => route.operationId);
    expect([...Object.keys(ATTEMPTS), ...WITHOUT_IDS].sort()).toEqual([...all].sort());
  });

  test('each read of the matrix works for its owner, so that a refusal cannot pass by accident', async () => {
    for (const [operationId, attemptFor] of Object.entries(ATTEMPTS)) {
      const attempt = attemptFor(own);
      if (attempt.asOwner === null) continue;
      const reply = await sendAs(a.owner, operationId, attempt);
      expect(reply.status, `${operationId}: ${reply.text.slice(0, 300)}`).toBe(attempt.asOwner);
    }
  });

  test("attacks 1, 2, 3: B gets for A's ids exactly what it gets for ids that do not exist, sees no word of A, and changes nothing", async () => {
    await runMatrix();
  });

  test('attack 5: an idempotency key that A used is new for B', async () => {
    const reply = await api.call('createTopUp', { body: { amount: '1.00' }, idempotencyKey: CANARY }, b.owner);
    expect(reply.status).toBe(201);
    expect(reply.json.amount.amount).toBe('1.00');
  });

  test('without row-level security the statements themselves still keep the tenants apart', async () => {
    const tables = (await admin.query(`SELECT relname FROM pg_class WHERE relrowsecurity AND relkind IN ('r', 'p')`))
      .rows;
    for (const { relname } of tables)
      await admin.query(`ALTER TABLE ${pg.escapeIdentifier(relname)} DISABLE ROW LEVEL SECURITY`);
    try {
      await runMatrix();
    } finally {
      for (const { relname } of tables)
        await admin.query(`ALTER TABLE ${pg.escapeIdentifier(relname)} ENABLE ROW LEVEL SECURITY`);
    }
  });

  test('attack 4: a cursor is for one organisation, one list and one set of filters', async () => {
    for (const name of ['one', 'two', 'three']) {
      await api.call('createProject', { body: { name } }, a.owner);
    }
    const { owner } = a;
    const first = await api.call('listProjects', { query: { limit: 1 } }, owner);
    const cursor = first.json.next_cursor as string;
    expect((await api.call('listProjects', { query: { limit: 5, cursor } }, owner)).status).toBe(200);
    const [payload, mac] = cursor.split('.');
    const edited = Buffer.from(JSON.stringify(['2000-01-01T00:00:00.000Z', 'x'])).toString('base64url');
    const wrong = [
      `${edited}.${mac}`,
      `${payload}.${mac!.slice(0, -1)}B`,
      `${payload}`,
      '.',
      'x',
      `${cursor}.x`,
      cursor.slice(1),
    ];
    for (const bad of wrong) {
      const reply = await api.call('listProjects', { query: { cursor: bad } }, owner);
      expect(reply.json, bad).toMatchObject({ status: 400, code: 'invalid_cursor' });
    }
    const elsewhere = await api.send('GET', `/v1/ssh-keys?cursor=${cursor}`, owner);
    expect(elsewhere.json.code).toBe('invalid_cursor');
    const filtered = await api.send('GET', `/v1/instances?limit=1&state=queued&cursor=${cursor}`, owner);
    expect(filtered.json.code).toBe('invalid_cursor');
  });

  test('pages of any size show everything once, in one order', async () => {
    const all = (await api.call('listAuditEvents', { query: { limit: 100 } }, a.owner)).json.items as { id: string }[];
    for (const limit of [1, 2, 7]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit, ...(cursor ? { cursor } : {}) };
        const reply = await api.call('listAuditEvents', { query }, a.owner);
        seen.push(...reply.json.items.map((item: { id: string }) => item.id));
        cursor = reply.json.next_cursor ?? undefined;
      } while (cursor);
      expect(seen).toEqual(all.map((item) => item.id));
    }
  });
});
