import { taskMilli } from './node-room';
import { normalExcess } from './normal';
import type { TaskMix } from './task-mix';

/** How much vCPU (in thousandths) the tasks of a mix bring for each thousandth of a device, and how unevenly. */
export interface CpuNeed {
  mean: number;
  variance: number;
}

/** The need of a mix; null when its tasks take no devices or no vCPU with them. */
export function cpuNeed(mix: TaskMix): CpuNeed | null {
  let [devices, cpu] = [0, 0];
  for (const { shape, weight } of mix) {
    if (shape.deviceCount === 0) continue;
    devices += weight * taskMilli(shape);
    cpu += weight * shape.cpuMilli;
  }
  if (devices === 0 || cpu === 0) return null;
  const mean = cpu / devices;
  let variance = 0;
  for (const { shape, weight } of mix) {
    if (shape.deviceCount > 0) variance += (weight * (shape.cpuMilli - mean * taskMilli(shape)) ** 2) / devices;
  }
  return { mean, variance };
}

/**
 * Thousandths of a node's devices that are expected to stay unused for want of vCPU when the node is filled with tasks of
 * the mix: what all free devices are going to need is taken as normally distributed, and what it exceeds the free vCPU by
 * is divided by the mean need.
 */
export function expectedStranded(freeMilli: number, cpuMilli: number, need: CpuNeed | null): number {
  if (need === null || freeMilli === 0 || cpuMilli === Number.POSITIVE_INFINITY) return 0;
  const room = cpuMilli - need.mean * freeMilli;
  const deviation = Math.sqrt(need.variance * freeMilli);
  const missing = deviation === 0 ? Math.max(0, -room) : deviation * normalExcess(room / deviation);
  return missing / need.mean;
}
