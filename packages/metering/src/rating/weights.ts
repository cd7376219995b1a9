import type { Span } from '@suanxiang/domain/calendar';
import type { MergedSeconds } from './merged-seconds';
import { SummedUsage } from './summed-usage';
import type { AllocationTerm } from './types';

/** Sums over a stretch of seconds. All are safe integers: a century of full load is 3.2e15 ppm-seconds. */
export interface WeightSum {
  ppmSeconds: number;
  /** Seconds with a weight above 0. */
  weighedSeconds: number;
  measuredSeconds: number;
}

/** Weighs the seconds of one allocation in time order (S5); remembers the last sample for gap policy `hold`. */
export interface Weigher {
  /** Sums the next stretch; stretches come in time order and do not overlap. */
  weigh(span: Span): WeightSum;
}

/** Full weight for every second; samples only count as seen. */
function allocatedWeigher(usage: MergedSeconds | undefined): Weigher {
  return {
    weigh(span) {
      const seconds = span.toS - span.fromS;
      let measuredSeconds = 0;
      usage?.visit(span, (values, _baseS, begin, end) => {
        for (let i = begin; values && i < end; i += 1) if (values[i]! >= 0) measuredSeconds += 1;
      });
      return { ppmSeconds: seconds * 1_000_000, weighedSeconds: seconds, measuredSeconds };
    },
  };
}

function utilizationWeigher(term: AllocationTerm, usage: MergedSeconds | undefined): Weigher {
  const { floorPpm, gapPolicy, holdSeconds } = term;
  const gapPpm = gapPolicy === 'floor' ? floorPpm : 0;
  let heldPpm = 0;
  /** Second before which a gap is still filled with heldPpm. */
  let heldUntilS = -Infinity;
  const weighGap = (sum: WeightSum, fromS: number, toS: number) => {
    const held = Math.max(0, Math.min(toS, heldUntilS) - fromS);
    sum.ppmSeconds += held * heldPpm + (toS - fromS - held) * gapPpm;
    sum.weighedSeconds += (heldPpm > 0 ? held : 0) + (gapPpm > 0 ? toS - fromS - held : 0);
  };
  return {
    weigh(span) {
      const sum: WeightSum = { ppmSeconds: 0, weighedSeconds: 0, measuredSeconds: 0 };
      if (!usage) weighGap(sum, span.fromS, span.toS);
      usage?.visit(span, (values, baseS, begin, end) => {
        if (!values) return weighGap(sum, baseS + begin, baseS + end);
        for (let i = begin; i < end; i += 1) {
          const sample = values[i]!;
          if (sample < 0) {
            weighGap(sum, baseS + i, baseS + i + 1);
            continue;
          }
          const weight = Math.max(sample, floorPpm);
          sum.ppmSeconds += weight;
          sum.measuredSeconds += 1;
          if (weight > 0) sum.weighedSeconds += 1;
          if (gapPolicy === 'hold') {
            heldPpm = weight;
            heldUntilS = baseS + i + 1 + holdSeconds;
          }
        }
      });
      return sum;
    },
  };
}

/** Weighs sums: a gap may be filled with 0 or the floor, but not with the value before it, which sums do not know. */
function summedWeigher({ id, floorPpm, gapPolicy }: AllocationTerm, usage: SummedUsage): Weigher {
  const gapPpm = gapPolicy === 'floor' ? floorPpm : 0;
  return {
    weigh(span) {
      const { measuredSeconds, flooredPpm, weighedSeconds } = usage.sumOf(span);
      const gap = span.toS - span.fromS - measuredSeconds;
      if (gapPolicy === 'hold' && gap > 0) throw new RangeError(`${id} has gaps that sums cannot fill`);
      return {
        ppmSeconds: flooredPpm + gap * gapPpm,
        weighedSeconds: weighedSeconds + (gapPpm > 0 ? gap : 0),
        measuredSeconds,
      };
    },
  };
}

/** A fresh weigher for one allocation and one period (a value is never held across periods). */
export function weigherOf(term: AllocationTerm, usage: MergedSeconds | SummedUsage | undefined): Weigher {
  if (usage instanceof SummedUsage) return summedWeigher(term, usage);
  return term.mode === 'allocated' ? allocatedWeigher(usage) : utilizationWeigher(term, usage);
}
