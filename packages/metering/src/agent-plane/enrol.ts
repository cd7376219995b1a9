import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import { enrolmentSignatureText } from '@suanxiang/domain/agent-batch';
import { mintId } from '@suanxiang/domain/ids';
import { sha256Hex } from '@suanxiang/domain/usage-digest';

/** DER of an Ed25519 public key up to its 32 bytes (RFC 8410). */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 public key from its 32 bytes. */
export function agentKey(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([ED25519_PREFIX, bytes]), format: 'der', type: 'spki' });
}

/** True when `signature` (64 bytes) is this key's over the text. */
export function isSignedBy(key: KeyObject, text: string, signature: Uint8Array): boolean {
  return signature.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, signature);
}

/** Notes a one-time token (role app_worker). Only its digest is kept. `nodeId` null: for an agent of the whole zone. */
export async function allowEnrolment(
  sql: Sql,
  grant: { token: string; zoneId: string; nodeId: string | null; expiresAtMs: number },
): Promise<void> {
  await sql`
    INSERT INTO agent_token (digest, zone_id, node_id, expires_at)
    VALUES (${sha256Hex(grant.token)}, ${grant.zoneId}, ${grant.nodeId}, to_timestamp(${grant.expiresAtMs}::float8 / 1000))`;
}

/** Opens a zone that an agent will run. False when it is another region's or another driver's (roles app_ops, app_worker). */
export async function openAgentZone(sql: Sql, zoneId: string, regionId: string): Promise<boolean> {
  const [row] = await sql<{ good: boolean }>`SELECT suan_open_agent_zone(${zoneId}, ${regionId}) AS good`;
  return row?.good === true;
}

/** Ends an agent's rights at once (role app_worker); another one may speak for its leases from then on. */
export async function revokeAgent(sql: Sql, agentId: string, nowMs: number): Promise<boolean> {
  const rows = await sql`
    UPDATE agent SET revoked_at = to_timestamp(${nowMs}::float8 / 1000) WHERE id = ${agentId} AND revoked_at IS NULL
    RETURNING 1 AS one`;
  return rows.length > 0;
}

export interface Enrolled {
  agentId: string;
  zoneId: string;
  regionId: string;
  nodeId: string | null;
}

/**
 * Exchanges a one-time token for the right to send evidence under a key that the agent made and keeps: only the public half
 * travels, and the signature proves that it holds the other. Null for a token that is unknown, used or expired, and for a
 * signature that is not the key's. Role app_agent.
 */
export async function enrolAgent(
  db: Db,
  request: { token: string; publicKey: Uint8Array; signature: Uint8Array; url: string | null },
  nowMs: number,
): Promise<Enrolled | null> {
  const { token, publicKey, signature, url } = request;
  if (publicKey.length !== 32) return null;
  const text = enrolmentSignatureText(token, Buffer.from(publicKey).toString('hex'));
  if (!isSignedBy(agentKey(publicKey), text, signature)) return null;
  return withSql(db, async (sql) => {
    const [grant] = await sql<{ zone_id: string; node_id: string | null }>`
      UPDATE agent_token SET used_at = to_timestamp(${nowMs}::float8 / 1000)
      WHERE digest = ${sha256Hex(token)} AND used_at IS NULL AND expires_at > to_timestamp(${nowMs}::float8 / 1000)
      RETURNING zone_id, node_id`;
    if (!grant) return null;
    const agentId = mintId('agent', nowMs);
    await sql`
      INSERT INTO agent (id, zone_id, node_id, public_key, url)
      VALUES (${agentId}, ${grant.zone_id}, ${grant.node_id}, ${publicKey}, ${url})`;
    const [zone] = await sql<{ region_id: string }>`SELECT region_id FROM zone WHERE id = ${grant.zone_id}`;
    return { agentId, zoneId: grant.zone_id, regionId: zone!.region_id, nodeId: grant.node_id };
  });
}
