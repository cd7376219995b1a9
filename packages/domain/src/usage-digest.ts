import { createHash } from 'node:crypto';
import { type BlockKey, blockDigestText } from './usage-block';

/** SHA-256 of text in lower-case hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Digest of a usage block (64 hex characters); agent, ingest and the customer's verifier all use this one function. */
export function blockDigest(key: BlockKey, bytes: Uint8Array): string {
  return sha256Hex(blockDigestText(key, bytes));
}
