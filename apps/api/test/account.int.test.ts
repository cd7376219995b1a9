import { sendMails } from '@suanxiang/services/mail/send-mails';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addApp, mailedToken } from './support/account-deeds';
import { type Api, openApi } from './support/api';
import { addOperator } from './support/operators';
import { addPerson } from './support/person';
import { addKey, addTenant, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
beforeAll(async () => {
  api = await openApi();
  admin = await api.plane.db.database.connectAdmin();
});
beforeEach(() => api.plane.ctx.redis.flushdb());
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

const me = (token: string) => api.call('getMe', {}, { token });
const signIn = (email: string, password: string) => api.call('signIn', { body: { email, password } });
const mailsTo = async (to: string) =>
  (await admin.query('SELECT template FROM outgoing_mail WHERE to_address = $1 ORDER BY created_at', [to])).rows.map(
    ({ template }) => template,
  );

describe('e-mail', () => {
  test('a link confirms the address it went to, once', async () => {
    const who = await addTenant(api);
    const security = () => api.call('getAccountSecurity', {}, { token: who.session });
    expect((await security()).json.email_verified).toBe(false);
    const token = await mailedToken(admin, who.email, 'verify_email');
    const dump = await admin.query('SELECT * FROM auth_challenge');
    expect(JSON.stringify(dump.rows)).not.toContain(token);
    expect((await api.call('verifyEmail', { body: { token } })).status).toBe(204);
    expect((await security()).json.email_verified).toBe(true);
    expect((await api.call('verifyEmail', { body: { token } })).json).toMatchObject({
      status: 410,
      code: 'link_expired',
    });
  });

  test('a link that is too old, or went to an address that was changed since, confirms nothing', async () => {
    const who = await addTenant(api);
    const token = await mailedToken(admin, who.email, 'verify_email');
    await admin.query(`UPDATE auth_user SET email = 'other-' || email WHERE id = $1`, [who.userId]);
    expect((await api.call('verifyEmail', { body: { token } })).status).toBe(410);
    const late = await addTenant(api);
    await admin.query(`UPDATE auth_challenge SET expires_at = now() WHERE user_id = $1`, [late.userId]);
    const body = { token: await mailedToken(admin, late.email, 'verify_email') };
    expect((await api.call('verifyEmail', { body })).status).toBe(410);
    expect((await admin.query(`SELECT 1 FROM auth_user WHERE "emailVerified"`)).rows).toHaveLength(1);
  });
});

describe('mails without a mail server', () => {
  test('are read by operators once they are kept, and by nobody while they may still be sent', async () => {
    const operator = await addOperator(api, admin);
    const who = await addTenant(api);
    const mine = async () =>
      (await api.call('operatorMails', {}, operator)).json.items.find((mail: { to: string }) => mail.to === who.email);
    expect(await mine()).toMatchObject({ template: 'verify_email', status: 'pending', text: null, html: null });
    await sendMails(api.plane.db.worker, null);
    const kept = await mine();
    expect(kept).toMatchObject({ status: 'kept', subject: 'Suanxiang Cloud: Confirm your e-mail address' });
    expect(kept.text).toContain(await mailedToken(admin, who.email, 'verify_email'));
    expect((await api.call('operatorMails', {}, { token: who.session })).status).toBe(401);
  });
});

describe('passwords', () => {
  test('attack 24: asking for a new password answers the same and sends one mail, whether there is an account or not', async () => {
    const who = await addTenant(api);
    const known = await api.call('forgotPassword', { body: { email: who.email } });
    const unknown = await api.call('forgotPassword', { body: { email: 'nobody-at-all@example.com' } });
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
    expect(known.status).toBe(204);
    for (let more = 0; more < 3; more += 1) await api.call('forgotPassword', { body: { email: who.email } });
    expect(await mailsTo(who.email)).toEqual(['verify_email', 'reset_password']);
    expect(await mailsTo('nobody-at-all@example.com')).toEqual(['no_account']);
  });

  test('attack 27: a reset works once, ends every session and every other link, and tells the person', async () => {
    const who = await addTenant(api);
    const second = (await signIn(who.email, who.password)).json.token;
    await api.call('forgotPassword', { body: { email: who.email } });
    const body = { token: await mailedToken(admin, who.email, 'reset_password'), password: 'a new passphrase' };
    expect((await api.call('resetPassword', { body })).status).toBe(204);
    for (const session of [who.session, second]) expect((await me(session)).status).toBe(401);
    expect((await signIn(who.email, who.password)).status).toBe(401);
    expect((await signIn(who.email, 'a new passphrase')).status).toBe(200);
    expect((await api.call('resetPassword', { body })).status).toBe(410);
    expect(await mailsTo(who.email)).toEqual(['verify_email', 'reset_password', 'security_changed']);
  });

  test('attack 25: a reset leaves the second factor in force', async () => {
    const who = await addTenant(api);
    await addApp(api, who.session);
    await api.call('forgotPassword', { body: { email: who.email } });
    const body = { token: await mailedToken(admin, who.email, 'reset_password'), password: 'a new passphrase' };
    const reset = await api.call('resetPassword', { body });
    expect(reset.text).toBe('');
    expect((await signIn(who.email, 'a new passphrase')).json).toMatchObject({ code: 'second_factor_required' });
  });

  test('attack 27: a change wants the old password, keeps this session and ends the others', async () => {
    const who = await addTenant(api);
    const other = (await signIn(who.email, who.password)).json.token;
    const change = (current_password: string) =>
      api.call('changePassword', { body: { current_password, password: 'a new passphrase' } }, { token: who.session });
    expect((await change('not the password')).json).toMatchObject({ status: 403, code: 'proof_refused' });
    expect((await me(other)).status).toBe(200);
    expect((await change(who.password)).status).toBe(204);
    expect([(await me(who.session)).status, (await me(other)).status]).toEqual([200, 401]);
  });

  test('attack 23: ten wrong proofs of a stolen session close that door, and its owner can still sign in', async () => {
    const who = await addTenant(api);
    const prove = (password: string) => api.call('reauthenticate', { body: { password } }, { token: who.session });
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await prove('wrong')).json.code).toBe('proof_refused');
    expect((await prove(who.password)).json.code).toBe('rate_limited');
    expect((await signIn(who.email, who.password)).status).toBe(200);
  });
});

describe('sessions', () => {
  test('attack 28: every sign-in has a token of its own, and the list shows where each is', async () => {
    const who = await addTenant(api);
    const from = { 'user-agent': 'Firefox/150', 'x-forwarded-for': '203.0.113.77' };
    const body = { email: who.email, password: who.password };
    const one = (await api.call('signIn', { body }, { headers: { ...from, authorization: `Bearer ${who.session}` } }))
      .json;
    expect(one.token).not.toBe(who.session);
    const { items } = (await api.call('listSessions', {}, { token: one.token })).json;
    expect(items).toHaveLength(2);
    expect(items.find((item: { current: boolean }) => item.current)).toMatchObject({
      device: 'Firefox/150',
      ip_prefix: '203.0.113.0/24',
      aal: 1,
    });
    expect(JSON.stringify(items)).not.toContain('203.0.113.77');
  });

  test('one is ended by its id, all others at once, and nobody ends those of others', async () => {
    const who = await addTenant(api);
    const other = await addTenant(api);
    const tokens: string[] = [];
    for (let i = 0; i < 3; i += 1) tokens.push((await signIn(who.email, who.password)).json.token);
    const idOf = async (token: string) =>
      (await api.call('listSessions', {}, { token })).json.items.find((item: { current: boolean }) => item.current).id;
    const params = { session_id: await idOf(tokens[0]!) };
    expect((await api.call('revokeSession', { params }, { token: other.session })).status).toBe(404);
    expect((await api.call('revokeSession', { params }, { token: who.session })).status).toBe(204);
    expect((await me(tokens[0]!)).status).toBe(401);
    expect((await api.call('signOutEverywhere', {}, { token: who.session })).status).toBe(204);
    expect((await me(tokens[1]!)).status).toBe(401);
    expect((await me(who.session)).status).toBe(200);
    expect((await me(other.session)).status).toBe(200);
  });

  test('a key has no account', async () => {
    const key = await addKey(api, await addTenant(api), ['all:write']);
    for (const operationId of ['listSessions', 'getAccountSecurity', 'startTotp'] as const) {
      expect((await api.call(operationId, {}, { token: key })).json.code).toBe('permission_denied');
    }
  });
});

describe('signing in a command line', () => {
  const start = async () => (await api.call('startDeviceSignIn', { body: { client_name: 'build-host' } })).json;
  const poll = (device_code: string) => api.call('pollDeviceSignIn', { body: { device_code } });
  const rest = () => admin.query('UPDATE auth_device_grant SET last_polled_at = NULL');
  const approve = (who: Tenant, user_code: string, more: object = {}) =>
    api.call(
      'approveDevice',
      { body: { user_code, scopes: ['compute:read'], expires_in_days: 7, ...more } },
      who.owner,
    );

  test('a code that was approved is one key, of the chosen scopes and life, fetched once', async () => {
    const who = await addTenant(api);
    const asked = await start();
    expect(asked).toMatchObject({ expires_in: 600, interval: 5 });
    expect(asked.user_code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    expect((await poll(asked.device_code)).json.code).toBe('authorization_pending');
    expect((await poll(asked.device_code)).json.code).toBe('slow_down');
    const seen = await api.call('lookUpDevice', { body: { user_code: asked.user_code.toLowerCase() } }, who.owner);
    expect(seen.json).toMatchObject({ client_name: 'build-host', ip_prefix: '127.0.0.0/24' });
    const made = await approve(who, asked.user_code, { project_id: who.projectId });
    expect(made.status, made.text).toBe(204);
    const dump = JSON.stringify((await admin.query('SELECT * FROM auth_device_grant')).rows);
    const both = await Promise.all([poll(asked.device_code), poll(asked.device_code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
    const { json } = both.find(({ status }) => status === 200)!;
    expect(dump).not.toContain(json.secret);
    expect(dump).not.toContain(asked.device_code);
    expect(json.organization_id).toBe(who.orgId);
    const key = (await api.call('getApiKey', { params: { api_key_id: json.api_key_id } }, who.owner)).json;
    expect(key).toMatchObject({ name: 'build-host', scopes: ['compute:read'], project_id: who.projectId });
    const days = (Date.parse(key.expires_at) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
    expect((await me(json.secret)).json.kind).toBe('api_key');
  });

  test('one approval wins; what was refused, has expired or never was gives nothing', async () => {
    const who = await addTenant(api);
    const asked = await start();
    const both = await Promise.all([approve(who, asked.user_code), approve(who, asked.user_code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 404]);
    const keys = await admin.query('SELECT 1 FROM api_key WHERE org_id = $1', [who.orgId]);
    expect(keys.rows).toHaveLength(1);
    const no = await start();
    expect((await api.call('denyDevice', { body: { user_code: no.user_code } }, who.owner)).status).toBe(204);
    expect((await poll(no.device_code)).json).toMatchObject({ status: 403, code: 'device_denied' });
    const late = await start();
    await admin.query('UPDATE auth_device_grant SET expires_at = now()');
    await rest();
    expect((await approve(who, late.user_code)).status).toBe(404);
    expect((await poll(late.device_code)).json.code).toBe('link_expired');
  });

  test('nobody approves more than they may do themselves, with a key, or with an old proof; the code can still be used', async () => {
    const who = await addTenant(api);
    const asked = await start();
    const member = await addPerson(api, admin, who, 'admin');
    const beyond = { user_code: asked.user_code, scopes: ['all:write'] };
    expect((await api.call('approveDevice', { body: beyond }, member.sender)).json.code).toBe('permission_denied');
    const key = await addKey(api, who, ['api-keys:write']);
    const body = { user_code: asked.user_code, scopes: ['api-keys:read'] };
    expect((await api.call('approveDevice', { body }, { token: key })).json.code).toBe('permission_denied');
    await admin.query(`UPDATE auth_session SET reauthenticated_at = now() - interval '6 minutes' WHERE "userId" = $1`, [
      who.userId,
    ]);
    expect((await approve(who, asked.user_code)).json.code).toBe('reauthentication_required');
    await api.call('reauthenticate', { body: { password: who.password } }, { token: who.session });
    expect((await approve(who, asked.user_code)).status).toBe(204);
  });

  test('guessing codes closes the door for who guesses', async () => {
    const who = await addTenant(api);
    const guess = () => api.call('lookUpDevice', { body: { user_code: 'BBBB-BBBB' } }, who.owner);
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await guess()).status).toBe(404);
    expect((await guess()).json.code).toBe('rate_limited');
  });
});
