import type { Span } from '@suanxiang/domain/calendar';
import { BLOCK_SECONDS, MISSING_VALUE, PPM_PER_STEP } from '@suanxiang/domain/usage-block';

const CHUNK_S = 3600;
const NO_SAMPLE = -1;
const MOST_STEPS = 1_000_000 / PPM_PER_STEP;

interface Chunk {
  /** Utilization in ppm of each second, NO_SAMPLE where there is none. */
  ppm: Int32Array;
  /** Doubles, because a revision may be any safe integer. */
  rev: Float64Array;
}

/** The merge of one second: a join, so repeating and reordering it changes nothing. */
function merge(chunk: Chunk, index: number, ppm: number, rev: number): void {
  const known = chunk.ppm[index]!;
  const knownRev = chunk.rev[index]!;
  if (known === NO_SAMPLE || rev > knownRev || (rev === knownRev && ppm < known)) {
    chunk.ppm[index] = ppm;
    chunk.rev[index] = rev;
  }
}

/**
 * The one-second samples of one allocation, merged (S3): per second the highest revision wins, among equal revisions the
 * lowest utilization. The merge is commutative, associative and idempotent, so order, batches and re-delivery of samples
 * cannot matter. Seconds outside the window are ignored (S4). Holds 12 bytes per second of each hour that has samples.
 */
export class MergedSeconds {
  readonly #chunks = new Map<number, Chunk>();

  constructor(readonly window: Span = { fromS: -Infinity, toS: Infinity }) {}

  /** Adds `count` samples of one value at fromS, fromS + stepS, ... (stepS >= 1). ppm must be 0..1_000_000, rev >= 0. */
  addRun(fromS: number, count: number, stepS: number, ppm: number, rev: number): void {
    let index = Math.max(0, Math.ceil((this.window.fromS - fromS) / stepS));
    const end = Math.min(count, Math.ceil((this.window.toS - fromS) / stepS));
    while (index < end) {
      const key = Math.floor((fromS + index * stepS) / CHUNK_S);
      const chunk = this.#chunk(key);
      const baseS = key * CHUNK_S;
      for (; index < end && fromS + index * stepS < baseS + CHUNK_S; index += 1) {
        merge(chunk, fromS + index * stepS - baseS, ppm, rev);
      }
    }
  }

  /** Adds a usage block of 120 bytes whose first second is winStartS (a multiple of 60). Throws RangeError when malformed. */
  addBlock(winStartS: number, rev: number, bytes: Uint8Array): void {
    if (bytes.length !== BLOCK_SECONDS * 2 || winStartS % BLOCK_SECONDS !== 0) {
      throw new RangeError(`block at ${winStartS} is not 60 seconds of a minute`);
    }
    const key = Math.floor(winStartS / CHUNK_S);
    const base = winStartS - key * CHUNK_S;
    const first = Math.max(0, this.window.fromS - winStartS);
    const end = Math.min(BLOCK_SECONDS, this.window.toS - winStartS);
    const chunk = first < end ? this.#chunk(key) : null;
    for (let second = 0; second < BLOCK_SECONDS; second += 1) {
      const steps = (bytes[second * 2]! << 8) | bytes[second * 2 + 1]!;
      if (steps === MISSING_VALUE) continue;
      if (steps > MOST_STEPS) throw new RangeError(`block at ${winStartS}: value ${steps} is out of range`);
      if (chunk && second >= first && second < end) merge(chunk, base + second, steps * PPM_PER_STEP, rev);
    }
  }

  #chunk(key: number): Chunk {
    const known = this.#chunks.get(key);
    if (known) return known;
    const made = { ppm: new Int32Array(CHUNK_S).fill(NO_SAMPLE), rev: new Float64Array(CHUNK_S) };
    this.#chunks.set(key, made);
    return made;
  }

  /** Utilization in ppm of a second, or null when there is no sample. */
  at(second: number): number | null {
    const key = Math.floor(second / CHUNK_S);
    const ppm = this.#chunks.get(key)?.ppm[second - key * CHUNK_S] ?? NO_SAMPLE;
    return ppm === NO_SAMPLE ? null : ppm;
  }

  /**
   * Visits a span hour by hour in time order: values[i] is the second baseS + i in ppm (-1 = no sample) for i from
   * `begin` to before `end`, or values is null when the stretch has no sample at all.
   */
  visit(span: Span, visitor: (values: Int32Array | null, baseS: number, begin: number, end: number) => void): void {
    for (let fromS = span.fromS; fromS < span.toS; ) {
      const key = Math.floor(fromS / CHUNK_S);
      const baseS = key * CHUNK_S;
      const toS = Math.min(span.toS, baseS + CHUNK_S);
      visitor(this.#chunks.get(key)?.ppm ?? null, baseS, fromS - baseS, toS - baseS);
      fromS = toS;
    }
  }

  /** The merged values as bytes in a canonical form (hour, then 3,600 big-endian 32-bit values), for a digest. */
  *canonicalBytes(): Generator<Uint8Array> {
    for (const key of [...this.#chunks.keys()].sort((a, b) => a - b)) {
      if (this.#chunks.get(key)!.ppm.every((ppm) => ppm === NO_SAMPLE)) continue;
      const view = new DataView(new ArrayBuffer(8 + CHUNK_S * 4));
      view.setBigInt64(0, BigInt(key));
      this.#chunks.get(key)!.ppm.forEach((ppm, index) => {
        view.setInt32(8 + index * 4, ppm);
      });
      yield new Uint8Array(view.buffer);
    }
  }
}
