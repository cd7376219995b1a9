import { quantisePpm, type SecondPpm } from '@suanxiang/domain/usage-block';
import type { Meter } from '../state/model';

/** A workload that ended is taken to have gone on as it was for at most this long after its last reading. */
const CARRY_S = 2;

export interface Reading {
  /** Unix milliseconds. */
  atMs: number;
  usedUs: number;
}

/**
 * The seconds that are complete at a reading and not measured yet: each gets the mean rate since the reading before, as a
 * part of what the workload may use. The counter is the kernel's, so seconds in which the agent was away are measured, too.
 * `steppedMs`: by how much the wall clock was set ahead since; those seconds never happened and are missing.
 */
export function secondsSince(meter: Meter, reading: Reading, processors: number, steppedMs = 0): SecondPpm[] {
  const count = Math.floor(reading.atMs / 1_000) - meter.nextS;
  if (count <= 0) return [];
  const elapsedUs = (reading.atMs - meter.readAtMs - Math.max(0, steppedMs)) * 1_000;
  const rate = elapsedUs > 0 ? (reading.usedUs - meter.usedUs) / (elapsedUs * processors) : 0;
  const ppm = quantisePpm(Math.min(1_000_000, Math.max(0, Math.round(rate * 1_000_000))));
  const missing = Math.min(count, Math.ceil(Math.max(0, steppedMs - 1_000) / 1_000));
  return Array.from({ length: count }, (_, index) => (index < missing ? null : ppm));
}

/** The seconds from the last reading to the end of a workload, which took its counters with it. */
export function lastSeconds(meter: Meter, endedAtMs: number): SecondPpm[] {
  const count = Math.floor(endedAtMs / 1_000) - meter.nextS;
  if (count <= 0) return [];
  const seenS = Math.floor(meter.readAtMs / 1_000);
  return Array.from({ length: count }, (_, index) =>
    meter.nextS + index < seenS + CARRY_S ? (meter.lastPpm ?? 0) : null,
  );
}
