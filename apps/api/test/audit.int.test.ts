import type { Route } from '@suanxiang/contract/route';
import { type OperationId, ROUTES } from '@suanxiang/contract/routes';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ASKS } from './support/account-deeds';
import type { Api } from './support/api';
import { type Deeds, ENDS_OWN_RIGHT, NEED_PROVIDER, openDeeds } from './support/deeds';
import type { Tenant } from './support/tenant';

let deeds: Deeds;
let api: Api;
let admin: pg.Client;
let tenant: Tenant;
let live: Tenant;
beforeAll(async () => {
  deeds = await openDeeds();
  ({ api, admin, tenant, live } = deeds);
});
afterAll(() => deeds?.close());

const auditRows = async () => Number((await admin.query('SELECT count(*) FROM audit_event')).rows[0].count);

const changes = (ROUTES as readonly Route[]).filter((route) => route.method !== 'GET');
const untried = [...NEED_PROVIDER, ...ASKS];
const mutations = changes.filter(({ operationId }) => !untried.includes(operationId as OperationId));

test('every mutation of the contract is tried', () => {
  expect([...Object.keys(deeds.doing), ...untried].sort()).toEqual(changes.map((route) => route.operationId).sort());
});

test.each(mutations.map((route) => [route.operationId, route] as const))(
  '%s leaves one audit row',
  async (operationId, route) => {
    await deeds.clear();
    const { url, body, sender = tenant.owner } = await deeds.doing[operationId as OperationId]!();
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
      deeds.operatorToken,
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
    await deeds.clear();
    const { url, body } =
      operationId === 'closeOrganization'
        ? { url: `/v1/organizations/${tenant.orgId}/close`, body: { slug: 'x' } }
        : await deeds.doing[operationId as OperationId]!();
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
    for (let i = 0; i < 8; i += 1) await api.call('createProject', { body: { name: `more-${i}` } }, tenant.owner);
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
