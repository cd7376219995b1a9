import { BLOCK_SECONDS, encodeBlock, type SecondPpm } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import type { DeliveredBlock } from '@suanxiang/metering/ingest/check-block';

/** How busy a past workload was. */
export type Profile = 'training' | 'inference' | 'notebook';

/** A run of one node and the seconds that were measured on it (half open, Unix seconds). */
export interface MeasuredRun {
  allocationId: string;
  zoneId: string;
  fromS: number;
  toS: number;
  profile: Profile;
  seed: number;
}

/** Thirty-two well-mixed bits of two numbers (the finalizer of MurmurHash3). */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Utilization of a second in steps of 100 ppm. */
function stepsAt({ profile, seed, fromS }: MeasuredRun, second: number): number {
  const noise = mix(seed, second);
  const age = second - fromS;
  if (profile === 'training') {
    if (age < 40 || age % (900 + (seed % 400)) < 25) return noise % 900;
    return (seed + second) % 7 === 0 ? 7_200 + (noise % 1_300) : 9_350 + (noise % 600);
  }
  if (profile === 'inference') {
    const hour = (second / 3600 + 8) % 24;
    const day = 0.5 - 0.5 * Math.cos(((hour - 4) / 24) * 2 * Math.PI);
    return Math.floor(900 + day * 6_200 + (mix(seed, Math.floor(second / 30)) % 1_200) + (noise % 500));
  }
  const isBusy = mix(seed, Math.floor(second / 240)) % 100 < 38;
  return isBusy ? 4_000 + (noise % 5_500) : noise % 40;
}

/** The block of a minute; seconds outside the measured ones are missing. */
export function blockOf(run: MeasuredRun, winStartS: number, seq: number): DeliveredBlock {
  const values: SecondPpm[] = [];
  for (let second = winStartS; second < winStartS + BLOCK_SECONDS; second += 1) {
    const isMeasured = second >= run.fromS && second < run.toS;
    values.push(isMeasured ? Math.min(10_000, stepsAt(run, second)) * 100 : null);
  }
  const bytes = encodeBlock(values);
  const key = { allocationId: run.allocationId, winStartS, rev: 0 };
  return { ...key, seq, bytes, digest: blockDigest(key, bytes), agentId: `sim-${run.zoneId}` };
}
