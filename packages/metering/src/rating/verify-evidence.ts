import { encodeBlock } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import { findAlteredSecond } from './altered-second';
import { blocksDigest, digestOfLeases, type EngineVersion } from './canonical';
import { MergedSeconds } from './merged-seconds';
import type { Evidence, Finding, ProofBlock } from './proof-types';
import { clip } from './spans';
import type { AllocationTerm } from './types';

/** Blocks whose altered second is looked for; each takes about a second of work. */
const MOST_SEARCHED = 5;

const at = (second: number) => new Date(second * 1000).toISOString().replace('.000Z', 'Z');
const percent = (ppm: number | null) => (ppm === null ? 'no sample' : `${ppm} ppm`);

function alteredBlock(key: string, block: ProofBlock, search: boolean): Finding {
  const second = search ? findAlteredSecond(block, encodeBlock(block.valuesPpm)) : null;
  const where = `the block of ${block.allocationId} at ${at(block.winStartS)}, revision ${block.rev}, has another digest`;
  const which = second
    ? `: second ${at(second.atS)} states ${percent(second.statedPpm)}, ${percent(second.sealedPpm)} was sealed`
    : '';
  return { code: 'block_altered', line: key, detail: where + which };
}

/** What a line states of its evidence. */
export interface StatedEvidence {
  key: string;
  blockCount: number;
  blocksDigest: string;
  /** First second of the line; null: not known. */
  fromS: number | null;
}

/** What did not hold, and the lines that lack blocks because those are past their retention, with how many are still there. */
export interface EvidenceCheck {
  findings: Finding[];
  expired: { line: string; blocks: number; kept: number }[];
}

/** Digest of a line's blocks: of one lease, or of all leases of a tiered line. */
function evidenceDigest(key: string, blocks: readonly ProofBlock[], engine: EngineVersion): string {
  if (!/(^|:)tiered:/.test(key)) return blocksDigest(blocks, engine);
  const leases = new Map<string, ProofBlock[]>();
  for (const block of blocks) {
    const own = leases.get(block.allocationId);
    if (own) own.push(block);
    else leases.set(block.allocationId, [block]);
  }
  return digestOfLeases(
    [...leases].map(([allocationId, own]) => {
      return { allocationId, blocks: own.length, digest: blocksDigest(own, engine) };
    }),
  );
}

/** The blocks of a lease, which stand behind a line of its own or behind the tiered line of its SKU. */
export function blocksOfTerm(evidence: Evidence, { id, sku }: { id: string; sku: string }): ProofBlock[] {
  const tiered = evidence.get(`tiered:${sku}`)?.filter((block) => block.allocationId === id);
  return [...(evidence.get(`usage:${id}`) ?? []), ...(tiered ?? [])];
}

/**
 * Every block's digest over its values, and each line's digest over its blocks. What was altered is named down to the
 * second, where one altered second explains it. Blocks from before `keptFromS` may be gone; those that are left must hold.
 */
export function checkEvidence(
  lines: readonly StatedEvidence[],
  evidence: Evidence,
  engine: EngineVersion,
  keptFromS: number,
): EvidenceCheck {
  const findings: Finding[] = [];
  const expired: EvidenceCheck['expired'] = [];
  let searched = 0;
  for (const { key, blockCount, blocksDigest: stated, fromS } of lines) {
    const blocks = evidence.get(key) ?? [];
    for (const block of blocks) {
      if (blockDigest(block, encodeBlock(block.valuesPpm)) === block.digest) continue;
      findings.push(alteredBlock(key, block, searched < MOST_SEARCHED));
      searched += 1;
    }
    if (blocks.length === blockCount && evidenceDigest(key, blocks, engine) === stated) continue;
    const isExpired = fromS !== null && fromS < keptFromS && blocks.length < blockCount;
    if (isExpired) {
      expired.push({ line: key, blocks: blockCount, kept: blocks.length });
      continue;
    }
    const detail = `${blocks.length} of ${blockCount} blocks, or other ones`;
    findings.push({ code: 'evidence_incomplete', line: key, detail });
  }
  return { findings, expired };
}

/** The merged samples of a lease inside a period; undefined for a lease billed by time, which needs none. */
export function usageOfTerm(
  term: AllocationTerm,
  period: { fromS: number; toS: number },
  blocks: readonly ProofBlock[],
): MergedSeconds | undefined {
  const window = clip({ fromS: term.startS, toS: term.endS }, period);
  if (term.mode !== 'utilization' || !window) return undefined;
  const merged = new MergedSeconds(window);
  for (const block of blocks) merged.addBlock(block.winStartS, block.rev, encodeBlock(block.valuesPpm));
  return merged;
}
