import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';
import { type KeyEnvironment, keyMac, newKey, PEPPER_VERSION } from '../api-key/format';
import { parseSshKey } from '../ssh-key/parse-ssh-key';
import { picker } from './deterministic';

/** PKCS #8 header of an ed25519 private key; 32 bytes follow. */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function wireField(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A valid OpenSSH public key whose private half nobody keeps. */
function sshPublicKey(secret: string, label: string): string {
  const pick = picker(secret, `ssh ${label}`);
  const seed = Buffer.from(Array.from({ length: 32 }, () => pick(256)));
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const point = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x!, 'base64url');
  return `ssh-ed25519 ${Buffer.concat([wireField(Buffer.from('ssh-ed25519')), wireField(point)]).toString('base64')}`;
}

/** Adds public keys of these names. Returns their ids. */
export async function addSshKeys(
  sql: Sql,
  secret: string,
  owner: { orgId: string; slug: string; actor: string; createdS: number },
  names: readonly string[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const key = parseSshKey(sshPublicKey(secret, `${owner.slug} ${name}`));
    const id = mintId('sshKey', owner.createdS * 1000 + ids.length);
    await sql`
      INSERT INTO ssh_key (id, org_id, name, public_key, fingerprint, created_by, created_at)
      VALUES (${id}, ${owner.orgId}, ${name}, ${key.publicKey}, ${key.fingerprint}, ${owner.actor},
        to_timestamp(${owner.createdS}::bigint))`;
    ids.push(id);
  }
  return ids;
}

/** The key that the demonstration has in an organisation: the same text every time, as it follows from the pepper. */
export function demonstrationKey(pepper: string, slug: string, env: KeyEnvironment) {
  return newKey(env, picker(pepper, `api key ${slug}`));
}

/** Stores that key with every right and no end. */
export async function addApiKey(
  sql: Sql,
  pepper: string,
  owner: { orgId: string; slug: string; actor: string; nowMs: number },
  env: KeyEnvironment,
): Promise<void> {
  const { key, lookup, last4 } = demonstrationKey(pepper, owner.slug, env);
  await sql`
    INSERT INTO api_key (id, org_id, project_id, name, lookup, last4, mac, pepper_v, env, scopes, created_by)
    VALUES (${mintId('apiKey', owner.nowMs)}, ${owner.orgId}, NULL, 'demonstration', ${lookup}, ${last4},
      ${keyMac(pepper, key)}, ${PEPPER_VERSION}, ${env}, ${['all:write']}::text[], ${owner.actor})`;
}
