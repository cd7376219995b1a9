import { takesIfMatch } from '@suanxiang/contract/item-route';
import type { Route } from '@suanxiang/contract/route';
import { type OperationId, ROUTES } from '@suanxiang/contract/routes';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, type Json, openApi } from './support/api';
import { addPerson } from './support/person';
import { addTenant, sshPublicKey, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
  for (const id of ['n1', 'n2', 'n3', 'n4']) await addNode(api.plane.sql, id);
  tenant = await addTenant(api);
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

let count = 0;
const fresh = () => {
  count += 1;
  return count;
};

async function workload(kind: 'instance' | 'cluster', state: string): Promise<string> {
  await admin.query(`UPDATE operation SET status = 'superseded'; UPDATE workload SET state = 'terminated'`);
  const body = { name: `w-${fresh()}`, region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g' };
  const made =
    kind === 'instance'
      ? await api.call('createInstance', { body }, tenant.owner)
      : await api.call('createCluster', { body: { ...body, node_count: 1 } }, tenant.owner);
  await admin.query(`UPDATE operation SET status = 'succeeded' WHERE workload_id = $1`, [made.json.id]);
  await admin.query('UPDATE workload SET state = $1 WHERE id = $2', [state, made.json.id]);
  return `/v1/${kind}s/${made.json.id}`;
}
const sshKey = async () => {
  const body = { name: `s ${fresh()}`, public_key: sshPublicKey(count) };
  return `/v1/ssh-keys/${(await api.call('createSshKey', { body }, tenant.owner)).json.id}`;
};
const apiKey = async () => {
  const made = await api.call('createApiKey', { body: { name: 'k', scopes: ['all:read'] } }, tenant.owner);
  return `/v1/api-keys/${made.json.api_key.id}`;
};
const member = async () => `/v1/members/${(await addPerson(api, admin, tenant, 'member')).membershipId}`;
const quotaRequest = async () => {
  const body = { metric: 'ssh_keys', wanted: 200, reason: 'more people' };
  return `/v1/quota-requests/${(await api.call('createQuotaRequest', { body }, tenant.owner)).json.id}`;
};
const invitation = async () => {
  const body = { email: `p-${fresh()}@example.com` };
  const { id } = (await api.call('createInvitation', { body }, tenant.owner)).json;
  await admin.query(`UPDATE invitation SET sent_at = now() - interval '1 hour' WHERE id = $1`, [id]);
  return `/v1/invitations/${id}`;
};
const webhook = async () => {
  const made = await api.call('createWebhook', { body: { url: 'https://hooks.example.com/' } }, tenant.owner);
  return `/v1/webhooks/${made.json.webhook.id}`;
};
const organization = async () => `/v1/organizations/${tenant.orgId}`;

interface Change {
  item: () => Promise<string>;
  suffix?: string;
  body?: () => object;
}
const change = (kind: 'instance' | 'cluster', state: string, suffix = '', body?: object): Change => ({
  item: () => workload(kind, state),
  suffix,
  ...(body ? { body: () => body } : {}),
});

/** Every change that honours If-Match: its resource, what follows the resource's path, and a body. */
const CHANGES: Partial<Record<OperationId, Change>> = {
  updateOrganization: { item: organization, body: () => ({ address: `Street ${fresh()}` }) },
  advanceTestClock: {
    item: organization,
    suffix: '/test-clock/advance',
    body: () => ({ to: new Date(Date.now() + 3_600_000 * fresh()).toISOString() }),
  },
  updateMember: { item: member, body: () => ({ role: 'auditor' }) },
  removeMember: { item: member },
  withdrawQuotaRequest: { item: quotaRequest },
  resendInvitation: { item: invitation, suffix: '/resend' },
  revokeInvitation: { item: invitation },
  deleteSshKey: { item: sshKey },
  updateApiKey: { item: apiKey, body: () => ({ name: 'renamed' }) },
  rollApiKey: { item: apiKey, suffix: '/roll', body: () => ({ overlap_seconds: 0 }) },
  revokeApiKey: { item: apiKey },
  updateWebhook: { item: webhook, body: () => ({ description: `d ${fresh()}` }) },
  deleteWebhook: { item: webhook },
  rotateWebhookSecret: { item: webhook, suffix: '/rotate-secret', body: () => ({}) },
  updateInstance: change('instance', 'running', '', { labels: { a: 'b' } }),
  stopInstance: change('instance', 'running', '/stop'),
  startInstance: change('instance', 'stopped', '/start'),
  terminateInstance: change('instance', 'running'),
  updateCluster: change('cluster', 'running', '', { labels: { a: 'b' } }),
  stopCluster: change('cluster', 'running', '/stop'),
  startCluster: change('cluster', 'stopped', '/start'),
  terminateCluster: change('cluster', 'running'),
};
const routes = (ROUTES as readonly Route[]).filter(takesIfMatch);

describe('If-Match', () => {
  test('every change of a single resource is tried', () => {
    expect(Object.keys(CHANGES).sort()).toEqual(routes.map(({ operationId }) => operationId).sort());
  });

  test.each(routes.map((route) => [route.operationId, route] as const))(
    '%s is refused for a reading that is out of date, changes nothing, and is done for the present one',
    async (operationId, route) => {
      const { item, suffix = '', body } = CHANGES[operationId as OperationId]!;
      const path = await item();
      const sent = body?.();
      const send = (ifMatch: string) => {
        const headers = { 'if-match': ifMatch, 'idempotency-key': `p-${fresh()}` };
        return api.send(route.method, path + suffix, { ...tenant.owner, headers }, sent);
      };
      const before = await api.send('GET', path, tenant.owner);
      const etag = before.headers.etag!;
      for (const stale of ['"stale"', `W/${etag}`, '"a", "b"']) {
        const refused = await send(stale);
        expect(refused.json, refused.text).toMatchObject({
          status: 412,
          code: 'precondition_failed',
          errors: [{ pointer: '/header/if-match', code: 'stale' }],
        });
      }
      const unmoved = ({ billing_now: _, ...rest }: Json) => rest;
      expect(unmoved((await api.send('GET', path, tenant.owner)).json)).toEqual(unmoved(before.json));
      const done = await send(`"other" , ${etag}`);
      expect(done.status, done.text).toBeLessThan(300);
    },
  );

  test('of two changes from one reading the second fails', async () => {
    const path = await workload('instance', 'running');
    const etag = (await api.send('GET', path, tenant.owner)).headers.etag!;
    const headers = { 'if-match': etag };
    const replies = await Promise.all(
      ['a', 'b', 'c'].map((value) => api.send('PATCH', path, { ...tenant.owner, headers }, { labels: { value } })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    const [done] = replies.filter(({ status }) => status === 200);
    const now = await api.send('GET', path, tenant.owner);
    expect(done!.headers.etag).toBe(now.headers.etag);
    expect(done!.json.labels).toEqual(now.json.labels);
  });

  test('what changes no single resource, and what is no tag, is refused rather than ignored', async () => {
    const send = (ifMatch: string, method: string, path: string, body?: object) =>
      api.send(method, path, { ...tenant.owner, headers: { 'if-match': ifMatch } }, body);
    expect((await send('"a"', 'POST', '/v1/projects', { name: 'x' })).json).toMatchObject({
      status: 400,
      errors: [{ pointer: '/header/if-match', code: 'unsupported' }],
    });
    expect((await send('abc', 'PATCH', await organization(), { name: 'x' })).json).toMatchObject({
      status: 400,
      errors: [{ pointer: '/header/if-match', code: 'invalid_format' }],
    });
  });

  test('a read with it is 412, too, and * stands for whatever there is', async () => {
    const path = await sshKey();
    const get = (headers: Record<string, string>) => api.send('GET', path, { ...tenant.owner, headers });
    expect((await get({ 'if-match': '"x"' })).json).toMatchObject({ status: 412, code: 'precondition_failed' });
    expect((await get({ 'if-match': '*' })).status).toBe(200);
    expect((await get({ 'if-none-match': '*' })).status).toBe(304);
  });

  test('a repetition with the same key replays, though the resource has moved on by itself', async () => {
    const path = await workload('instance', 'running');
    const etag = (await api.send('GET', path, tenant.owner)).headers.etag!;
    const headers = { 'if-match': etag, 'idempotency-key': 'once' };
    const first = await api.send('PATCH', path, { ...tenant.owner, headers }, { labels: { a: '1' } });
    const again = await api.send('PATCH', path, { ...tenant.owner, headers }, { labels: { a: '1' } });
    expect([first.status, again.status, again.headers['idempotent-replayed']]).toEqual([200, 200, 'true']);
  });
});

describe('tags', () => {
  test('stand on every read of one resource and change with it', async () => {
    for (const path of [
      await organization(),
      await sshKey(),
      await apiKey(),
      await workload('instance', 'running'),
      await workload('cluster', 'running'),
      `/v1/projects/${tenant.projectId}`,
    ]) {
      const first = await api.send('GET', path, tenant.owner);
      expect(first.headers.etag, path).toMatch(/^"[\w-]{27}(\.[\w-]{27})?"$/);
    }
  });

  test("an organisation's clock does not keep its changes from matching, nor its reads from being fresh", async () => {
    const path = await organization();
    const first = await api.send('GET', path, tenant.owner);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const headers = { 'if-none-match': first.headers.etag! };
    const later = await api.send('GET', path, { ...tenant.owner, headers });
    expect(later.status).toBe(200);
    expect(later.json.billing_now).not.toBe(first.json.billing_now);
    const changed = await api.send(
      'PATCH',
      path,
      { ...tenant.owner, headers: { 'if-match': first.headers.etag! } },
      { tax_id: 'T1' },
    );
    expect(changed.status).toBe(200);
  });
});
