import { compareCosts, lostDeviceSeconds } from '../preemption/candidates';
import type { RunningWork } from '../queue/types';

/**
 * The stated rule of the spot price of a pool: at the floor while utilization is low, at the cap when the pool is full, in
 * between rising with the square of how far utilization has come; and never by more than a stated step at a time, so that nobody
 * is surprised. Whole numbers only, so that anybody can work it out again.
 */
export interface SpotRule {
  floorMicros: bigint;
  capMicros: bigint;
  /** Utilization up to which the floor holds, and from which the cap holds, in parts per million. */
  lowPpm: number;
  highPpm: number;
  /** Most that the price changes per step, in parts per million of the price before. */
  mostStepPpm: number;
}

const PPM = 1_000_000n;

/** The price that a utilization calls for, before smoothing. */
export function spotTarget(rule: SpotRule, utilizationPpm: number): bigint {
  const span = BigInt(rule.highPpm - rule.lowPpm);
  const come = BigInt(Math.max(0, Math.min(rule.highPpm - rule.lowPpm, Math.round(utilizationPpm) - rule.lowPpm)));
  return rule.floorMicros + ((rule.capMicros - rule.floorMicros) * come * come) / (span * span);
}

/**
 * The price of the next step, given the one before (null at the start). Always between floor and cap. Throws RangeError for a rule
 * that contradicts itself.
 */
export function nextSpotPrice(rule: SpotRule, beforeMicros: bigint | null, utilizationPpm: number): bigint {
  const { floorMicros, capMicros, lowPpm, highPpm, mostStepPpm } = rule;
  if (floorMicros < 0n || capMicros < floorMicros || lowPpm < 0 || highPpm <= lowPpm || mostStepPpm <= 0) {
    throw new RangeError('a spot rule needs 0 <= floor <= cap, 0 <= low < high utilization and a step above 0');
  }
  const target = spotTarget(rule, utilizationPpm);
  if (beforeMicros === null) return target;
  // At least one micro, or a price could never move again.
  const step = (beforeMicros * BigInt(mostStepPpm)) / PPM || 1n;
  const moved =
    target > beforeMicros + step ? beforeMicros + step : target < beforeMicros - step ? beforeMicros - step : target;
  return moved < floorMicros ? floorMicros : moved > capMicros ? capMicros : moved;
}

/** Spot work in the order in which it would be interrupted: low priority, little lost work, young, first. */
export function interruptionOrder(work: readonly RunningWork[], nowS: number): RunningWork[] {
  const cost = (one: RunningWork) => ({
    lostDeviceS: lostDeviceSeconds(one, nowS),
    ageS: nowS - one.startedAtS,
    count: 1,
  });
  return work
    .filter((one) => one.preemptible)
    .sort((a, b) => a.priority - b.priority || compareCosts(cost(a), cost(b)) || (a.workId < b.workId ? -1 : 1));
}
