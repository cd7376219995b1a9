import { isShare, WHOLE_DEVICE_MILLI } from './node-room';
import type { TaskMix } from './task-mix';

const ROUNDS = 800;
/** Of the rounds, those whose prices still wander are left out of the average. */
const WARM_UP = ROUNDS / 4;
const STEP = 0.05;

interface ShareSize {
  /** In units of the table below. */
  units: number;
  weight: number;
}

/** Worth of every free amount for given prices of the sizes: the dearest set of sizes that fits into it. */
function dearestSets(sizes: readonly ShareSize[], prices: Float64Array, worth: Float64Array, choice: Int16Array): void {
  worth[0] = 0;
  choice[0] = -1;
  for (let free = 1; free < worth.length; free += 1) {
    let best = worth[free - 1]!;
    let chosen = -1;
    for (let at = 0; at < sizes.length; at += 1) {
      const rest = free - sizes[at]!.units;
      if (rest >= 0 && worth[rest]! + prices[at]! > best + 1e-12) {
        best = worth[rest]! + prices[at]!;
        chosen = at;
      }
    }
    worth[free] = best;
    choice[free] = chosen;
  }
}

/** How many of each size the dearest set for a whole device has. */
function dearestSet(sizes: readonly ShareSize[], choice: Int16Array): number[] {
  const set = sizes.map(() => 0);
  for (let free = choice.length - 1; free > 0; ) {
    const chosen = choice[free]!;
    if (chosen < 0) free -= 1;
    else {
      set[chosen]! += 1;
      free -= sizes[chosen]!.units;
    }
  }
  return set;
}

/**
 * Prices at which no set of shares that fits into one device is worth more than the device, for shares that come in the
 * given proportions: the dual of packing them into as few devices as possible, by multiplicative weights. A size that
 * leaves a remainder nothing fits into is dear, one that fits into the remainders of others is cheap.
 */
function sharePrices(sizes: readonly ShareSize[], worth: Float64Array, choice: Int16Array): Float64Array {
  const prices = Float64Array.from(sizes, (size) => size.units);
  const sums = new Float64Array(sizes.length);
  for (let round = 0; round < ROUNDS; round += 1) {
    dearestSets(sizes, prices, worth, choice);
    const device = worth[worth.length - 1]!;
    if (round >= WARM_UP) for (let at = 0; at < sizes.length; at += 1) sums[at]! += prices[at]! / device;
    const served = dearestSet(sizes, choice).map((count, at) => count / sizes[at]!.weight);
    const most = Math.max(...served);
    let total = 0;
    for (let at = 0; at < sizes.length; at += 1) {
      prices[at]! *= Math.exp((-STEP * served[at]!) / most);
      total += prices[at]!;
    }
    for (let at = 0; at < sizes.length; at += 1) prices[at]! /= total;
  }
  return sums;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/**
 * What the free thousandths of a device are worth to the shares of a mix, by free thousandths: 1,000 for an untouched
 * device, 0 where no share fits, and for example 500 for 530 free where shares of 470 come often and in pairs.
 */
export function deviceWorth(mix: TaskMix): Float64Array {
  const weights = new Map<number, number>();
  for (const { shape, weight } of mix) {
    if (isShare(shape)) weights.set(shape.deviceMilli, (weights.get(shape.deviceMilli) ?? 0) + weight);
  }
  const result = new Float64Array(WHOLE_DEVICE_MILLI + 1);
  result[WHOLE_DEVICE_MILLI] = WHOLE_DEVICE_MILLI;
  if (weights.size === 0) return result;
  const unit = [...weights.keys()].reduce(divisor, WHOLE_DEVICE_MILLI);
  const sizes = [...weights]
    .sort(([a], [b]) => b - a)
    .map(([milli, weight]): ShareSize => ({ units: milli / unit, weight }));
  const worth = new Float64Array(WHOLE_DEVICE_MILLI / unit + 1);
  const choice = new Int16Array(worth.length);
  dearestSets(sizes, sharePrices(sizes, worth, choice), worth, choice);
  const scale = WHOLE_DEVICE_MILLI / worth[worth.length - 1]!;
  return result.map((_, milli) => worth[Math.floor(milli / unit)]! * scale);
}
