import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** DER of an Ed25519 private key up to its 32 bytes, and length of a public key's (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX_BYTES = 12;

/** The private key that signs calls to node agents, 32 bytes in base64, from the secret of that name. */
export function controlPrivateKey(secret: string): string {
  return createHash('sha256').update(`suanxiang-control-key/1\n${secret}`).digest('base64');
}

/** The public half, which every agent learns when it enrols. */
export function controlPublicKey(secret: string): string {
  const seed = Buffer.from(controlPrivateKey(secret), 'base64');
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return der.subarray(PUBLIC_PREFIX_BYTES).toString('base64');
}
