import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';

/** MindCluster's npu-exporter: metric -> field. Memory is in MB of 1,048,576 bytes; HBM counts before DDR. */
const MAPPING: readonly MappingRule[] = [
  rule('npu_chip_info_hbm_total_memory', 'memory_total_bytes', 'MiB'),
  rule('npu_chip_info_hbm_used_memory', 'memory_used_bytes', 'MiB'),
  rule('npu_chip_info_total_memory', 'memory_total_bytes', 'MiB'),
  rule('npu_chip_info_used_memory', 'memory_used_bytes', 'MiB'),
  rule('npu_chip_info_overall_utilization', 'utilization_ppm', 'percent'),
  rule('npu_chip_info_utilization', 'utilization_ppm', 'percent'),
  rule('npu_chip_info_power', 'power_milliwatt', 'W'),
  rule('npu_chip_info_temperature', 'temperature_milli_celsius', 'C'),
  rule('npu_chip_info_hbm_temperature', 'memory_temperature_milli_celsius', 'C'),
  rule('npu_chip_info_aicore_current_freq', 'clock_core_khz', 'MHz'),
  rule('npu_chip_info_hbm_ecc_total_single_bit_error_cnt', 'ecc_corrected_total', 'count'),
  rule('npu_chip_info_hbm_ecc_single_bit_error_cnt', 'ecc_corrected_total', 'count'),
  rule('npu_chip_info_hbm_ecc_total_double_bit_error_cnt', 'ecc_uncorrected_total', 'count'),
  rule('npu_chip_info_hbm_ecc_double_bit_error_cnt', 'ecc_uncorrected_total', 'count'),
  rule(
    'npu_chip_info_hbm_ecc_single_bit_isolated_pages_cnt + ..._double_bit_isolated_pages_cnt',
    'retired_pages',
    'count',
  ),
];

/** A fault code is exported as a number; 0 means none. */
const codeOf = (value: number) => (value > 0 ? Math.round(value).toString(16).toUpperCase().padStart(8, '0') : null);

const ERROR_METRICS = [
  'npu_chip_info_error_code',
  ...Array.from({ length: 10 }, (_, n) => `npu_chip_info_error_code_${n}`),
];

/** The page of npu-exporter. */
export const NPU_PROM: PromSpec = {
  metrics: /^(?:npu_|machine_npu_|container_npu_|vnpu_)/,
  // With an HBM of zero the figures of the DDR count; the memory in use must be that of the same kind.
  mapping: MAPPING.filter(({ to }) => to !== 'memory_total_bytes' && to !== 'memory_used_bytes'),
  computed: MAPPING.filter(({ to }) => to === 'memory_total_bytes' || to === 'memory_used_bytes'),
  index: ['id', 'npuid', 'deviceid'],
  uuid: ['vdieid', 'uuid'],
  labels: {
    pci: ['pciebusinfo', 'pcie', 'pcibus'],
    model: ['modelname', 'name'],
    serial: ['serialnumber', 'sn'],
    driver: ['driverversion'],
  },
  faults: Object.fromEntries(ERROR_METRICS.map((name) => [name, codeOf])),
  health: { npu_chip_info_health_status: (value) => (value === 1 ? 'ok' : 'failed') },
  finish: (draft, values) => {
    const metric = (name: string) => values.get(`npu_chip_info_${name}`);
    const kind = (metric('hbm_total_memory') ?? 0) > 0 ? 'hbm_' : '';
    const total = metric(`${kind}total_memory`) ?? 0;
    if (total > 0) {
      draft.setNumber('memory_total_bytes', Math.round(total * 1024 ** 2));
      const used = metric(`${kind}used_memory`);
      draft.setNumber('memory_used_bytes', used === undefined ? null : Math.round(used * 1024 ** 2));
    }
    const pages = [metric('hbm_ecc_single_bit_isolated_pages_cnt'), metric('hbm_ecc_double_bit_isolated_pages_cnt')];
    if (pages.some((page) => page !== undefined)) draft.setNumber('retired_pages', (pages[0] ?? 0) + (pages[1] ?? 0));
    if (metric('health_status') === 0) draft.faults.add('vendor-alarm');
    const ever = metric('hbm_ecc_total_double_bit_error_cnt') ?? 0;
    const now = metric('hbm_ecc_double_bit_error_cnt');
    if (ever > 0 && now === 0) draft.faults.add('ecc-uncorrected-earlier');
  },
};
