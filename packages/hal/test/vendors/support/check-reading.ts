import type { DeviceReading, ToolReading } from '@suanxiang/hal/vendors/shared/reading';
import { FIELDS } from '@suanxiang/hal/vendors/shared/units';
import { TOOLS } from '@suanxiang/hal/vendors/tools';
import { expect } from 'vitest';

export const MIB = 1024 ** 2;

const NUMBERS = Object.entries(FIELDS).filter(([, { dimension }]) => dimension !== 'text');

function checkDevice(device: DeviceReading): void {
  for (const [field, { min, max }] of NUMBERS) {
    const value = device[field as keyof DeviceReading] as number | null;
    if (value === null) continue;
    expect(Number.isSafeInteger(value) && value >= min && value <= max, `${field} is ${value}`).toBe(true);
  }
  expect(device.memory_used_bytes ?? 0).toBeLessThanOrEqual(device.memory_total_bytes ?? Number.POSITIVE_INFINITY);
  for (const slice of device.slices) {
    const { memory_total_bytes: total, memory_used_bytes: used, utilization_ppm: busy } = slice;
    for (const value of [total, used, busy, slice.index]) expect(value ?? 0).toBeGreaterThanOrEqual(0);
    expect(used ?? 0).toBeLessThanOrEqual(total ?? Number.POSITIVE_INFINITY);
    expect(busy ?? 0).toBeLessThanOrEqual(1_000_000);
  }
  for (const process of device.processes ?? []) {
    expect(Number.isSafeInteger(process.pid) && (process.memory_used_bytes ?? 0) >= 0).toBe(true);
  }
}

/** What holds for every reading, whatever was read: true numbers in their ranges, nothing that JSON would change. */
export function checkReading(reading: ToolReading): void {
  for (const device of reading.devices) checkDevice(device);
  expect(JSON.parse(JSON.stringify(reading))).toStrictEqual(reading);
}

/** Fields that a reading has although the tool's mapping table does not name them. */
export function unmappedFields(reading: ToolReading): string[] {
  const mapped = new Set<string>(TOOLS[reading.tool]!.mapping.map(({ to }) => to));
  const found = new Set<string>();
  for (const device of reading.devices) {
    for (const field of Object.keys(FIELDS)) {
      if (device[field as keyof DeviceReading] !== null && !mapped.has(field)) found.add(field);
    }
  }
  return [...found];
}
