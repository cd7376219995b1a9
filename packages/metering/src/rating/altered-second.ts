import { Buffer } from 'node:buffer';
import { MISSING_VALUE, PPM_PER_STEP } from '@suanxiang/domain/usage-block';
import { sha256Hex } from '@suanxiang/domain/usage-digest';

/** A usage block and the digest that it should have. */
interface SuspectBlock {
  allocationId: string;
  winStartS: number;
  rev: number;
  digest: string;
}

/** The one second of a block that was changed after it was sealed. Utilization in ppm; null: no sample. */
export interface AlteredSecond {
  atS: number;
  statedPpm: number | null;
  sealedPpm: number | null;
}

const MOST_STEPS = 1_000_000 / PPM_PER_STEP;

const ppmOf = (steps: number) => (steps === MISSING_VALUE ? null : steps * PPM_PER_STEP);

/**
 * Finds which single second of a block, set back to which value, gives the digest that was sealed; null when no one change
 * does. A digest tells only that a block was altered, but a second has ten thousand values and a block sixty seconds, so that
 * all of them can be tried: about a second of work.
 */
export function findAlteredSecond(block: SuspectBlock, bytes: Uint8Array): AlteredSecond | null {
  const hex = Buffer.from(bytes).toString('hex');
  const text = `block/1\n${block.allocationId}\n${block.winStartS}\n${block.rev}\n`;
  for (let second = 0; second * 2 < bytes.length; second += 1) {
    const head = text + hex.slice(0, second * 4);
    const tail = hex.slice(second * 4 + 4);
    for (let step = -1; step <= MOST_STEPS; step += 1) {
      const steps = step < 0 ? MISSING_VALUE : step;
      if (sha256Hex(head + steps.toString(16).padStart(4, '0') + tail) !== block.digest) continue;
      const stated = (bytes[second * 2]! << 8) | bytes[second * 2 + 1]!;
      return { atS: block.winStartS + second, statedPpm: ppmOf(stated), sealedPpm: ppmOf(steps) };
    }
  }
  return null;
}
