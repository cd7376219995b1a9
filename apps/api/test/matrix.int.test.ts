import { readFileSync } from 'node:fs';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newKey } from '../../../packages/services/src/api-key/format';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi, type Reply, type Sender } from './support/api';
import { LAYERS } from './support/layers';
import { type Attempt, attemptOf, comparable, documentedOperations, type Operation, rowsOf } from './support/matrix';
import { addKey, addTenant, type Tenant } from './support/tenant';
import { billLastMonth, CANARY, type Ids, populate, randomIds } from './support/two-tenants';

const operations = documentedOperations();
const ofTenants = operations.filter(({ plane }) => plane === 'tenant');
/** Operations that no caller of the matrix reaches, one a line. It may only shrink, and it is empty. */
const uncovered = readFileSync(new URL('./uncovered-authz-operations.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean);
const tried = new Set<string>();

let api: Api;
let admin: pg.Client;
let a: Tenant;
let b: Tenant;
let own: Ids;
let operatorToken: string;
/** A key of A's that may do everything a tenant's key may. */
let wideKey: string;
/** Credentials that open nothing anywhere on the tenants' side. */
let dead: [string, string | null][];

async function deadKeys(): Promise<[string, string][]> {
  const by = async (sql: string) => {
    const key = await addKey(api, a, ['all:write']);
    await admin.query(`UPDATE api_key SET ${sql} WHERE lookup = $1`, [key.slice(11, 23)]);
    return key;
  };
  return [
    ['an expired key', await by(`expires_at = now() - interval '1 second'`)],
    ['a revoked key', await by('revoked_at = now()')],
    ['a key of the other environment', await by(`env = 'live'`)],
    ['a key that never was', newKey('test').key],
    ['a key cut short', (await addKey(api, a, ['all:write'])).slice(0, -1)],
    ['garbage', 'x'.repeat(32)],
    ['a session that never was', 'Aa1'.repeat(11).slice(0, 32)],
  ];
}

beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
  a = await addTenant(api, { name: CANARY });
  b = await addTenant(api, { name: 'Other' });
  own = await populate(api, admin, a);
  wideKey = await addKey(api, a, ['all:write']);
  await billLastMonth(api, admin, b);
  await admin.query(
    `INSERT INTO operator_user (id, email, name, password_hash) VALUES ('oper_1', 'ops@example.com', 'Ops', $1)`,
    [await hash('operators only')],
  );
  const signedIn = await api.call('operatorSignIn', { body: { email: 'ops@example.com', password: 'operators only' } });
  operatorToken = signedIn.json.token;
  dead = [['nobody', null], ['an operator', operatorToken], ...(await deadKeys())];
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(() => api.plane.ctx.redis.flushdb());

let sent = 0;
/** B's session goes on being needed: another one of B's is ended in its place. */
async function sessionToEnd(sender: Sender): Promise<string | null | undefined> {
  if (sender.token !== b.session) return sender.token;
  return (await api.call('signIn', { body: { email: b.email, password: b.password } })).json.token;
}

/** Sends an attempt, each from an address of its own, so that no limit is what is tested. */
async function send(operation: Operation, attempt: Attempt, sender: Sender): Promise<Reply> {
  sent += 1;
  tried.add(operation.id);
  const headers = {
    'idempotency-key': `m-${sent}`,
    'x-forwarded-for': `2001:db8:${(sent % 65_536).toString(16)}::1`,
    ...sender.headers,
  };
  const token = operation.id === 'signOut' ? await sessionToEnd(sender) : sender.token;
  const orgId = operation.path.startsWith('/v1/organizations/') ? null : sender.orgId;
  return api.send(operation.method, attempt.url, { token: token ?? null, orgId: orgId ?? null, headers }, attempt.body);
}

const each = (list: readonly Operation[]) => list.map((operation) => [operation.id, operation] as const);

describe('the owner', () => {
  test.each(each(ofTenants.filter(({ method }) => method === 'GET')))(
    '%s answers, so that a refusal below cannot pass by accident',
    async (_, operation) => {
      const reply = await send(operation, attemptOf(operation, own), a.owner);
      expect(reply.status, reply.text.slice(0, 300)).toBe(200);
    },
  );
});

describe('attacks 16, 18, 19: credentials that open nothing', () => {
  test.each(each(operations.filter(({ plane }) => plane !== 'public')))(
    '%s is 401 for all of them, with one answer',
    async (_, operation) => {
      const before = await rowsOf(admin, a.orgId);
      const answers = new Set<string>();
      for (const [who, token] of dead) {
        if (operation.plane === 'operator' && token === operatorToken) continue;
        const reply = await send(operation, attemptOf(operation, own), { token, orgId: a.orgId });
        expect(reply.json, `${who}: ${reply.text}`).toMatchObject({ status: 401, code: 'unauthenticated' });
        answers.add(JSON.stringify(comparable(reply)));
      }
      expect(answers.size).toBe(1);
      expect(await rowsOf(admin, a.orgId)).toEqual(before);
    },
  );

  test.each(each(operations.filter(({ plane }) => plane === 'operator')))(
    "%s is not opened by tenants' credentials",
    async (_, operation) => {
      for (const token of [a.session, wideKey]) {
        const reply = await send(operation, attemptOf(operation, own), { token, orgId: a.orgId });
        expect(reply.json).toMatchObject({ status: 401, code: 'unauthenticated' });
      }
    },
  );

  test.each(each(operations.filter(({ plane }) => plane === 'public')))(
    '%s is public, and knows nothing of tenants',
    async (_, operation) => {
      const reply = await send(operation, attemptOf(operation, own), {});
      expect(reply.status).not.toBe(500);
      expect(reply.text).not.toContain(CANARY);
    },
  );
});

/** An outsider is told of A's ids exactly what it is told of random ones, sees no word of A, and changes nothing. */
async function outsiderTries(operation: Operation, who: string, sender: Sender): Promise<void> {
  const attempt = attemptOf(operation, own);
  const foreign = await send(operation, attempt, sender);
  expect(foreign.text, who).not.toContain(CANARY);
  if (attempt.named.length === 0) return;
  const random = await send(operation, attemptOf(operation, randomIds(own)), sender);
  expect(comparable(foreign), who).toEqual(comparable(random));
  const inPath = operation.path.includes('{');
  if (inPath) expect([403, 404], `${who}: ${foreign.text}`).toContain(foreign.status);
  if (inPath && foreign.status === 403) expect(foreign.json.code, who).toBe('permission_denied');
  if (foreign.status === 200) expect(foreign.json.items ?? foreign.json.rows, who).toEqual([]);
}

async function outsiders(): Promise<[string, Sender][]> {
  return [
    ["another tenant's session", b.owner],
    ["another tenant's session that names the organisation", { token: b.session, orgId: a.orgId }],
    ["another tenant's key", { token: await addKey(api, b, ['all:write']) }],
    ["another tenant's key of a project", { token: await addKey(api, b, ['all:write'], b.projectId) }],
  ];
}

describe.each(LAYERS)('attacks 1, 2, 3: another tenant, %s', (_, prepare) => {
  let restore: () => Promise<void>;
  let callers: [string, Sender][];
  beforeAll(async () => {
    callers = await outsiders();
    restore = await prepare(api, admin);
  });
  afterAll(() => restore());

  test.each(each(ofTenants.filter(({ method }) => method === 'GET')))(
    'its owner reads %s as before, so that nothing is kept apart by being broken',
    async (_name, operation) => {
      const reply = await send(operation, attemptOf(operation, own), a.owner);
      expect(reply.status, reply.text.slice(0, 300)).toBe(200);
    },
  );

  test.each(each(ofTenants))('%s', async (_name, operation) => {
    const before = await rowsOf(admin, a.orgId);
    for (const [who, sender] of callers) await outsiderTries(operation, who, sender);
    expect(await rowsOf(admin, a.orgId)).toEqual(before);
  });
});

describe('attack 13: insiders without the right', () => {
  let reader: string;
  let elsewhere: string;
  beforeAll(async () => {
    reader = await addKey(api, a, ['all:read']);
    const project = await api.call('createProject', { body: { name: 'elsewhere' } }, a.owner);
    elsewhere = await addKey(api, a, ['all:write'], project.json.id);
  });

  test.each(each(ofTenants.filter(({ permission }) => permission !== null && !permission.endsWith('.read'))))(
    '%s is 403 for a reader, names the permission and changes nothing',
    async (_, operation) => {
      const before = await rowsOf(admin, a.orgId, ['audit_event']);
      const reply = await send(operation, attemptOf(operation, own), { token: reader });
      expect(reply.json).toMatchObject({
        status: 403,
        code: 'permission_denied',
        required_permission: operation.permission,
      });
      expect(await rowsOf(admin, a.orgId, ['audit_event'])).toEqual(before);
    },
  );

  test.each(each(ofTenants.filter(({ permission }) => permission !== null)))(
    '%s shows and changes nothing of one project to a key of another',
    async (_, operation) => {
      const sender = { token: elsewhere };
      const before = await rowsOf(admin, a.orgId, ['audit_event']);
      const foreign = await send(operation, attemptOf(operation, own), sender);
      // SSH keys belong to the whole organisation: a key of any project of it may read and use them.
      const shared = { sshKey: own.sshKey!, organization: a.orgId };
      const random = await send(operation, attemptOf(operation, { ...randomIds(own), ...shared }), sender);
      expect(comparable(foreign)).toEqual(comparable(random));
      if (foreign.status === 200) {
        for (const id of [own.workloadInstance, own.workloadCluster, own.operation, own.project]) {
          expect(foreign.text).not.toContain(id);
        }
      }
      expect(await rowsOf(admin, a.orgId, ['audit_event'])).toEqual(before);
    },
  );
});

test('no operation of the document is left out, and no exception is left in', () => {
  const left = operations.filter(({ id }) => !tried.has(id)).map(({ id }) => id);
  expect(left).toEqual(uncovered);
  expect(uncovered).toEqual([]);
});
