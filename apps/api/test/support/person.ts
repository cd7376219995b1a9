import { randomBytes, randomUUID } from 'node:crypto';
import { mintId } from '@suanxiang/domain/ids';
import type pg from 'pg';
import { expect } from 'vitest';
import type { Api, Sender } from './api';
import type { Tenant } from './tenant';

/** A person of an organisation, signed in. */
export interface Person {
  membershipId: string;
  userId: string;
  email: string;
  sender: Sender;
}

/** Signs a person up, with an address that counts as verified, in no organisation yet. */
export async function addStranger(api: Api, admin: pg.Client, email = `${randomUUID()}@example.com`) {
  const address = `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
  const body = { email, password: 'correct horse battery', name: 'Han Mei' };
  const up = await api.call('signUp', { body }, { headers: { 'x-forwarded-for': address } });
  expect(up.status, up.text).toBe(201);
  const userId = up.json.user.id as string;
  await admin.query(`UPDATE auth_user SET "emailVerified" = true WHERE id = $1`, [userId]);
  return { userId, email, token: up.json.token as string };
}

/** The same, as a member of a tenant. */
export async function addPerson(api: Api, admin: pg.Client, tenant: Tenant, role: string): Promise<Person> {
  const { userId, email, token } = await addStranger(api, admin);
  const membershipId = mintId('membership', Date.now());
  await admin.query(`INSERT INTO membership (id, org_id, user_id, role) VALUES ($1, $2, $3, $4)`, [
    membershipId,
    tenant.orgId,
    userId,
    role,
  ]);
  return { membershipId, userId, email, sender: { token, orgId: tenant.orgId } };
}

/** The token of the invitation that was mailed to an address last. */
export async function mailedToken(admin: pg.Client, email: string): Promise<string> {
  const { rows } = await admin.query(
    `SELECT data->>'link' AS link FROM outgoing_mail WHERE to_address = $1 AND template = 'invitation'
     ORDER BY created_at DESC, id DESC LIMIT 1`,
    [email],
  );
  return new URL(rows[0].link, 'http://console').searchParams.get('token')!;
}
