import { acceleratorModel } from '@suanxiang/domain/accelerators';
import type { LiveSample } from '@suanxiang/hal/driver';
import { secondOf } from '../engine/segments';
import { type Allocation, currentOffset, type State } from '../engine/state';
import type { Topology } from '../topology/build';
import { between, hashPair } from '../topology/hash';
import { sourceOf } from './blocks';
import { type UsageSource, utilizationPpm } from './profile';

/** Live samples reach this far back. */
const HISTORY_S = 120;
const IDLE_POWER_PERCENT = 13;

/** Share of the memory in use, in percent: training and serving fill it, people do not. */
function memoryPercent({ seed, profile }: UsageSource, second: number): number {
  const level = hashPair(seed, 7);
  if (profile === 'training') return between(level, 82, 96);
  if (profile === 'inference') return between(level, 86, 92);
  if (profile === 'notebook') return between(hashPair(seed ^ 0x77, Math.floor(second / 300)), 8, 55);
  return 1;
}

/** Scatter of one device around the allocation's value; pairs of devices cancel out. */
function devicePpm(seed: number, second: number, index: number, count: number, ppm: number): number {
  if (ppm === 0 || count === 1) return ppm;
  const swing = between(hashPair(seed + (index >> 1), second), 0, 24) * 100;
  const isLastOfOdd = index === count - 1 && count % 2 === 1;
  const value = isLastOfOdd ? ppm : ppm + (index % 2 === 0 ? swing : -swing);
  return Math.min(1_000_000, Math.max(0, value));
}

function sampleAt(topology: Topology, allocation: Allocation, source: UsageSource, second: number): LiveSample {
  const devices = allocation.spec.deviceIds.map((id) => topology.devices.get(id)!.device);
  const model = acceleratorModel(devices[0]!.modelId);
  const ppm = utilizationPpm(source, second, second - (allocation.measuredFromS ?? second));
  const load = ppm / 1_000_000;
  const wattsEach = model.powerW === null ? null : (model.powerW * (IDLE_POWER_PERCENT + 83 * load)) / 100;
  const drift = between(hashPair(source.seed ^ 0x11, Math.floor(second / 5)), 0, 3_000);
  return {
    allocationId: allocation.id,
    atS: second,
    utilizationPpm: ppm,
    memoryUsedBytes: Math.floor((model.memoryBytes * devices.length * memoryPercent(source, second)) / 100),
    powerMilliwatt: wattsEach === null ? null : Math.round(wattsEach * devices.length * 1_000),
    temperatureMilliCelsius: 36_000 + Math.round(34_000 * load) + drift,
    devicesPpm: devices.map(({ index }, position) =>
      devicePpm(source.seed + index, second, position, devices.length, ppm),
    ),
  };
}

/** The complete seconds of an allocation after billing second `sinceS`, at most the last two minutes. */
export function readLive(state: State, topology: Topology, allocation: Allocation, sinceS: number): LiveSample[] {
  const { measuredFromS, measuredToS } = allocation;
  if (measuredFromS === null) return [];
  const nowS = secondOf(state.nowMs) + currentOffset(allocation);
  const toS = Math.min(nowS, measuredToS ?? nowS);
  const fromS = Math.max(sinceS + 1, nowS - HISTORY_S, measuredFromS);
  const source = sourceOf(topology.seed, allocation);
  const samples: LiveSample[] = [];
  for (let second = fromS; second < toS; second += 1) samples.push(sampleAt(topology, allocation, source, second));
  return samples;
}
