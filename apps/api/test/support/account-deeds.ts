import { randomUUID } from 'node:crypto';
import type { OperationId } from '@suanxiang/contract/routes';
import { TOTP } from 'otpauth';
import type pg from 'pg';
import { expect } from 'vitest';
import type { Api, Json, Sender } from './api';
import { SoftwarePasskey } from './authenticator';
import type { Doing } from './tenancy-deeds';
import { addTenant, type Tenant } from './tenant';

/**
 * Operations that only ask, begin or send a mail: nothing of an account or an organisation is changed by them, so the audit log
 * has no row of them.
 */
export const ASKS: readonly OperationId[] = [
  'startPasskeySignIn',
  'forgotPassword',
  'sendVerification',
  'startTotp',
  'startPasskey',
  'startPasskeyProof',
  'startDeviceSignIn',
  'pollDeviceSignIn',
  'lookUpDevice',
];

/** The token of the link in the newest mail of a kind to an address. */
export async function mailedToken(admin: pg.Client, to: string, template: string): Promise<string> {
  const { rows } = await admin.query(
    `SELECT data->>'link' AS link FROM outgoing_mail WHERE to_address = $1 AND template = $2 ORDER BY created_at DESC`,
    [to, template],
  );
  return String(rows[0]?.link ?? '').split('#token=')[1] ?? '';
}

/** Adds an authenticator app to a session's person. */
export async function addApp(api: Api, token: string): Promise<{ app: TOTP; recovery: string[] }> {
  const offered = await api.call('startTotp', {}, { token });
  expect(offered.status, offered.text).toBe(200);
  const app = new TOTP({ secret: offered.json.secret });
  const confirmed = await api.call('confirmTotp', { body: { totp_code: app.generate() } }, { token });
  expect(confirmed.status, confirmed.text).toBe(200);
  return { app, recovery: confirmed.json.recovery_codes };
}

/** How to do each change of a person's account with success. Each has a person of its own, so that none ends another's session. */
export function accountDeeds(api: Api, admin: pg.Client, tenant: () => Tenant): Partial<Record<OperationId, Doing>> {
  const person = async () => {
    const made = await addTenant(api);
    return { ...made, sender: { token: made.session } as Sender };
  };
  const passkey = async (sender: Sender) => {
    const begun = (await api.call('startPasskey', {}, sender)).json;
    const device = new SoftwarePasskey('http://localhost:4000', 'localhost');
    return { ticket: begun.ticket, name: 'Laptop', passkey: device.create(begun.public_key) as Json };
  };
  const device = async () =>
    (await api.call('startDeviceSignIn', { body: { client_name: 'laptop' } })).json.user_code as string;
  return {
    completeSignIn: async () => {
      const { email, password, session } = await person();
      const { recovery } = await addApp(api, session);
      const { ticket } = (await api.call('signIn', { body: { email, password } })).json;
      return { url: '/v1/auth/sign-in/mfa', body: { ticket, recovery_code: recovery[0] }, sender: {} };
    },
    resetPassword: async () => {
      const { email } = await person();
      await api.call('forgotPassword', { body: { email } });
      const token = await mailedToken(admin, email, 'reset_password');
      return { url: '/v1/auth/password/reset', body: { token, password: `new ${randomUUID()}` }, sender: {} };
    },
    verifyEmail: async () => {
      const { email } = await person();
      return {
        url: '/v1/auth/email/verify',
        body: { token: await mailedToken(admin, email, 'verify_email') },
        sender: {},
      };
    },
    changePassword: async () => {
      const { password, sender } = await person();
      return { url: '/v1/me/password', body: { current_password: password, password: `new ${randomUUID()}` }, sender };
    },
    reauthenticate: async () => {
      const { password, sender } = await person();
      return { url: '/v1/me/reauthenticate', body: { password }, sender };
    },
    confirmTotp: async () => {
      const { sender } = await person();
      const app = new TOTP({ secret: (await api.call('startTotp', {}, sender)).json.secret });
      return { url: '/v1/me/totp/confirm', body: { totp_code: app.generate() }, sender };
    },
    removeTotp: async () => {
      const { session, sender } = await person();
      await addApp(api, session);
      return { url: '/v1/me/totp', sender };
    },
    renewRecoveryCodes: async () => {
      const { session, sender } = await person();
      await addApp(api, session);
      return { url: '/v1/me/recovery-codes', sender };
    },
    addPasskey: async () => {
      const { sender } = await person();
      return { url: '/v1/me/passkeys', body: await passkey(sender), sender };
    },
    removePasskey: async () => {
      const { sender } = await person();
      const { id } = (await api.call('addPasskey', { body: await passkey(sender) }, sender)).json;
      return { url: `/v1/me/passkeys/${id}`, sender };
    },
    revokeSession: async () => {
      const { email, password, sender } = await person();
      await api.call('signIn', { body: { email, password } });
      const { items } = (await api.call('listSessions', {}, sender)).json;
      return { url: `/v1/me/sessions/${items.find((one: { current: boolean }) => !one.current).id}`, sender };
    },
    signOutEverywhere: async () => ({ url: '/v1/me/sessions/revoke-others', sender: (await person()).sender }),
    denyDevice: async () => ({
      url: '/v1/me/device-requests/deny',
      body: { user_code: await device() },
      sender: { token: tenant().session },
    }),
    approveDevice: async () => ({
      url: '/v1/device-requests/approve',
      body: { user_code: await device(), scopes: ['compute:read'] },
    }),
  };
}
