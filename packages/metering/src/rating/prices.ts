import { microPerMinor } from '@suanxiang/domain/money';
import type { Rational } from '@suanxiang/domain/rational';
import { rational } from '@suanxiang/domain/rational';
import type { PriceRow } from './types';

const PPM = 1_000_000n;
const HOUR_S = 3600n;

/** The second from which a row can apply: nobody pays a price before it was published. */
export function effectiveS(row: PriceRow): number {
  return Math.max(row.fromS, row.publishedS ?? row.fromS);
}

/** Prices of one SKU over time: which row is in force at a second (S6). */
export interface PriceTimeline {
  /** Seconds at which another row comes into force, ascending. */
  startsS: number[];
  /** The row with the greatest effective time <= the second, or null before the first. */
  at(second: number): PriceRow | null;
}

/**
 * The timeline of one SKU. Among rows that take effect in the same second the one published last wins (a correction
 * replaces what it corrects), then the one with the later `from`, then the later in the list.
 */
export function timelineOf(rows: readonly PriceRow[], sku: string): PriceTimeline {
  const ordered = rows
    .filter((row) => row.sku === sku)
    .map((row, index) => ({ row, index, startS: effectiveS(row), publishedS: row.publishedS ?? row.fromS }))
    .sort(
      (a, b) => a.startS - b.startS || a.publishedS - b.publishedS || a.row.fromS - b.row.fromS || a.index - b.index,
    );
  const winners = ordered.filter((entry, index) => ordered[index + 1]?.startS !== entry.startS);
  const startsS = winners.map((entry) => entry.startS);
  return {
    startsS,
    at(second) {
      let low = 0;
      let high = winners.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (startsS[middle]! <= second) low = middle + 1;
        else high = middle;
      }
      return winners[low - 1]?.row ?? null;
    },
  };
}

/** Cost in minor units of a quantity (GPU x ppm x seconds) at a price per GPU-hour in a currency of this exponent (S7). */
export function costOf(qty: Rational, microPerGpuHour: bigint, exponent: number): Rational {
  return rational(qty.num * microPerGpuHour, qty.den * PPM * HOUR_S * microPerMinor(exponent));
}

/** A quantity in GPU x ppm x seconds. */
export function quantityOf(gpus: Rational, ppmSeconds: number): Rational {
  return rational(gpus.num * BigInt(ppmSeconds), gpus.den);
}
