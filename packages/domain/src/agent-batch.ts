import { Buffer } from 'node:buffer';
import { BLOCK_SECONDS } from './usage-block';

/**
 * What an agent sends: a batch of usage blocks in one body. Integers are big-endian.
 *
 *   4  magic "SXB1"
 *   8  sequence number of the batch, 1, 2, ... per agent
 *   8  agent's clock when it was sent, Unix milliseconds
 *   2  number of leases L, then L times: 1 length, the allocation's id in ASCII
 *   4  number of blocks N, then N times 162 bytes: 2 index of the lease, 4 minute since 1970, 4 revision, 32 digest
 *      (SHA-256), 120 values (docs/adr/0004)
 *
 * Nothing may follow. The same as JSON, for people: {"seq", "sent_at_ms", "blocks": [{"allocation_id", "win_start_s", "rev",
 * "digest", "bytes"}]}, both last in hex.
 */
const MAGIC = [0x53, 0x58, 0x42, 0x31] as const;
const HEAD_BYTES = 22;
const VALUE_BYTES = BLOCK_SECONDS * 2;
const DIGEST_BYTES = 32;
const RECORD_BYTES = 10 + DIGEST_BYTES + VALUE_BYTES;
export const MOST_BLOCKS = 20_000;

export interface AgentBlock {
  allocationId: string;
  /** Unix seconds, multiple of 60. */
  winStartS: number;
  rev: number;
  bytes: Uint8Array;
  /** SHA-256 in hex. */
  digest: string;
}

export interface AgentBatch {
  seq: number;
  sentAtMs: number;
  blocks: AgentBlock[];
}

/** A body that is no batch: it says what is wrong. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
}

/** What an agent signs (Ed25519): its name and the SHA-256 (hex) of the body, so that a signature fits one agent and purpose. */
export function batchSignatureText(agentId: string, bodyDigest: string): string {
  return `suanxiang-agent-batch/1\n${agentId}\n${bodyDigest}`;
}

/** What an agent signs to enrol: proof that it holds the key it names. `publicKeyHex`: 32 bytes. */
export function enrolmentSignatureText(token: string, publicKeyHex: string): string {
  return `suanxiang-agent-enrol/1\n${token}\n${publicKeyHex}`;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Encodes a batch. Blocks must be whole and their ids at most 255 ASCII characters. */
export function encodeBatch(batch: AgentBatch): Uint8Array {
  const ids = [...new Set(batch.blocks.map((block) => block.allocationId))];
  const index = new Map(ids.map((id, at) => [id, at]));
  const names = ids.reduce((sum, id) => sum + 1 + id.length, 0);
  const body = new Uint8Array(HEAD_BYTES + names + 4 + batch.blocks.length * RECORD_BYTES);
  const view = new DataView(body.buffer);
  body.set(MAGIC);
  view.setBigUint64(4, BigInt(batch.seq));
  view.setBigUint64(12, BigInt(batch.sentAtMs));
  view.setUint16(20, ids.length);
  let at = HEAD_BYTES;
  for (const id of ids) {
    body[at] = id.length;
    body.set(new TextEncoder().encode(id), at + 1);
    at += 1 + id.length;
  }
  view.setUint32(at, batch.blocks.length);
  at += 4;
  for (const block of batch.blocks) {
    view.setUint16(at, index.get(block.allocationId)!);
    view.setUint32(at + 2, block.winStartS / BLOCK_SECONDS);
    view.setUint32(at + 6, block.rev);
    body.set(fromHex(block.digest), at + 10);
    body.set(block.bytes, at + 10 + DIGEST_BYTES);
    at += RECORD_BYTES;
  }
  return body;
}

function safe(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BatchError(`${what} is too large`);
  return Number(value);
}

/** Decodes a batch; block bytes are views into the body. Throws BatchError for anything but exactly one batch. */
export function decodeBatch(body: Uint8Array): AgentBatch {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const need = (end: number) => {
    if (end > body.length) throw new BatchError(`the body ends at byte ${body.length}, before ${end}`);
  };
  need(HEAD_BYTES);
  if (MAGIC.some((byte, at) => body[at] !== byte)) throw new BatchError('the body does not begin with SXB1');
  const seq = safe(view.getBigUint64(4), 'seq');
  const sentAtMs = safe(view.getBigUint64(12), 'sent_at_ms');
  let at = HEAD_BYTES;
  const ids: string[] = [];
  const leases = view.getUint16(20);
  for (let lease = 0; lease < leases; lease += 1) {
    need(at + 1);
    const end = at + 1 + body[at]!;
    need(end);
    ids.push(String.fromCharCode(...body.subarray(at + 1, end)));
    at = end;
  }
  need(at + 4);
  const count = view.getUint32(at);
  at += 4;
  if (count > MOST_BLOCKS) throw new BatchError(`a batch holds at most ${MOST_BLOCKS} blocks, not ${count}`);
  if (body.length !== at + count * RECORD_BYTES) throw new BatchError(`the body is not ${count} blocks long`);
  const blocks: AgentBlock[] = [];
  for (let block = 0; block < count; block += 1, at += RECORD_BYTES) {
    const allocationId = ids[view.getUint16(at)];
    if (allocationId === undefined) throw new BatchError(`block ${block} names no lease`);
    const values = at + 10 + DIGEST_BYTES;
    blocks.push({
      allocationId,
      winStartS: view.getUint32(at + 2) * BLOCK_SECONDS,
      rev: view.getUint32(at + 6),
      digest: toHex(body.subarray(at + 10, values)),
      bytes: body.subarray(values, values + VALUE_BYTES),
    });
  }
  return { seq, sentAtMs, blocks };
}

// biome-ignore lint/suspicious/noExplicitAny: looked at field by field
type Json = any;

function jsonBlock(given: Json, at: number): AgentBlock {
  const { allocation_id: allocationId, win_start_s: winStartS, rev = 0, digest, bytes } = given ?? {};
  const isText = typeof allocationId === 'string' && /^[0-9a-f]{64}$/.test(digest);
  const isWhole = typeof bytes === 'string' && /^([0-9a-f]{2}){0,240}$/.test(bytes);
  if (!isText || !isWhole || !Number.isSafeInteger(winStartS) || !Number.isSafeInteger(rev)) {
    throw new BatchError(`blocks[${at}] is not a block`);
  }
  return { allocationId, winStartS, rev, digest, bytes: fromHex(bytes) };
}

/** The JSON form of a batch. Throws BatchError for anything else. */
export function decodeJsonBatch(text: string): AgentBatch {
  let given: Json;
  try {
    given = JSON.parse(text);
  } catch {
    throw new BatchError('the body is not JSON');
  }
  const { seq, sent_at_ms: sentAtMs, blocks } = given ?? {};
  if (![seq, sentAtMs].every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new BatchError('seq and sent_at_ms are whole numbers');
  }
  if (!Array.isArray(blocks) || blocks.length > MOST_BLOCKS) {
    throw new BatchError(`blocks is a list of at most ${MOST_BLOCKS}`);
  }
  return { seq, sentAtMs, blocks: blocks.map(jsonBlock) };
}
