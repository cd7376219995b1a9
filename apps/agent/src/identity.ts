import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { enrolmentSignatureText } from '@suanxiang/domain/agent-batch';
import { privateKeyOf, publicBytes } from '@suanxiang/hal/drivers/agent/signatures';
import { ConfigError } from '@suanxiang/platform/config-error';
import { z } from 'zod';

const stored = z.object({
  agentId: z.string().min(1),
  region: z.string().min(1),
  zone: z.string().min(1),
  /** The agent's private key and the control plane's public key, 32 bytes each, base64. */
  privateKey: z.string().length(44),
  controlKey: z.string().length(44),
});

/** Who the agent is and whom it obeys. */
export type Identity = z.infer<typeof stored>;

const fileOf = (folder: string) => path.join(folder, 'identity.json');

/** Reads the identity of an agent that enrolled before; null for a new one. */
export function readIdentity(folder: string): Identity | null {
  if (!existsSync(fileOf(folder))) return null;
  const read = stored.safeParse(JSON.parse(readFileSync(fileOf(folder), 'utf8')));
  if (!read.success) throw new ConfigError(`${fileOf(folder)} is damaged. Enrol again with a new token.`);
  return read.data;
}

/** Keeps an identity, readable by the agent's user alone. */
export function writeIdentity(folder: string, identity: Identity): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = fileOf(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const enrolled = z.object({
  agent_id: z.string(),
  zone_id: z.string(),
  region_id: z.string(),
  control_key: z.string().length(44),
});

/** Exchanges a one-time token: the agent's public key and address for the control plane's public key. */
export async function enrol(apiUrl: string, token: string, ownUrl: string): Promise<Identity> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url');
  const publicKey = publicBytes(privateKeyOf(seed));
  const text = enrolmentSignatureText(token, publicKey.toString('hex'));
  const response = await fetch(`${apiUrl}/agent/v1/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token,
      public_key: publicKey.toString('base64'),
      signature: sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
      url: ownUrl,
    }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok)
    throw new ConfigError(`The control plane refused the enrolment (${response.status}): ${await response.text()}`);
  const answer = enrolled.parse(await response.json());
  return {
    agentId: answer.agent_id,
    region: answer.region_id,
    zone: answer.zone_id,
    privateKey: seed.toString('base64'),
    controlKey: answer.control_key,
  };
}
