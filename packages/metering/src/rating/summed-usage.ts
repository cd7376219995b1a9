import type { Span } from '@suanxiang/domain/calendar';
import type { MergedSeconds } from './merged-seconds';

/** Sums over the measured seconds of a stretch of one allocation. */
export interface SecondSums {
  measuredSeconds: number;
  /** Sum of max(floor, utilization) over the measured seconds, in ppm. */
  flooredPpm: number;
  /** Measured seconds of which that is above 0. */
  weighedSeconds: number;
}

export const NO_SECONDS: SecondSums = { measuredSeconds: 0, flooredPpm: 0, weighedSeconds: 0 };

export function addSums(a: SecondSums, b: SecondSums): SecondSums {
  return {
    measuredSeconds: a.measuredSeconds + b.measuredSeconds,
    flooredPpm: a.flooredPpm + b.flooredPpm,
    weighedSeconds: a.weighedSeconds + b.weighedSeconds,
  };
}

/** Adds up the merged seconds of a span, and the plain sum of their utilization in ppm. */
export function sumSeconds(usage: MergedSeconds, span: Span, floorPpm: number): SecondSums & { sumPpm: number } {
  const sums = { ...NO_SECONDS, sumPpm: 0 };
  usage.visit(span, (values, _baseS, begin, end) => {
    for (let i = begin; values && i < end; i += 1) {
      const ppm = values[i]!;
      if (ppm < 0) continue;
      sums.measuredSeconds += 1;
      sums.sumPpm += ppm;
      const weight = Math.max(ppm, floorPpm);
      sums.flooredPpm += weight;
      if (weight > 0) sums.weighedSeconds += 1;
    }
  });
  return sums;
}

/**
 * The samples of one allocation as sums over the very stretches that rating weighs, in place of each second: enough wherever
 * no gap is filled with the value before it. The stretches are those of `spansOf` (pieces.ts).
 */
export class SummedUsage {
  readonly #stretches = new Map<number, { toS: number; sums: SecondSums }>();

  add({ fromS, toS }: Span, sums: SecondSums): void {
    this.#stretches.set(fromS, { toS, sums });
  }

  /** Sums of a stretch. Throws RangeError when it was cut elsewhere: sums cannot be cut. */
  sumOf({ fromS, toS }: Span): SecondSums {
    const found = this.#stretches.get(fromS);
    if (found?.toS !== toS) throw new RangeError(`usage was not added up for ${fromS} to ${toS}`);
    return found.sums;
  }
}
