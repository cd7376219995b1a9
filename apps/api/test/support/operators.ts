import { hash } from '@node-rs/argon2';
import { mintId } from '@suanxiang/domain/ids';
import type pg from 'pg';
import { expect } from 'vitest';
import type { Api, Sender } from './api';

const PASSWORD = 'operators only';
const passwordHash = hash(PASSWORD);

/** An operator with these jobs, signed in. */
export async function addOperator(
  api: Api,
  admin: pg.Client,
  jobs: string[] = ['support', 'billing_ops', 'infra_ops', 'security'],
): Promise<Sender & { id: string }> {
  const id = mintId('operatorUser', Date.now());
  const email = `${id}@example.com`;
  await admin.query(
    `INSERT INTO operator_user (id, email, name, password_hash, jobs) VALUES ($1, $2, 'Ops', $3, $4::text[])`,
    [id, email, await passwordHash, jobs],
  );
  const signedIn = await api.call('operatorSignIn', { body: { email, password: PASSWORD } });
  expect(signedIn.status, signedIn.text).toBe(200);
  return { id, token: signedIn.json.token };
}
