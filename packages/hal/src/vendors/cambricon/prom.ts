import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';

/** Cambricon's mlu-exporter: metric -> field. Memory is in bytes. */
const MAPPING: readonly MappingRule[] = [
  rule('mlu_memory_total', 'memory_total_bytes', 'B'),
  rule('mlu_physical_memory_total', 'memory_total_bytes', 'B'),
  rule('mlu_memory_used', 'memory_used_bytes', 'B'),
  rule('mlu_physical_memory_used', 'memory_used_bytes', 'B'),
  rule('mlu_utilization', 'utilization_ppm', 'percent'),
  rule('mlu_board_utilization', 'utilization_ppm', 'percent'),
  rule('mlu_power_usage', 'power_milliwatt', 'W'),
  rule('mlu_board_power', 'power_milliwatt', 'W'),
  rule('mlu_temperature', 'temperature_milli_celsius', 'C'),
  rule('mlu_board_temperature', 'temperature_milli_celsius', 'C'),
  rule('mlu_memory_temperature', 'memory_temperature_milli_celsius', 'C'),
  rule('mlu_chip_clock', 'clock_core_khz', 'MHz'),
  rule('mlu_memory_clock', 'clock_memory_khz', 'MHz'),
  rule('mlu_ecc_corrected_error_total', 'ecc_corrected_total', 'count'),
  rule('mlu_ecc_uncorrected_error_total', 'ecc_uncorrected_total', 'count'),
  rule('mlu_mlulink_cntr_write_byte_total (all ports)', 'link_tx_bytes_total', 'B'),
  rule('mlu_mlulink_cntr_read_byte_total (all ports)', 'link_rx_bytes_total', 'B'),
  rule('mlu_mlulink_status (ports that are up)', 'link_up', 'count'),
  rule('mlu_mlulink_status (ports)', 'link_total', 'count'),
];

/** The page of mlu-exporter. */
export const MLU_PROM: PromSpec = {
  metrics: /^mlu_/,
  mapping: MAPPING,
  index: ['mlu', 'card', 'slot', 'id'],
  uuid: ['uuid'],
  labels: {
    pci: ['pci', 'bdf', 'busid'],
    model: ['model'],
    serial: ['sn'],
    driver: ['driver', 'driverversion'],
    firmware: ['mcu'],
  },
  summed: new Set(['mlu_mlulink_cntr_write_byte_total', 'mlu_mlulink_cntr_read_byte_total', 'mlu_mlulink_status']),
  faults: { mlu_health: (value) => (value === 0 ? 'mlu-unhealthy' : null) },
  finish: (draft, values) => {
    draft.setNumber('link_tx_bytes_total', values.get('mlu_mlulink_cntr_write_byte_total') ?? null);
    draft.setNumber('link_rx_bytes_total', values.get('mlu_mlulink_cntr_read_byte_total') ?? null);
    const ports = [...values.keys()].filter((key) => /^mlu_mlulink_status\{(?:link|port)=/.test(key)).length;
    const up = values.get('mlu_mlulink_status');
    if (ports === 0 || up === undefined) return;
    draft.setNumber('link_total', ports);
    draft.setNumber('link_up', Math.min(up, ports));
  },
};
