import { faultReading, gravest } from '../../faults/catalogue';
import type { Severity } from '../../faults/severity';
import type { Draft } from './draft';
import { plausibleProcesses, plausibleSlices } from './parts';
import type { DeviceReading, Health, LoggedFault, Vendor } from './reading';

/** Reasons for a lower clock that are a fault when they last; being idle, capped or set so by hand are none. */
const HARMFUL_THROTTLE: Readonly<Record<string, string>> = {
  hw_slowdown: 'throttle-hardware',
  hw_power_brake_slowdown: 'throttle-power',
  hw_thermal_slowdown: 'throttle-thermal',
  sw_thermal_slowdown: 'throttle-thermal',
  thermal: 'throttle-thermal',
};

const HEALTH_OF: Readonly<Record<Severity, Health>> = {
  info: 'ok',
  degraded: 'degraded',
  drain: 'degraded',
  failed: 'failed',
};

const GRAVITY: readonly Health[] = ['unknown', 'ok', 'degraded', 'failed'];

/** True when the device answered with something that changes while it lives. */
function isAlive(device: DeviceReading): boolean {
  const { utilization_ppm, power_milliwatt, temperature_milli_celsius, memory_used_bytes, clock_core_khz, link_up } =
    device;
  return [utilization_ppm, power_milliwatt, temperature_milli_celsius, memory_used_bytes, clock_core_khz, link_up].some(
    (value) => value !== null,
  );
}

/** Conditions that the readings themselves show. */
function addReadingFaults(draft: Draft): void {
  const { reading, faults } = draft;
  for (const reason of reading.throttle_reasons ?? []) {
    const code = HARMFUL_THROTTLE[reason];
    if (code) faults.add(code);
  }
  const eccKnown = ['ecc-uncorrected', 'ecc-uncorrected-earlier', 'ras-uncorrectable'].some((code) => faults.has(code));
  if ((reading.ecc_uncorrected_total ?? 0) > 0 && !eccKnown) faults.add('ecc-uncorrected');
  if (reading.link_up !== null && reading.link_total !== null && reading.link_up < reading.link_total) {
    faults.add('link-down');
  }
}

/** The finished device: faults with their meanings, health from them, from the vendor's word and from being alive. */
export function concludeDevice(draft: Draft, vendor: Vendor): DeviceReading {
  addReadingFaults(draft);
  const device = draft.reading;
  const { memory_used_bytes: used, memory_total_bytes: total } = device;
  if (used !== null && total !== null && used > total) {
    draft.notes.add(`More memory in use than there is, used left out: ${draft.name}.`);
    device.memory_used_bytes = null;
  }
  device.processes = plausibleProcesses(device.processes);
  device.slices = plausibleSlices(device.slices);
  device.faults = [...draft.faults].map((code) => faultReading(vendor, code));
  const worst = gravest(device.faults.map((fault) => fault.severity));
  const fromFaults = worst ? HEALTH_OF[worst] : 'unknown';
  const fromLife = isAlive(device) ? 'ok' : 'unknown';
  const words = [draft.vendorHealth ?? 'unknown', fromFaults, draft.vendorHealth === 'unknown' ? 'unknown' : fromLife];
  device.health = GRAVITY[Math.max(...words.map((word) => GRAVITY.indexOf(word as Health)))]!;
  return device;
}

/** Faults of devices in the form of logged ones, for readers that want all in one list. */
export const loggedFaults = (devices: readonly DeviceReading[]): LoggedFault[] =>
  devices.flatMap(({ faults, pci, uuid, serial }) =>
    faults.map((fault) => ({ ...fault, pci, uuid, serial, count: 1 })),
  );
