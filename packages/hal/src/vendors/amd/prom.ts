import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';

/** AMD device-metrics-exporter: metric -> field; newer versions put amd_ before each name. */
const NAMES: readonly MappingRule[] = [
  rule('gpu_total_vram', 'memory_total_bytes', 'MiB'),
  rule('gpu_used_vram', 'memory_used_bytes', 'MiB'),
  rule('gpu_gfx_activity', 'utilization_ppm', 'percent'),
  rule('gpu_usage', 'utilization_ppm', 'percent'),
  rule('gpu_gfx_busy_instantaneous', 'utilization_ppm', 'percent'),
  rule('gpu_package_power', 'power_milliwatt', 'W'),
  rule('gpu_average_package_power', 'power_milliwatt', 'W'),
  rule('gpu_power_usage', 'power_milliwatt', 'W'),
  rule('gpu_energy_consumed', 'energy_millijoule', 'microjoule'),
  rule('gpu_edge_temperature', 'temperature_milli_celsius', 'C'),
  rule('gpu_junction_temperature', 'temperature_milli_celsius', 'C'),
  rule('gpu_memory_temperature', 'memory_temperature_milli_celsius', 'C'),
  rule('gpu_hbm_temperature', 'memory_temperature_milli_celsius', 'C'),
  rule('gpu_clock{clocktype=gpu_clock_type_system}', 'clock_core_khz', 'MHz'),
  rule('gpu_clock{clocktype=gpu_clock_type_memory}', 'clock_memory_khz', 'MHz'),
  rule('gpu_ecc_correct_total', 'ecc_corrected_total', 'count'),
  rule('gpu_ecc_uncorrect_total', 'ecc_uncorrected_total', 'count'),
];

const MAPPING: readonly MappingRule[] = NAMES.flatMap((line) => [line, { ...line, from: `amd_${line.from}` }]);

const unhealthy = (value: number) => (value === 0 ? 'gpu-unhealthy' : null);

/** The page of AMD's device-metrics-exporter. */
export const AMD_PROM: PromSpec = {
  metrics: /^(?:amd_)?(?:gpu_|pcie_|xgmi_)/,
  mapping: MAPPING,
  index: ['gpuid', 'gpu', 'card'],
  uuid: ['gpuuuid', 'uuid'],
  labels: {
    pci: ['gpubdf', 'bdf', 'pcibusid'],
    model: ['cardseries', 'cardmodel'],
    serial: ['serialnumber'],
    driver: ['driverversion'],
    firmware: ['cardvbiosversion', 'vbiosversion'],
  },
  faults: { gpu_health: unhealthy, amd_gpu_health: unhealthy },
};
