import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Api, Json, Sender } from './api';

/** An organisation with its owner's session. */
export interface Tenant {
  email: string;
  password: string;
  userId: string;
  session: string;
  orgId: string;
  projectId: string;
  organization: Json;
  /** The owner acting in the organisation. */
  owner: Sender;
}

export interface TenantOptions {
  name?: string;
  mode?: 'live' | 'sandbox';
  currency?: 'CNY' | 'USD';
}

/** Signs a person up and creates an organisation, through the API. */
export async function addTenant(api: Api, options: TenantOptions = {}): Promise<Tenant> {
  const email = `${randomUUID()}@example.com`;
  const password = 'correct horse battery';
  // Every person from an address of their own, or the limit on sign-ups would be what is tested.
  const headers = {
    'x-forwarded-for': `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`,
  };
  const up = await api.call('signUp', { body: { email, password, name: 'Li Lei' } }, { headers });
  expect(up.status, up.text).toBe(201);
  const session = up.json.token as string;
  const body = { name: options.name ?? 'Acme', mode: options.mode ?? 'sandbox', currency: options.currency ?? 'USD' };
  const made = await api.call('createOrganization', { body }, { token: session });
  expect(made.status, made.text).toBe(201);
  const orgId = made.json.organization.id as string;
  return {
    email,
    password,
    userId: up.json.user.id,
    session,
    orgId,
    projectId: made.json.project.id,
    organization: made.json.organization,
    owner: { token: session, orgId },
  };
}

/** Creates an API key and answers its secret. */
export async function addKey(api: Api, tenant: Tenant, scopes: string[], projectId?: string): Promise<string> {
  const body = { name: `k ${randomUUID().slice(0, 8)}`, scopes, ...(projectId ? { project_id: projectId } : {}) };
  const made = await api.call('createApiKey', { body }, tenant.owner);
  expect(made.status, made.text).toBe(201);
  return made.json.secret as string;
}

/** Ed25519 public keys for tests. */
export function sshPublicKey(seed: number, comment = 'test'): string {
  const name = Buffer.from('ssh-ed25519');
  const field = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const point = Buffer.alloc(32, seed);
  return `ssh-ed25519 ${Buffer.concat([field(name), field(point)]).toString('base64')} ${comment}`;
}
