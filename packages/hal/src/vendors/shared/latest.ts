import type { Notes } from './notes';
import type { DeviceReading } from './reading';
import { pciKey } from './values';

/** Everything that tells a device from others; null when the source says nothing of the kind. */
function identity({ uuid, pci, position, index }: DeviceReading): string | null {
  if (uuid === null && pci === null && position === null && index === null) return null;
  return JSON.stringify([uuid, pci && pciKey(pci), position, pci && (uuid ?? position) ? null : index]);
}

/** An output that a loop or a pager printed again and again has the same devices many times: the last reading counts. */
export function keepLatest(devices: readonly DeviceReading[], notes: Notes): DeviceReading[] {
  const latest = new Map<string, DeviceReading>();
  devices.forEach((device, at) => {
    const key = identity(device) ?? `#${at}`;
    const first = latest.get(key);
    latest.set(key, first ? { ...device, index: first.index } : device);
  });
  if (latest.size < devices.length) notes.add('Devices stand in the input more than once; the last reading counts.');
  return [...latest.values()];
}
