import { isId } from '@suanxiang/domain/ids';
import { BLOCK_SECONDS, MISSING_VALUE, PPM_PER_STEP } from '@suanxiang/domain/usage-block';
import { blockDigest, sha256Hex } from '@suanxiang/domain/usage-digest';
import type { BillingPolicy } from '../policy';

/** A block as a fleet delivers it. */
export interface DeliveredBlock {
  /** Sequence number of the zone's engine. */
  seq: number;
  allocationId: string;
  /** Unix seconds in billing time; first second of a minute. */
  winStartS: number;
  rev: number;
  bytes: Uint8Array;
  /** SHA-256 (hex) that the agent computed over the block. */
  digest: string;
  agentId: string;
}

export type RefusalReason =
  | 'malformed'
  | 'bad_value'
  | 'bad_digest'
  | 'unknown_lease'
  | 'future'
  | 'late'
  /** The agent's clock showed less than with an earlier batch, so that no minute it names can be trusted. */
  | 'clock_back'
  /** Another agent, not revoked, speaks for the lease. */
  | 'other_agent';

/** What the centre knows of the lease that a block names. */
export interface LeaseFacts {
  orgId: string;
  sandbox: boolean;
  /** Seconds by which the organisation's billing time runs ahead of the wall clock. */
  clockOffsetS: number;
}

/** A block that may be stored, with what is derived from it. */
export interface CheckedBlock extends DeliveredBlock {
  orgId: string;
  measured: number;
  sumPpm: number;
  arrivedS: number;
}

const MAX_STEPS = 1_000_000 / PPM_PER_STEP;
const MAX_REV = 2 ** 31 - 1;
/** Billing time is stored as bigint, yet a block beyond the year 9999 is a broken clock. */
const MAX_SECOND = 253_402_300_740;

/** False for a record that is no block at all: such a one must not even reach a statement. */
export function isWellFormed(block: DeliveredBlock): boolean {
  const { seq, allocationId, winStartS, rev, bytes, digest, agentId } = block;
  const isMinute = Number.isSafeInteger(winStartS) && winStartS >= 0 && winStartS <= MAX_SECOND && winStartS % 60 === 0;
  const isRevision = Number.isInteger(rev) && rev >= 0 && rev <= MAX_REV;
  const isNamed = isId('allocation', allocationId) && /^[\x20-\x7e]{1,200}$/.test(agentId);
  const isSealed = bytes.length === BLOCK_SECONDS * 2 && /^[0-9a-f]{64}$/.test(digest);
  return isMinute && isRevision && isNamed && isSealed && Number.isSafeInteger(seq);
}

/** Counts and sums the values of 120 bytes, or null when one is out of range. */
function summarise(bytes: Uint8Array): { measured: number; sumPpm: number } | null {
  let measured = 0;
  let steps = 0;
  for (let at = 0; at < BLOCK_SECONDS * 2; at += 2) {
    const value = (bytes[at]! << 8) | bytes[at + 1]!;
    if (value === MISSING_VALUE) continue;
    if (value > MAX_STEPS) return null;
    measured += 1;
    steps += value;
  }
  return { measured, sumPpm: steps * PPM_PER_STEP };
}

/**
 * Decides whether a block may be stored. A block is taken or refused as a whole: when one of its seconds is too far ahead or
 * too old (S2), all of it is quarantined. Usage of a sandbox counts as arrived when its minute ended, because
 * accelerated time delivers each block at the end of its minute; else it arrived now.
 */
export function checkBlock(
  block: DeliveredBlock,
  lease: LeaseFacts | undefined,
  nowS: number,
  policy: BillingPolicy,
): CheckedBlock | RefusalReason {
  if (!isWellFormed(block)) return 'malformed';
  const summary = summarise(block.bytes);
  if (!summary) return 'bad_value';
  if (blockDigest(block, block.bytes) !== block.digest) return 'bad_digest';
  if (!lease) return 'unknown_lease';
  const billingNowS = nowS + lease.clockOffsetS;
  const endS = block.winStartS + BLOCK_SECONDS;
  if (endS - 1 > billingNowS + policy.futureLimitS) return 'future';
  const arrivedS = lease.sandbox ? endS : billingNowS;
  if (arrivedS - block.winStartS > policy.lateLimitS) return 'late';
  // Written out: this runs for every block there is, and spreading two objects costs more than all the checks.
  const { seq, allocationId, winStartS, rev, bytes, digest, agentId } = block;
  const { measured, sumPpm } = summary;
  return { seq, allocationId, winStartS, rev, bytes, digest, agentId, measured, sumPpm, orgId: lease.orgId, arrivedS };
}

/** Order of the key: whoever inserts in it cannot deadlock with another. */
export function byKey(a: CheckedBlock, b: CheckedBlock): number {
  if (a.allocationId !== b.allocationId) return a.allocationId < b.allocationId ? -1 : 1;
  return a.winStartS - b.winStartS || a.rev - b.rev || (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0);
}

/** A refused record as JSON for the quarantine, and the digest by which a repeated delivery is recognised. */
export function refusedRecord(block: DeliveredBlock): { raw: object; fingerprint: string } {
  const { seq, allocationId, winStartS, rev, digest, agentId } = block;
  // What is malformed can be of any size; the beginning tells enough.
  const bytesHex = Buffer.from(block.bytes.subarray(0, 240)).toString('hex');
  const text = (value: string) => value.slice(0, 200).toWellFormed().replaceAll('\0', '');
  const raw = {
    seq,
    allocation_id: text(allocationId),
    win_start_s: winStartS,
    rev,
    digest: text(digest),
    agent_id: text(agentId),
    bytes: block.bytes.length,
    bytes_hex: bytesHex,
  };
  const { seq: _sequence, ...identity } = raw;
  return { raw, fingerprint: sha256Hex(JSON.stringify(identity)) };
}
