import { ACCELERATOR_VENDORS } from '@suanxiang/domain/accelerator-vendors';
import { acceleratorModel } from '@suanxiang/domain/accelerators';
import type { LogChunk, LogQuery } from '@suanxiang/hal/driver';
import type { Allocation, State } from '../engine/state';
import type { Topology } from '../topology/build';
import { between, hashPair } from '../topology/hash';
import { sourceOf } from './blocks';
import type { UsageSource } from './profile';

/** A running workload writes a line this often. */
const LINE_EVERY_MS = 5_000;
/** The engine keeps this many of the newest lines for a reader who comes late. */
const KEPT_LINES = 1_000;
const PAGE_LINES = 200;

interface Line {
  atMs: number;
  text: string;
}

const PHASE_DONE: Record<string, string> = {
  pulling_image: 'image pulled',
  creating_network: 'network ready, address assigned',
  attaching_devices: 'devices attached',
  booting: 'init started',
  verifying: 'health check passed, accepting connections',
};

function bootLines(topology: Topology, allocation: Allocation): Line[] {
  const { boot, spec } = allocation;
  if (!boot) return [];
  const lines: Line[] = [{ atMs: boot.startedAtMs, text: `pulling ${spec.image}` }];
  const failedPhase = boot.fault ? boot.phases.at(-1)?.[0] : null;
  for (const [phase, endsAtMs] of boot.phases) {
    if (phase === failedPhase) lines.push({ atMs: endsAtMs, text: `error: ${boot.fault?.message ?? phase}` });
    else lines.push({ atMs: endsAtMs, text: PHASE_DONE[phase] ?? phase });
    if (phase !== 'attaching_devices') continue;
    for (const id of spec.deviceIds) {
      const { device } = topology.devices.get(id)!;
      const model = acceleratorModel(device.modelId);
      lines.push({ atMs: endsAtMs, text: `${model.name.en} [${device.index}] ${device.pci} ${device.uuid}` });
    }
  }
  return lines;
}

function trainingLine(source: UsageSource, number: number): string {
  const step = number * between(hashPair(source.seed, 11), 1, 4);
  // A loss that falls like a power of the step, with noise: 11.2 / (1 + step/40)^0.3 + 1.4.
  const loss = 1.4 + 9.8 / (1 + step / 40) ** 0.3 + (hashPair(source.seed, number) % 100) / 2_000;
  const rate = between(hashPair(source.seed ^ 0x2b, number), 9_400, 10_900);
  return `step ${step} | loss ${loss.toFixed(4)} | lr 3.00e-04 | grad norm ${(0.2 + (rate % 97) / 200).toFixed(3)} | ${rate} tokens/s/device`;
}

function inferenceLine(source: UsageSource, number: number): string {
  const noise = hashPair(source.seed, number);
  const running = between(noise, 3, 64);
  const cache = between(noise >>> 8, 120, 870) / 10;
  return `throughput: prompt ${between(noise >>> 4, 800, 9_000)} tokens/s, generation ${running * between(noise >>> 6, 21, 38)} tokens/s, running ${running}, waiting ${noise % 7}, cache ${cache.toFixed(1)} %`;
}

function workLine(topology: Topology, allocation: Allocation, source: UsageSource, number: number): string {
  if (number === 0) {
    const { deviceIds, environment } = allocation.spec;
    const { device } = topology.devices.get(deviceIds[0] ?? '')!;
    const vendor = ACCELERATOR_VENDORS[acceleratorModel(device.modelId).vendorClass];
    const world = environment.WORLD_SIZE ?? String(deviceIds.length);
    return `${vendor.collectiveLibrary}: rank ${environment.NODE_RANK ?? '0'}, world size ${world}, device type ${vendor.pytorchDevice}`;
  }
  if (source.profile === 'training') return trainingLine(source, number);
  if (source.profile === 'inference') return inferenceLine(source, number);
  return `kernel ${source.profile === 'idle' ? 'idle' : 'alive'}, ${number * 5} s up`;
}

function endLine(allocation: Allocation): Line | null {
  if (allocation.stoppedAtMs === null) return null;
  const text = allocation.fault ? `error: ${allocation.fault.message}` : 'signal 15 received, shut down cleanly';
  return { atMs: allocation.stoppedAtMs, text };
}

/** Number of the first line that is asked for: at the cursor, or the oldest kept that the query's limits let through. */
function firstLine({ cursor, tail, sinceMs }: LogQuery, total: number, timeOf: (number: number) => number): number {
  if (cursor != null) return Number(cursor);
  let from = Math.max(0, total - Math.min(tail ?? KEPT_LINES, KEPT_LINES));
  while (sinceMs !== undefined && from < total && timeOf(from) < sinceMs) from += 1;
  return from;
}

/**
 * Lines of an allocation after a cursor (null: from the oldest kept), written as they are asked for. The cursor is the
 * number of lines before it. Throws RangeError for a cursor that was not given out.
 */
export function readLogs(state: State, topology: Topology, allocation: Allocation, query: LogQuery): LogChunk {
  const { startedAtMs } = allocation;
  const boot = allocation.spec.deviceIds.length > 0 ? bootLines(topology, allocation) : [];
  const seen = boot.filter(({ atMs }) => atMs <= Math.min(state.nowMs, allocation.stoppedAtMs ?? state.nowMs));
  const untilMs = allocation.stoppedAtMs ?? state.nowMs;
  const work = startedAtMs === null ? 0 : Math.floor((untilMs - startedAtMs) / LINE_EVERY_MS) + 1;
  const end = endLine(allocation);
  const total = seen.length + work + (end ? 1 : 0);
  const source = sourceOf(topology.seed, allocation);
  function timeOf(number: number): number {
    const worked = number - seen.length;
    if (worked < 0) return seen[number]!.atMs;
    return worked < work ? (startedAtMs ?? 0) + worked * LINE_EVERY_MS : (end?.atMs ?? untilMs);
  }
  const from = firstLine(query, total, timeOf);
  if (!Number.isInteger(from) || from < 0 || from > total)
    throw new RangeError(`log cursor "${query.cursor}" is not valid`);
  const lines: Line[] = [];
  for (let number = from; number < Math.min(total, from + PAGE_LINES); number += 1) {
    const worked = number - seen.length;
    if (worked < 0) lines.push(seen[number]!);
    else if (worked >= work) lines.push(end!);
    else lines.push({ atMs: timeOf(number), text: workLine(topology, allocation, source, worked) });
  }
  const next = from + lines.length;
  const over = ['stopped', 'failed', 'terminated'].includes(allocation.state);
  return { lines, nextCursor: over && next >= total ? null : String(next) };
}
