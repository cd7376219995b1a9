import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';

/** mx-exporter with its own names (mx_*) and with the short ids of its counter file: metric -> field. */
const MAPPING: readonly MappingRule[] = [
  rule('mx_memory_total{type=vram}', 'memory_total_bytes', 'KiB'),
  rule('mx_memory_used{type=vram}', 'memory_used_bytes', 'KiB'),
  rule('memory_total{memtype=vram}', 'memory_total_bytes', 'KiB'),
  rule('memory_used{memtype=vram}', 'memory_used_bytes', 'KiB'),
  rule('mx_gpu_usage', 'utilization_ppm', 'percent'),
  rule('gpu_usage', 'utilization_ppm', 'percent'),
  rule('mx_board_power', 'power_milliwatt', 'milliwatt'),
  rule('bway_power{wayid=0}', 'power_milliwatt', 'milliwatt'),
  rule('mx_chip_hotspot_temp', 'temperature_milli_celsius', 'C'),
  rule('mx_board_core_temp', 'temperature_milli_celsius', 'C'),
  rule('core_temp', 'temperature_milli_celsius', 'C'),
  rule('mx_chip_hbm_temp', 'memory_temperature_milli_celsius', 'C'),
  rule('mx_gpu_clock', 'clock_core_khz', 'MHz'),
  rule('mx_mem_clock', 'clock_memory_khz', 'MHz'),
  rule('mx_ecc_sram_ce', 'ecc_corrected_total', 'count'),
  rule('mx_ecc_sram_ue', 'ecc_uncorrected_total', 'count'),
];

/** The page of mx-exporter. */
export const MX_PROM: PromSpec = {
  metrics: /^(?:mx_|core_temp$|bway_power$|gpu_usage$|memory_(?:total|used)$)/,
  mapping: MAPPING,
  index: ['deviceid', 'gpu', 'id'],
  uuid: ['uuid'],
  labels: {
    pci: ['bdfid', 'bdf', 'pcibusid'],
    model: ['modelname', 'name'],
    serial: ['serial', 'sn'],
    driver: ['driverversion'],
    firmware: ['biosversion'],
  },
  faults: { mx_gpu_state: (value) => (value === 0 ? 'gpu-unavailable' : null) },
  health: { mx_gpu_state: (value) => (value > 0 ? 'ok' : 'failed') },
};
