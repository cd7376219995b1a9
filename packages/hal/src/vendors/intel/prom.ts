import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';

/** Gaudi's metric exporter: metric -> field. Its energy counter has no documented unit and is left out. */
const MAPPING: readonly MappingRule[] = [
  rule('habanalabs_memory_total_bytes', 'memory_total_bytes', 'B'),
  rule('habanalabs_memory_used_bytes', 'memory_used_bytes', 'B'),
  rule('habanalabs_utilization', 'utilization_ppm', 'percent'),
  rule('habanalabs_power_mW', 'power_milliwatt', 'milliwatt'),
  rule('habanalabs_temperature_onchip', 'temperature_milli_celsius', 'C'),
  rule('habanalabs_clock_soc_mhz', 'clock_core_khz', 'MHz'),
  rule('habanalabs_pci_link_width', 'pcie_width', 'count'),
];

/** The page of Gaudi's metric exporter. */
export const GAUDI_PROM: PromSpec = {
  metrics: /^habanalabs_/,
  mapping: MAPPING,
  index: ['device', 'index', 'moduleid'],
  uuid: ['uuid'],
  labels: { pci: ['busid', 'pciid'], model: ['name', 'devicename'], serial: ['serial'], driver: ['driverversion'] },
  faults: {
    habanalabs_pending_rows_state: (value) => (value > 0 ? 'row-remap-pending' : null),
    habanalabs_pending_rows_with_double_bit_ecc_errors: (value) => (value > 0 ? 'row-remap-pending' : null),
  },
};
