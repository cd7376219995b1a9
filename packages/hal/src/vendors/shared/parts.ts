import type { ProcessReading, SliceReading } from './reading';
import { FIELDS } from './units';

/** The value if it lies in the range; zero has no sign. */
function within(value: number | null, { min, max }: { min: number; max: number }): number | null {
  if (value === null || !Number.isSafeInteger(value) || value < min || value > max) return null;
  return value === 0 ? 0 : value;
}

/** Processes with true numbers only, each once: without a process id it is none, memory that cannot be is unknown. */
export function plausibleProcesses(processes: readonly ProcessReading[] | null): ProcessReading[] | null {
  if (processes === null) return null;
  const latest = new Map<string, ProcessReading>();
  for (const process of processes) {
    if (!Number.isSafeInteger(process.pid) || process.pid <= 0) continue;
    const memory = within(process.memory_used_bytes, FIELDS.memory_used_bytes);
    latest.set(`${process.pid} ${process.name}`, { ...process, memory_used_bytes: memory });
  }
  return [...latest.values()];
}

/** Slices with true numbers only. */
export function plausibleSlices(slices: readonly SliceReading[]): SliceReading[] {
  return slices.map((slice) => {
    const total = within(slice.memory_total_bytes, FIELDS.memory_total_bytes);
    const used = within(slice.memory_used_bytes, FIELDS.memory_used_bytes);
    return {
      ...slice,
      index: within(slice.index, FIELDS.index),
      gpu_instance_id: within(slice.gpu_instance_id, FIELDS.index),
      compute_instance_id: within(slice.compute_instance_id, FIELDS.index),
      memory_total_bytes: total,
      memory_used_bytes: used !== null && total !== null && used > total ? null : used,
      utilization_ppm: within(slice.utilization_ppm, FIELDS.utilization_ppm),
    };
  });
}
