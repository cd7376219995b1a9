import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';

/** ix-exporter: metric -> field. Memory is in MiB. */
const MAPPING: readonly MappingRule[] = [
  rule('ix_mem_total', 'memory_total_bytes', 'MiB'),
  rule('ix_mem_used', 'memory_used_bytes', 'MiB'),
  rule('ix_gpu_utilization', 'utilization_ppm', 'percent'),
  rule('ix_power_usage', 'power_milliwatt', 'W'),
  rule('ix_temperature', 'temperature_milli_celsius', 'C'),
  rule('ix_mem_temperature', 'memory_temperature_milli_celsius', 'C'),
  rule('ix_sm_clock', 'clock_core_khz', 'MHz'),
  rule('ix_mem_clock', 'clock_memory_khz', 'MHz'),
];

/** The page of ix-exporter. */
export const IX_PROM: PromSpec = {
  metrics: /^ix_/,
  mapping: MAPPING,
  index: ['gpu', 'index'],
  uuid: ['uuid'],
  labels: { pci: ['pcibusid', 'busid'], model: ['name'], serial: ['serial'], driver: ['driver', 'driverversion'] },
  faults: {
    ix_xid_errors: (value) => (value > 0 ? 'xid' : null),
    ix_ecc_dbe_vol_status: (value) => (value > 0 ? 'ecc-double-bit' : null),
  },
};
