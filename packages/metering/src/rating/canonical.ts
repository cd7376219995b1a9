import { createHash } from 'node:crypto';
import { formatFraction, type Rational } from '@suanxiang/domain/rational';
import { sha256Hex } from '@suanxiang/domain/usage-digest';
import type { Contract } from './contract';
import type { MergedSeconds } from './merged-seconds';
import type { AllocationTerm, PriceRow, RatedPeriod, Reservation } from './types';

/** Names the rules by which a run is rated. Change it with every change that can alter a line or a digest. */
export const ENGINE_VERSION = 'rating/2';

/** Every version that can still be derived again. rating/1 sealed a line's blocks in one list, rating/2 hour by hour. */
export type EngineVersion = 'rating/1' | 'rating/2';

/** Whether this code can rate and seal as the version that an invoice names. */
export function isKnownEngine(version: string): version is EngineVersion {
  return version === 'rating/1' || version === 'rating/2';
}

function isRational(value: object): value is Rational {
  const keys = Object.keys(value);
  return keys.length === 2 && 'num' in value && 'den' in value && typeof value.den === 'bigint';
}

/**
 * JSON with one form per value: keys sorted by UTF-16 unit, no white space, bigint as a decimal string, a rational as
 * "num/den", members that are undefined left out. Throws TypeError for what has no exact form (floats, NaN, unsafe
 * integers, functions, maps).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || (Object.getPrototypeOf(value) ?? Object.prototype) !== Object.prototype) {
    throw new TypeError(`${String(value)} has no canonical form`);
  }
  if (isRational(value)) return JSON.stringify(formatFraction(value));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** SHA-256 (hex) of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

/** SHA-256 (hex) of canonical texts whose order carries no meaning. */
export function digestOfTexts(texts: Iterable<string>): string {
  return sha256Hex(`[${[...texts].sort().join(',')}]`);
}

/** SHA-256 (hex) of a collection whose order carries no meaning. */
export function digestOfSet(values: Iterable<unknown>): string {
  return digestOfTexts([...values].map(canonicalJson));
}

export function priceDigest(prices: readonly PriceRow[]): string {
  return digestOfSet(prices);
}

/** Everything about the account that the rater reads, but prices and samples. */
export interface RatedTerms {
  period: { fromS: number; toS: number };
  exponent: number;
  allocations: readonly AllocationTerm[];
  reservations?: readonly Reservation[];
  commitmentMinor?: bigint | null;
  spendCapMinor?: bigint | null;
  /** Seconds at which segments were cut besides; absent or empty: none. */
  cutsS?: readonly number[];
  /** Contracts of the account that reach into the period; absent or empty: list prices. */
  contracts?: readonly Contract[];
}

/** The terms in their one form, whose SHA-256 is their digest; parseTerms reads it back. */
export function termsText(terms: RatedTerms): string {
  const { period, exponent, commitmentMinor = null, spendCapMinor = null } = terms;
  const allocations = terms.allocations.map((term) => canonicalJson(term)).sort();
  const reservations = (terms.reservations ?? []).map((reservation) => canonicalJson(reservation)).sort();
  const cutsS = terms.cutsS && terms.cutsS.length > 0 ? [...new Set(terms.cutsS)].sort((a, b) => a - b) : undefined;
  const agreed = (terms.contracts ?? []).map((contract) => canonicalJson(contract)).sort();
  const contracts = agreed.length > 0 ? agreed : undefined;
  return canonicalJson({
    period,
    exponent,
    allocations,
    reservations,
    commitmentMinor,
    spendCapMinor,
    cutsS,
    contracts,
  });
}

export function termsDigest(terms: RatedTerms): string {
  return sha256Hex(termsText(terms));
}

/** A block as it stands in evidence; `digest` is its content's (blockDigest of the domain package). */
export interface BlockRef {
  allocationId: string;
  winStartS: number;
  rev: number;
  digest: string;
}

const HOUR_S = 3600;

const lineOf = ({ allocationId, winStartS, rev, digest }: BlockRef) => `${allocationId} ${winStartS} ${rev} ${digest}`;

/** The same block twice counts once, as in rating; the order carries no meaning. */
const sealLines = (head: string, lines: ReadonlySet<string>) => sha256Hex(`${head}\n${[...lines].sort().join('\n')}`);

/** Digest of the blocks of one allocation and hour. */
export function hourDigest(blocks: Iterable<BlockRef>): string {
  return sealLines('hour/1', new Set([...blocks].map(lineOf)));
}

/** An hour of an allocation as it stands in the digest of its blocks. */
export interface SealedHour {
  allocationId: string;
  hourS: number;
  /** Blocks in it, above 0. */
  blocks: number;
  digest: string;
}

/** Digest of the blocks of hours, by allocation and then time. */
export function digestOfHours(hours: Iterable<SealedHour>): string {
  const lines = [...hours]
    .sort(
      (a, b) => (a.allocationId < b.allocationId ? -1 : a.allocationId > b.allocationId ? 1 : 0) || a.hourS - b.hourS,
    )
    .map(({ allocationId, hourS, blocks, digest }) => `${allocationId} ${hourS} ${blocks} ${digest}`);
  return sha256Hex(`blocks/2\n${lines.join('\n')}`);
}

/** Digest of the blocks of a line over several leases, made of each lease's own (blocksDigest). */
export function digestOfLeases(leases: Iterable<{ allocationId: string; blocks: number; digest: string }>): string {
  const lines = [...leases].map(({ allocationId, blocks, digest }) => `${allocationId} ${blocks} ${digest}`);
  return sha256Hex(`leases/1\n${lines.sort().join('\n')}`);
}

/** Blocks by allocation and hour. */
function byHour(blocks: Iterable<BlockRef>): { allocationId: string; hourS: number; lines: Set<string> }[] {
  const hours = new Map<string, { allocationId: string; hourS: number; lines: Set<string> }>();
  for (const block of blocks) {
    const { allocationId, winStartS } = block;
    const hourS = winStartS - (winStartS % HOUR_S);
    const key = `${allocationId} ${hourS}`;
    const hour = hours.get(key) ?? { allocationId, hourS, lines: new Set<string>() };
    hours.set(key, hour);
    hour.lines.add(lineOf(block));
  }
  return [...hours.values()];
}

/**
 * Digest of a set of blocks, whatever their order; the same block twice counts once, as in rating. It is made of the hours'
 * digests, each with its number of blocks, so that it can be derived from the blocks and from hours that have been added up.
 */
export function blocksDigest(blocks: Iterable<BlockRef>, engine: EngineVersion = ENGINE_VERSION): string {
  if (engine === 'rating/1') return sealLines('blocks/1', new Set([...blocks].map(lineOf)));
  return digestOfHours(
    byHour(blocks).map(({ allocationId, hourS, lines }) => {
      return { allocationId, hourS, blocks: lines.size, digest: sealLines('hour/1', lines) };
    }),
  );
}

/** Digest of what the merge made of all samples, by allocation; the same for any order, batches or re-delivery of them. */
export function usageDigest(usage: ReadonlyMap<string, MergedSeconds>): string {
  const hash = createHash('sha256');
  for (const id of [...usage.keys()].sort()) {
    hash.update(`${canonicalJson(id)}\n`);
    for (const bytes of usage.get(id)!.canonicalBytes()) hash.update(bytes);
  }
  return hash.digest('hex');
}

/** Digest of what went into a run besides prices and terms: the cutoff, and each line's blocks. */
export function inputDigest(
  cutoff: { batchSeq: bigint; arrivedS: number },
  lines: readonly { key: string; blocksDigest: string }[],
): string {
  const { batchSeq, arrivedS } = cutoff;
  return digestOf({ batchSeq, arrivedS, blocks: lines.map(({ key, blocksDigest: digest }) => ({ key, digest })) });
}

/** Digest of a rated period with every line and segment, bound to the engine's version. */
export function outputDigest(rated: RatedPeriod, engine: EngineVersion = ENGINE_VERSION): string {
  return digestOf({ engine, rated });
}
