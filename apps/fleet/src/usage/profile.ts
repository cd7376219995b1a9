import type { AllocationSpec } from '@suanxiang/hal/driver';
import { between, hashPair, hashText } from '../topology/hash';

/** What a workload looks like to a utilization counter. */
export const PROFILES = ['training', 'inference', 'notebook', 'idle'] as const;
export type Profile = (typeof PROFILES)[number];

/** The source of one allocation's values: everything follows from these two and the second. */
export interface UsageSource {
  /** Of the fleet and the allocation's id together. */
  seed: number;
  profile: Profile;
}

/** Seed of an allocation. */
export function usageSeed(fleetSeed: number, allocationId: string): number {
  return hashText(allocationId, fleetSeed);
}

const INFERENCE_IMAGE = /vllm|sglang|triton|tgi|lmdeploy|mindie|fastdeploy|infer|serv/i;
const NOTEBOOK_IMAGE = /jupyter|notebook|code-server/i;

function isProfile(text: string | undefined): text is Profile {
  return (PROFILES as readonly (string | undefined)[]).includes(text);
}

/** The profile of an allocation: SIM_PROFILE in its environment, else what its image suggests, else by chance. */
export function chooseProfile(fleetSeed: number, spec: AllocationSpec): Profile {
  const asked = spec.environment.SIM_PROFILE;
  if (isProfile(asked)) return asked;
  if (INFERENCE_IMAGE.test(spec.image)) return 'inference';
  if (NOTEBOOK_IMAGE.test(spec.image)) return 'notebook';
  const chance = hashPair(usageSeed(fleetSeed, spec.allocationId), 1) % 100;
  if (chance < 60) return 'training';
  if (chance < 88) return 'inference';
  return chance < 96 ? 'notebook' : 'idle';
}

/** Steps of forward, backward and all-reduce; every 10 to 25 minutes a checkpoint, now and then a stalled loader. */
function training(seed: number, second: number, age: number): number {
  const noise = hashPair(seed, second);
  if (age < 30) return between(noise, 2_000, 90_000);
  const checkpointEvery = between(hashPair(seed, 2), 600, 1_500);
  const checkpointLength = between(hashPair(seed, 3), 12, 40);
  if (age % checkpointEvery >= checkpointEvery - checkpointLength) return between(noise, 20_000, 90_000);
  if (noise % 397 === 0) return between(noise >>> 9, 300_000, 600_000);
  const stepLength = between(hashPair(seed, 4), 2, 9);
  return age % stepLength === stepLength - 1 ? between(noise, 690_000, 860_000) : between(noise, 930_000, 997_000);
}

/** Requests: a day's rise and fall, swells of half a minute, and the scatter of single requests. */
function inference(seed: number, second: number): number {
  const day = 86_400;
  const peakAt = between(hashPair(seed, 5), 10 * 3_600, 22 * 3_600);
  const fromPeak = Math.abs((((second - peakAt) % day) + day) % day);
  const distance = Math.min(fromPeak, day - fromPeak);
  const base = 680_000 - Math.floor((distance * 540_000) / (day / 2));
  const swell = between(hashPair(seed ^ 0x55, Math.floor(second / 30)), 0, 160_000) - 80_000;
  const noise = hashPair(seed, second);
  const scatter = (noise & 0xff) + ((noise >>> 8) & 0xff) + ((noise >>> 16) & 0xff) + (noise >>> 24) - 510;
  return base + swell + scatter * 300;
}

/** Somebody thinks for some minutes and computes for some. */
function notebook(seed: number, second: number): number {
  const noise = hashPair(seed, second);
  const busy = hashPair(seed ^ 0x33, Math.floor(second / 180)) % 100 < 35;
  return busy ? between(noise, 350_000, 960_000) : 0;
}

function idle(seed: number, second: number): number {
  const noise = hashPair(seed, second);
  return noise % 311 === 0 ? between(noise >>> 9, 5_000, 30_000) : 0;
}

const VALUES: Record<Profile, (seed: number, second: number, age: number) => number> = {
  training,
  inference,
  notebook,
  idle,
};

/**
 * Utilization of one billing second in ppm, a multiple of 100 in 0..1,000,000. `age`: seconds since the first measured
 * one. A pure function: the same second has the same value whenever it is asked for.
 */
export function utilizationPpm({ seed, profile }: UsageSource, second: number, age: number): number {
  const ppm = VALUES[profile](seed, second, age);
  return Math.floor(Math.min(1_000_000, Math.max(0, ppm)) / 100) * 100;
}
