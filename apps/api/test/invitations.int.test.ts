import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Api, openApi, type Sender } from './support/api';
import { addPerson, addStranger, mailedToken } from './support/person';
import { addKey, addTenant, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  admin = new pg.Client({ connectionString: api.plane.db.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});
beforeEach(async () => {
  await api.plane.ctx.redis.flushdb();
  tenant = await addTenant(api);
});

const invite = (email: string, over: object = {}, as: Sender = tenant.owner) =>
  api.call('createInvitation', { body: { email, ...over } }, as);
const accept = (token: string, session: string) =>
  api.call('acceptInvitation', { body: { token } }, { token: session });
const get = (id: string) => api.call('getInvitation', { params: { invitation_id: id } }, tenant.owner);
const age = (id: string, sql: string) => admin.query(`UPDATE invitation SET ${sql} WHERE id = $1`, [id]);

test('an invited person joins with the role, and with the one in the project; the link works once', async () => {
  const { email, token: session } = await addStranger(api, admin);
  const over = { role: 'auditor', project_id: tenant.projectId, project_role: 'operator' };
  const made = await invite(email.toUpperCase(), over);
  expect(made.json).toMatchObject({ email, status: 'pending', sends: 1 });
  const token = await mailedToken(admin, email);
  expect(made.text).not.toContain(token);
  const [{ token_hash }] = (await admin.query('SELECT token_hash FROM invitation WHERE id = $1', [made.json.id])).rows;
  expect(token_hash).not.toContain(token);
  const joined = await accept(token, session);
  expect(joined.json).toMatchObject({ organization: { id: tenant.orgId }, role: 'auditor' });
  const [org] = (await api.call('getMe', {}, { token: session })).json.organizations;
  expect(org).toMatchObject({ role: 'auditor', project_roles: [{ project_id: tenant.projectId, role: 'operator' }] });
  // Again: the same answer, and nothing twice.
  expect((await accept(token, session)).json).toEqual(joined.json);
  expect((await api.call('listMembers', {}, tenant.owner)).json.items).toHaveLength(2);
  expect((await get(made.json.id)).json.status).toBe('accepted');
  // Who has left does not come back by it.
  await api.call('leaveOrganization', { params: { organization_id: tenant.orgId } }, { token: session });
  expect((await accept(token, session)).json).toMatchObject({ status: 410, code: 'gone' });
});

describe('attack 29: an invitation opens nothing', () => {
  test('to another person, who learns nothing of it', async () => {
    const one = await addStranger(api, admin);
    const other = await addStranger(api, admin);
    await invite(one.email);
    const refused = await accept(await mailedToken(admin, one.email), other.token);
    expect(refused.json).toMatchObject({ status: 403, code: 'permission_denied', reason: 'other_address' });
    for (const word of [one.email, tenant.orgId, 'Acme']) expect(refused.text).not.toContain(word);
  });

  test('to an address that nobody has verified', async () => {
    const { email, token, userId } = await addStranger(api, admin);
    await admin.query(`UPDATE auth_user SET "emailVerified" = false WHERE id = $1`, [userId]);
    await invite(email);
    const mailed = await mailedToken(admin, email);
    expect((await accept(mailed, token)).json).toMatchObject({ status: 403, code: 'email_not_verified' });
    await admin.query(`UPDATE auth_user SET "emailVerified" = true WHERE id = $1`, [userId]);
    expect((await accept(mailed, token)).status).toBe(200);
  });

  test.each(['ｏwner@example.com', 'оwner@example.com', 'a@exаmple.com', 'a＠example.com', 'a@b@example.com'])(
    'to a look-alike: %s is no address',
    async (email) => {
      expect((await api.send('POST', '/v1/invitations', tenant.owner, { email })).status).toBe(400);
    },
  );

  test('after its time, after it was taken back, and after it was sent anew', async () => {
    const { email, token } = await addStranger(api, admin);
    const first = (await invite(email)).json;
    const old = await mailedToken(admin, email);
    await age(first.id, `expires_at = now() - interval '1 second'`);
    expect((await accept(old, token)).json).toMatchObject({ status: 410, code: 'gone' });
    await age(first.id, `sent_at = now() - interval '2 minutes'`);
    const params = { invitation_id: first.id };
    expect((await api.call('resendInvitation', { params }, tenant.owner)).json).toMatchObject({
      sends: 2,
      status: 'pending',
    });
    expect((await accept(old, token)).status).toBe(404);
    expect((await api.call('revokeInvitation', { params }, tenant.owner)).status).toBe(204);
    expect((await accept(await mailedToken(admin, email), token)).json).toMatchObject({ status: 410, code: 'gone' });
  });

  test('once whoever invited may not hand out the role any more', async () => {
    const boss = await addPerson(api, admin, tenant, 'admin');
    const { email, token } = await addStranger(api, admin);
    await invite(email, { role: 'admin' }, boss.sender);
    const mailed = await mailedToken(admin, email);
    await admin.query(`UPDATE membership SET role = 'member' WHERE id = $1`, [boss.membershipId]);
    expect((await accept(mailed, token)).json).toMatchObject({ status: 410, code: 'gone' });
    await admin.query(`UPDATE membership SET role = 'owner' WHERE id = $1`, [boss.membershipId]);
    expect((await accept(mailed, token)).status).toBe(200);
  });

  test('to a key, and to a token of nothing', async () => {
    const key = await addKey(api, tenant, ['all:write']);
    expect((await accept('A'.repeat(43), key)).json).toMatchObject({ code: 'permission_denied' });
    const { token } = await addStranger(api, admin);
    expect((await accept('A'.repeat(43), token)).status).toBe(404);
  });

  test('twice at once: one membership', async () => {
    const { email, token } = await addStranger(api, admin);
    await invite(email);
    const mailed = await mailedToken(admin, email);
    const replies = await Promise.all(Array.from({ length: 8 }, () => accept(mailed, token)));
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await api.call('listMembers', {}, tenant.owner)).json.items).toHaveLength(2);
  });
});

describe('inviting', () => {
  test('says the same of an address with an account and of one without', async () => {
    const { email } = await addStranger(api, admin);
    const [known, unknown] = [await invite(email), await invite('nobody-at-all@example.com')];
    const shape = ({ status, json, headers }: typeof known) => {
      const { id: _, email: __, created_at: ___, sent_at: ____, expires_at: _____, ...rest } = json;
      return { status, rest, type: headers['content-type'] };
    };
    expect(shape(known)).toEqual(shape(unknown));
  });

  test('goes no higher than one’s own role, whoever or whatever invites', async () => {
    const boss = await addPerson(api, admin, tenant, 'admin');
    for (const role of ['owner', 'billing']) {
      expect((await invite('x@example.com', { role }, boss.sender)).json).toMatchObject({ code: 'permission_denied' });
    }
    const key = { token: await addKey(api, tenant, ['all:write']) };
    expect((await invite('x@example.com', { role: 'owner' }, key)).json).toMatchObject({ code: 'permission_denied' });
    expect((await invite('x@example.com', { role: 'admin' }, key)).status).toBe(201);
  });

  test('happens once an address, and not to members', async () => {
    const person = await addPerson(api, admin, tenant, 'member');
    expect((await invite(person.email)).json).toMatchObject({ code: 'conflict', reason: 'member' });
    const replies = await Promise.all(Array.from({ length: 5 }, () => invite('once@example.com')));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const { rows } = await admin.query(`SELECT 1 FROM outgoing_mail WHERE to_address = 'once@example.com'`);
    expect(rows).toHaveLength(1);
  });

  test('is limited: a hundred mails a day, five of one invitation, one a minute', async () => {
    const made = (await invite('slow@example.com')).json;
    const resend = () => api.call('resendInvitation', { params: { invitation_id: made.id } }, tenant.owner);
    const soon = await resend();
    expect(soon.json).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(soon.headers['retry-after'])).toBeGreaterThan(0);
    await age(made.id, `sends = 5, sent_at = now() - interval '1 hour'`);
    expect((await resend()).status).toBe(429);
    await age(made.id, 'sends = 100');
    expect((await invite('more@example.com')).json).toMatchObject({ status: 429, code: 'rate_limited' });
    await age(made.id, `sent_at = now() - interval '25 hours'`);
    expect((await invite('more@example.com')).status).toBe(201);
  });
});
