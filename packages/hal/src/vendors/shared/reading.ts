import type { VendorClass } from '@suanxiang/domain/accelerator-vendors';

/** Vendors whose tools can be read: those with a class in the catalogue, and those that only run in other people's fleets. */
export type Vendor = VendorClass | 'intel' | 'biren';

export const HEALTH_STATES = ['ok', 'degraded', 'failed', 'unknown'] as const;
export type Health = (typeof HEALTH_STATES)[number];

/** A process that holds device memory, as far as the tool tells. */
export interface ProcessReading {
  pid: number;
  name: string | null;
  memory_used_bytes: number | null;
}

/** A part of a device that is offered by itself: a MIG instance, a vNPU, a soft slice. */
export interface SliceReading {
  index: number | null;
  uuid: string | null;
  profile: string | null;
  gpu_instance_id: number | null;
  compute_instance_id: number | null;
  memory_total_bytes: number | null;
  memory_used_bytes: number | null;
  utilization_ppm: number | null;
}

/** A fault as a consumer sees it; the catalogue has the rest under the same code. */
export interface FaultReading {
  code: string;
  meaning: string;
  severity: 'info' | 'degraded' | 'drain' | 'failed';
}

/** A fault from a log, with where it happened as far as the log tells. */
export interface LoggedFault extends FaultReading {
  pci: string | null;
  uuid: string | null;
  serial: string | null;
  count: number;
}

/**
 * One device in the one telemetry schema. Units are in the names; null means the source does not say or the device
 * cannot measure, never zero.
 */
export interface DeviceReading {
  index: number | null;
  uuid: string | null;
  serial: string | null;
  /** Bus address as the tool spells it. */
  pci: string | null;
  /** Card and chip on it ("6/0") where one card holds several devices. */
  position: string | null;
  model: string | null;
  memory_total_bytes: number | null;
  memory_used_bytes: number | null;
  utilization_ppm: number | null;
  power_milliwatt: number | null;
  energy_millijoule: number | null;
  temperature_milli_celsius: number | null;
  memory_temperature_milli_celsius: number | null;
  clock_core_khz: number | null;
  clock_memory_khz: number | null;
  throttle_reasons: string[] | null;
  ecc_corrected_total: number | null;
  ecc_uncorrected_total: number | null;
  retired_pages: number | null;
  remapped_rows: number | null;
  link_up: number | null;
  link_total: number | null;
  link_tx_bytes_total: number | null;
  link_rx_bytes_total: number | null;
  pcie_gen: number | null;
  pcie_width: number | null;
  processes: ProcessReading[] | null;
  driver_version: string | null;
  runtime_version: string | null;
  firmware_version: string | null;
  slices: SliceReading[];
  health: Health;
  faults: FaultReading[];
}

/** A connection between two devices, or a device and a network card, as the tool names them. */
export interface Link {
  a: string;
  b: string;
  kind: string;
}

/** What one run of a tool says, normalised. */
export interface ToolReading {
  vendor: Vendor;
  tool: string;
  tool_version: string | null;
  driver_version: string | null;
  devices: DeviceReading[];
  topology: { links: Link[] } | null;
  /** Faults of the devices, and those from logs that list no devices. */
  faults: LoggedFault[];
  warnings: string[];
}

/** What makes an output unreadable; the message is one sentence that names the tool. */
export class UnreadableInput extends Error {
  override name = 'UnreadableInput';
}

/** A device of which nothing is known yet. */
export function emptyDevice(): DeviceReading {
  return {
    index: null,
    uuid: null,
    serial: null,
    pci: null,
    position: null,
    model: null,
    memory_total_bytes: null,
    memory_used_bytes: null,
    utilization_ppm: null,
    power_milliwatt: null,
    energy_millijoule: null,
    temperature_milli_celsius: null,
    memory_temperature_milli_celsius: null,
    clock_core_khz: null,
    clock_memory_khz: null,
    throttle_reasons: null,
    ecc_corrected_total: null,
    ecc_uncorrected_total: null,
    retired_pages: null,
    remapped_rows: null,
    link_up: null,
    link_total: null,
    link_tx_bytes_total: null,
    link_rx_bytes_total: null,
    pcie_gen: null,
    pcie_width: null,
    processes: null,
    driver_version: null,
    runtime_version: null,
    firmware_version: null,
    slices: [],
    health: 'unknown',
    faults: [],
  };
}
