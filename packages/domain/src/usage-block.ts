/**
 * The billing atom: one block holds the 60 one-second utilization values of one allocation and one minute.
 * Values are unsigned 16-bit big-endian counts of 100 ppm (0 = idle, 10 000 = 100 %); 0xFFFF means "not measured".
 * Nothing finer than the block exists, so a block is the whole evidence of its minute (docs/adr/0004).
 */
export const BLOCK_SECONDS = 60;
export const MISSING_VALUE = 0xffff;
export const PPM_PER_STEP = 100;
const MAX_STEPS = 10_000;

/** Utilization of one second in ppm (0..1_000_000, a multiple of 100), or null when it was not measured. */
export type SecondPpm = number | null;

/** Identifies a block: allocation, first second of its minute (Unix seconds, multiple of 60) and revision (0, 1, ...). */
export interface BlockKey {
  allocationId: string;
  winStartS: number;
  rev: number;
}

/** Quantises a utilization in ppm down to the resolution of a block. Throws RangeError outside 0..1_000_000. */
export function quantisePpm(ppm: number): number {
  if (!Number.isFinite(ppm) || ppm < 0 || ppm > 1_000_000)
    throw new RangeError(`utilization ${ppm} ppm is outside 0..1000000`);
  return Math.floor(ppm / PPM_PER_STEP) * PPM_PER_STEP;
}

/** Encodes exactly 60 values. Throws RangeError for a wrong count or a value that is not a multiple of 100 ppm in range. */
export function encodeBlock(values: readonly SecondPpm[]): Uint8Array {
  if (values.length !== BLOCK_SECONDS)
    throw new RangeError(`a block holds ${BLOCK_SECONDS} values, got ${values.length}`);
  const bytes = new Uint8Array(BLOCK_SECONDS * 2);
  values.forEach((ppm, second) => {
    const steps = ppm === null ? MISSING_VALUE : ppm / PPM_PER_STEP;
    if (ppm !== null && (!Number.isInteger(steps) || steps < 0 || steps > MAX_STEPS)) {
      throw new RangeError(`second ${second}: ${ppm} ppm is not a multiple of ${PPM_PER_STEP} in 0..1000000`);
    }
    bytes[second * 2] = steps >> 8;
    bytes[second * 2 + 1] = steps & 0xff;
  });
  return bytes;
}

/** Decodes a block. Throws RangeError when the length is not 120 bytes or a value is out of range. */
export function decodeBlock(bytes: Uint8Array): SecondPpm[] {
  if (bytes.length !== BLOCK_SECONDS * 2)
    throw new RangeError(`a block is ${BLOCK_SECONDS * 2} bytes, got ${bytes.length}`);
  const values: SecondPpm[] = [];
  for (let second = 0; second < BLOCK_SECONDS; second += 1) {
    const steps = (bytes[second * 2]! << 8) | bytes[second * 2 + 1]!;
    if (steps !== MISSING_VALUE && steps > MAX_STEPS)
      throw new RangeError(`second ${second}: value ${steps} is out of range`);
    values.push(steps === MISSING_VALUE ? null : steps * PPM_PER_STEP);
  }
  return values;
}

/** The 60 values of bytes that may have been damaged: what is not there or out of range is read as not measured. */
export function readableSeconds(bytes: Uint8Array): SecondPpm[] {
  return Array.from({ length: BLOCK_SECONDS }, (_, second) => {
    const steps = ((bytes[second * 2] ?? 0xff) << 8) | (bytes[second * 2 + 1] ?? 0xff);
    return steps > MAX_STEPS ? null : steps * PPM_PER_STEP;
  });
}

/** Number of measured seconds and the sum of their utilization in ppm (at most 6e7, safe as a number). */
export function summariseBlock(values: readonly SecondPpm[]): { measuredSeconds: number; sumPpm: number } {
  let measuredSeconds = 0;
  let sumPpm = 0;
  for (const ppm of values) {
    if (ppm === null) continue;
    measuredSeconds += 1;
    sumPpm += ppm;
  }
  return { measuredSeconds, sumPpm };
}
