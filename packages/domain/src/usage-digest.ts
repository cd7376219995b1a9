import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { BlockKey } from './usage-block';

/** SHA-256 of text in lower-case hex. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}

/**
 * Digest of a usage block (64 hex characters): SHA-256 of its digest text. Agent, ingest and the customer's verifier all use
 * this one function; ingest does so for every block, so that the text is made by native code.
 */
export function blockDigest(key: BlockKey, bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return sha256Hex(`block/1\n${key.allocationId}\n${key.winStartS}\n${key.rev}\n${hex}`);
}
