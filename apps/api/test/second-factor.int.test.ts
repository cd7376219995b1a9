import type { TOTP } from 'otpauth';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addApp } from './support/account-deeds';
import { type Api, type Json, openApi } from './support/api';
import { SoftwarePasskey } from './support/authenticator';
import { addPerson } from './support/person';
import { addTenant, type Tenant } from './support/tenant';

let api: Api;
let admin: pg.Client;
let tenant: Tenant;
/** The authenticator app of the tenant's owner. */
let app: TOTP;
let recovery: string[];

const me = (token: string) => api.call('getMe', {}, { token });
const password = () => ({ body: { email: tenant.email, password: tenant.password } });
/** The code of a step: 0 now, 1 the next one. */
const codeAt = (step: number) => app.generate({ timestamp: Date.now() + step * 30_000 });
/** Steps that were used: forgotten, so that the next test may use its codes again. */
const forgetSteps = () => admin.query('UPDATE auth_totp SET last_step = 0');
const ticket = async () => (await api.call('signIn', password())).json.ticket as string;

beforeAll(async () => {
  api = await openApi();
  admin = await api.plane.db.database.connectAdmin();
  tenant = await addTenant(api);
  ({ app, recovery } = await addApp(api, tenant.session));
});
beforeEach(async () => {
  await api.plane.ctx.redis.flushdb();
  await forgetSteps();
  await admin.query('DELETE FROM auth_guard');
});
afterAll(async () => {
  await admin?.end();
  await api?.close();
});

describe('authenticator apps', () => {
  test('the password alone gives a ticket and no session; a code with the ticket gives one of two factors', async () => {
    const first = await api.call('signIn', password());
    expect(first.json).toMatchObject({
      status: 401,
      code: 'second_factor_required',
      methods: ['totp', 'recovery_code'],
    });
    expect(first.json.token).toBeUndefined();
    const done = await api.call('completeSignIn', { body: { ticket: first.json.ticket, totp_code: codeAt(0) } });
    expect(done.status, done.text).toBe(200);
    const security = await api.call('getAccountSecurity', {}, { token: done.json.token });
    expect(security.json).toMatchObject({ totp: true, aal: 2, recovery_codes_left: 10 });
  });

  test('the secret stands sealed in the database, recovery codes as hashes', async () => {
    const dump = JSON.stringify([
      (await admin.query('SELECT * FROM auth_totp')).rows,
      (await admin.query('SELECT * FROM auth_recovery_code')).rows,
    ]);
    expect(dump).not.toContain(app.secret.base32);
    for (const code of recovery) expect(dump).not.toContain(code);
  });

  test('attack 25: a code is good once, even with another ticket; an older one is not good after it', async () => {
    const used = codeAt(0);
    expect((await api.call('completeSignIn', { body: { ticket: await ticket(), totp_code: used } })).status).toBe(200);
    const again = await api.call('completeSignIn', { body: { ticket: await ticket(), totp_code: used } });
    expect(again.json).toMatchObject({ status: 403, code: 'proof_refused' });
    const older = await api.call('completeSignIn', { body: { ticket: await ticket(), totp_code: codeAt(-1) } });
    expect(older.json.code).toBe('proof_refused');
  });

  test('attack 25: ten wrong codes close the second factor for a while, on every ticket, and the right one too', async () => {
    const wrong = codeAt(0) === '000000' ? '000001' : '000000';
    const codes: string[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      codes.push((await api.call('completeSignIn', { body: { ticket: await ticket(), totp_code: wrong } })).json.code);
    }
    expect(codes).toEqual(Array(10).fill('proof_refused'));
    const late = await api.call('completeSignIn', { body: { ticket: await ticket(), totp_code: codeAt(0) } });
    expect(late.json.code).toBe('rate_limited');
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(60);
    await admin.query('DELETE FROM auth_guard');
    expect((await api.call('completeSignIn', { body: { ticket: await ticket(), totp_code: codeAt(0) } })).status).toBe(
      200,
    );
  });

  test('attack 26: a ticket opens nothing by itself, dies after five wrong codes, and of two answers at once one counts', async () => {
    const one = await ticket();
    expect((await me(one)).status).toBe(401);
    const wrong = codeAt(0) === '000000' ? '000001' : '000000';
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await api.call('completeSignIn', { body: { ticket: one, totp_code: wrong } });
    }
    await admin.query('DELETE FROM auth_guard');
    const dead = await api.call('completeSignIn', { body: { ticket: one, totp_code: codeAt(0) } });
    expect(dead.json).toMatchObject({ status: 410, code: 'link_expired' });
    const two = await ticket();
    const before = Number((await admin.query('SELECT count(*) AS n FROM auth_session')).rows[0].n);
    const both = await Promise.all([
      api.call('completeSignIn', { body: { ticket: two, totp_code: codeAt(0) } }),
      api.call('completeSignIn', { body: { ticket: two, recovery_code: recovery[0]! } }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect(Number((await admin.query('SELECT count(*) AS n FROM auth_session')).rows[0].n)).toBe(before + 1);
  });

  test('a recovery code is good once and its owner is told', async () => {
    const code = recovery[5]!;
    expect((await api.call('completeSignIn', { body: { ticket: await ticket(), recovery_code: code } })).status).toBe(
      200,
    );
    const again = await api.call('completeSignIn', { body: { ticket: await ticket(), recovery_code: code } });
    expect(again.json.code).toBe('proof_refused');
    const mails = await admin.query(
      `SELECT data FROM outgoing_mail WHERE to_address = $1 AND data->>'what' = 'recovery_used'`,
      [tenant.email],
    );
    expect(mails.rows.length).toBeGreaterThan(0);
  });

  test('exactly one proof at a time', async () => {
    const body = { ticket: await ticket(), totp_code: codeAt(0), recovery_code: recovery[9]! };
    expect((await api.call('completeSignIn', { body })).json.code).toBe('invalid_request');
  });
});

describe('passkeys', () => {
  const origin = 'http://localhost:4000';
  const device = new SoftwarePasskey(origin, 'localhost');
  let person: { email: string; token: string };

  beforeAll(async () => {
    const other = await addTenant(api);
    person = { email: other.email, token: other.session };
    const begun = await api.call('startPasskey', {}, person);
    expect(begun.json.public_key.authenticatorSelection.userVerification).toBe('required');
    const body = { ticket: begun.json.ticket, name: 'Laptop', passkey: device.create(begun.json.public_key) as Json };
    const added = await api.call('addPasskey', { body }, person);
    expect(added.status, added.text).toBe(201);
    // The same answer once more: its challenge is used up.
    expect((await api.call('addPasskey', { body }, person)).json.code).toBe('link_expired');
  });
  const begin = async () => (await api.call('startPasskeySignIn', {})).json;
  const finish = (ticketOf: string, passkey: Json) =>
    api.call('completeSignIn', { body: { ticket: ticketOf, passkey } });

  test('a passkey alone signs in with two factors', async () => {
    const { ticket: one, public_key } = await begin();
    const done = await finish(one, device.prove(public_key));
    expect(done.status, done.text).toBe(200);
    expect(done.json.user.email).toBe(person.email);
    expect((await api.call('getAccountSecurity', {}, { token: done.json.token })).json.aal).toBe(2);
  });

  test('attack 25: neither another challenge, origin or key nor a device that did not check its holder is accepted', async () => {
    const tries: [string, (options: { challenge: string }) => Json][] = [
      ['an answer to another challenge', () => device.prove({ challenge: Buffer.alloc(32, 7).toString('base64url') })],
      ['without user verification', (options) => device.prove(options, false)],
      ['a passkey nobody has', (options) => new SoftwarePasskey(origin, 'localhost').prove(options)],
      ['an answer of another kind', () => ({ id: device.id.toString('base64url'), response: { __proto__: null } })],
    ];
    const phished = new SoftwarePasskey('https://suanxiang.example.net', 'localhost');
    Object.assign(phished, { id: device.id, keys: (device as unknown as { keys: unknown }).keys });
    tries.push(['an answer given to another site', (options) => phished.prove(options)]);
    for (const [what, answer] of tries) {
      const { ticket: one, public_key } = await begin();
      expect((await finish(one, answer(public_key))).json, what).toMatchObject({ status: 403, code: 'proof_refused' });
    }
  });

  test('attack 25: the password of somebody with a passkey still wants it', async () => {
    const first = await api.call('signIn', { body: { email: person.email, password: 'correct horse battery' } });
    expect(first.json).toMatchObject({ code: 'second_factor_required', methods: ['passkey'] });
    const done = await finish(first.json.ticket, device.prove(first.json.passkey_options));
    expect(done.status, done.text).toBe(200);
  });
});

describe('an organization that demands a second factor', () => {
  test('attack 25: holds at every request of every session, and says the way out', async () => {
    const strict = await addTenant(api);
    const params = { organization_id: strict.orgId };
    const on = { params, body: { require_mfa: true } };
    // Who has none cannot demand it of others.
    expect((await api.call('updateOrganization', on, strict.owner)).json.code).toBe('mfa_required');
    const member = await addPerson(api, admin, strict, 'admin');
    expect((await api.call('updateOrganization', on, member.sender)).json.code).toBe('permission_denied');
    await addApp(api, strict.session);
    const demanded = await api.call('updateOrganization', on, strict.owner);
    expect(demanded.json, demanded.text).toMatchObject({ require_mfa: true });
    expect((await api.call('listProjects', {}, strict.owner)).status).toBe(200);
    const refused = await api.call('listProjects', {}, member.sender);
    expect(refused.json).toMatchObject({ status: 403, code: 'mfa_required' });
    expect(refused.json.suggestion).toContain('second factor');
    const device = (await api.call('startDeviceSignIn', { body: { client_name: 'laptop' } })).json;
    const approval = { user_code: device.user_code, scopes: ['compute:read'] };
    expect((await api.call('approveDevice', { body: approval }, member.sender)).json.code).toBe('mfa_required');
    // The account itself stays open: that is where the factor is added.
    await addApp(api, member.sender.token!);
    expect((await api.call('listProjects', {}, member.sender)).status).toBe(200);
  });
});

describe('what is sensitive wants a recent proof', () => {
  const age = (token: string, minutes: number) =>
    admin.query(
      `UPDATE auth_session SET reauthenticated_at = now() - make_interval(mins => $2)
      WHERE token = encode(sha256($1::bytea), 'hex')`,
      [token, minutes],
    );
  const createKey = (who: Tenant) =>
    api.call('createApiKey', { body: { name: 'ci', scopes: ['compute:read'] } }, who.owner);

  test('five minutes after the last proof a key is refused until it is proved again', async () => {
    const who = await addTenant(api);
    expect((await createKey(who)).status).toBe(201);
    await age(who.session, 6);
    expect((await createKey(who)).json).toMatchObject({
      status: 403,
      code: 'reauthentication_required',
      max_age_seconds: 300,
    });
    const sender = { token: who.session };
    const wrong = await api.call('reauthenticate', { body: { password: 'not the password' } }, sender);
    expect(wrong.json.code).toBe('proof_refused');
    expect((await createKey(who)).status).toBe(403);
    const right = await api.call('reauthenticate', { body: { password: who.password } }, sender);
    expect(right.json).toMatchObject({ valid_seconds: 300 });
    expect((await createKey(who)).status).toBe(201);
    const rows = await admin.query(
      `SELECT 1 FROM audit_event WHERE org_id = $1 AND result = 'denied' AND detail->>'code' = 'reauthentication_required'`,
      [who.orgId],
    );
    expect(rows.rows.length).toBe(2);
  });

  test('a second factor cannot be taken away with an old proof, and all other sessions end when one changes', async () => {
    const who = await addTenant(api);
    const other = (await api.call('signIn', { body: { email: who.email, password: who.password } })).json.token;
    const { app: own } = await addApp(api, who.session);
    expect((await me(other)).status).toBe(401);
    await age(who.session, 6);
    const sender = { token: who.session };
    expect((await api.call('removeTotp', {}, sender)).json.code).toBe('reauthentication_required');
    await forgetSteps();
    const code = own.generate();
    expect((await api.call('reauthenticate', { body: { totp_code: code } }, sender)).status).toBe(200);
    expect((await api.call('reauthenticate', { body: { totp_code: code } }, sender)).json.code).toBe('proof_refused');
    expect((await api.call('removeTotp', {}, sender)).status).toBe(204);
    expect((await api.call('getAccountSecurity', {}, sender)).json).toMatchObject({
      totp: false,
      aal: 1,
      recovery_codes_left: 0,
    });
  });
});
