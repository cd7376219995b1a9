import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key per purpose, so that what was sealed for one is nothing to another. */
function keyFor(dataKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, 'suanxiang', `seal:${purpose}`, 32));
}

/**
 * Encrypts a secret for the database (AES-256-GCM). `purpose` names what it is, `owner` whose row it stands in: sealed text that
 * was moved to another row or column does not open.
 */
export function seal(dataKey: string, purpose: string, owner: string, plain: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(dataKey, purpose), nonce);
  cipher.setAAD(Buffer.from(owner));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
}

/** Opens what `seal` made. Throws when anything differs. */
export function unseal(dataKey: string, purpose: string, owner: string, sealed: string): string {
  const [version, text] = sealed.split('.');
  if (version !== VERSION || !text) throw new Error(`sealed with an unknown version: ${version}`);
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyFor(dataKey, purpose), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
