import type { Draft } from '../shared/draft';
import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';
import { throttleReasons } from '../shared/throttle';

/**
 * dcgm-exporter, and the exporters that wrap nvidia-smi (names nvidia_smi_*): metric -> field. DCGM's profiling metrics
 * of traffic are rates and therefore no totals.
 */
const MAPPING: readonly MappingRule[] = [
  rule('DCGM_FI_DEV_FB_TOTAL', 'memory_total_bytes', 'MiB'),
  rule('DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE + DCGM_FI_DEV_FB_RESERVED', 'memory_total_bytes', 'MiB'),
  rule('DCGM_FI_DEV_FB_USED', 'memory_used_bytes', 'MiB'),
  rule('DCGM_FI_DEV_GPU_UTIL', 'utilization_ppm', 'percent'),
  rule('DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'utilization_ppm', 'ratio'),
  rule('DCGM_FI_DEV_POWER_USAGE', 'power_milliwatt', 'W'),
  rule('DCGM_FI_DEV_POWER_USAGE_INSTANT', 'power_milliwatt', 'W'),
  rule('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'energy_millijoule', 'millijoule'),
  rule('DCGM_FI_DEV_GPU_TEMP', 'temperature_milli_celsius', 'C'),
  rule('DCGM_FI_DEV_MEMORY_TEMP', 'memory_temperature_milli_celsius', 'C'),
  rule('DCGM_FI_DEV_SM_CLOCK', 'clock_core_khz', 'MHz'),
  rule('DCGM_FI_DEV_MEM_CLOCK', 'clock_memory_khz', 'MHz'),
  rule('DCGM_FI_DEV_ECC_SBE_AGG_TOTAL', 'ecc_corrected_total', 'count'),
  rule('DCGM_FI_DEV_ECC_SBE_VOL_TOTAL', 'ecc_corrected_total', 'count'),
  rule('DCGM_FI_DEV_ECC_DBE_AGG_TOTAL', 'ecc_uncorrected_total', 'count'),
  rule('DCGM_FI_DEV_ECC_DBE_VOL_TOTAL', 'ecc_uncorrected_total', 'count'),
  rule('DCGM_FI_DEV_RETIRED_SBE + DCGM_FI_DEV_RETIRED_DBE', 'retired_pages', 'count'),
  rule('DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS + DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS', 'remapped_rows', 'count'),
  rule('DCGM_FI_DEV_PCIE_LINK_GEN', 'pcie_gen', 'count'),
  rule('DCGM_FI_DEV_PCIE_LINK_WIDTH', 'pcie_width', 'count'),
  rule('nvidia_smi_memory_total_bytes', 'memory_total_bytes', 'B'),
  rule('nvidia_smi_memory_used_bytes', 'memory_used_bytes', 'B'),
  rule('nvidia_smi_utilization_gpu_ratio', 'utilization_ppm', 'ratio'),
  rule('nvidia_smi_power_draw_watts', 'power_milliwatt', 'W'),
  rule('nvidia_smi_power_draw_instant_watts', 'power_milliwatt', 'W'),
  rule('nvidia_smi_temperature_gpu', 'temperature_milli_celsius', 'C'),
  rule('nvidia_smi_temperature_memory', 'memory_temperature_milli_celsius', 'C'),
  rule('nvidia_smi_clocks_current_sm_clock_hz', 'clock_core_khz', 'Hz'),
  rule('nvidia_smi_clocks_current_graphics_clock_hz', 'clock_core_khz', 'Hz'),
  rule('nvidia_smi_clocks_current_memory_clock_hz', 'clock_memory_khz', 'Hz'),
  rule('nvidia_smi_ecc_errors_corrected_aggregate_total', 'ecc_corrected_total', 'count'),
  rule('nvidia_smi_ecc_errors_uncorrected_aggregate_total', 'ecc_uncorrected_total', 'count'),
  rule('nvidia_smi_pcie_link_gen_current', 'pcie_gen', 'count'),
  rule('nvidia_smi_pcie_link_width_current', 'pcie_width', 'count'),
  rule('nvidia_smi_index', 'index', 'count'),
];

const MIB = 1024 ** 2;

/** Fields that are the sum of metrics; without the first ones there is no sum. */
function addSums(draft: Draft, values: ReadonlyMap<string, number>): void {
  const dcgm = (name: string) => values.get(`DCGM_FI_DEV_${name}`);
  const used = dcgm('FB_USED');
  const free = dcgm('FB_FREE');
  if (used !== undefined && free !== undefined) {
    draft.setNumber('memory_total_bytes', Math.round((used + free + (dcgm('FB_RESERVED') ?? 0)) * MIB));
  }
  const pages = [dcgm('RETIRED_SBE'), dcgm('RETIRED_DBE')];
  const rows = [dcgm('CORRECTABLE_REMAPPED_ROWS'), dcgm('UNCORRECTABLE_REMAPPED_ROWS')];
  const sum = (parts: (number | undefined)[]) =>
    parts.some((part) => part !== undefined) ? parts.reduce<number>((total, part) => total + (part ?? 0), 0) : null;
  draft.setNumber('retired_pages', sum(pages));
  draft.setNumber('remapped_rows', sum(rows));
  const lifetime = dcgm('ECC_DBE_AGG_TOTAL') ?? values.get('nvidia_smi_ecc_errors_uncorrected_aggregate_total');
  const recent = dcgm('ECC_DBE_VOL_TOTAL') ?? values.get('nvidia_smi_ecc_errors_uncorrected_volatile_total');
  if ((lifetime ?? 0) > 0 && recent === 0) draft.faults.add('ecc-uncorrected-earlier');
}

const when = (code: string) => (value: number) => (value > 0 ? code : null);

/** dcgm-exporter's page, or that of an exporter over nvidia-smi. */
export const NVIDIA_PROM: PromSpec = {
  metrics: /^(?:DCGM_|nvidia_smi_)/,
  mapping: MAPPING,
  index: ['gpu', 'gpuid', 'index', 'minornumber'],
  uuid: ['uuid', 'gpuuuid'],
  labels: {
    pci: ['pcibusid', 'busid'],
    model: ['modelname', 'name'],
    serial: ['serial', 'gpuserial'],
    driver: ['dcgmfidriverversion', 'driverversion'],
    firmware: ['vbiosversion'],
  },
  faults: {
    DCGM_FI_DEV_XID_ERRORS: (value) => (value > 0 ? String(value) : null),
    DCGM_FI_DEV_ROW_REMAP_FAILURE: when('row-remap-failed'),
    DCGM_FI_DEV_ROW_REMAP_PENDING: when('row-remap-pending'),
    DCGM_FI_DEV_RETIRED_PENDING: when('page-retirement-pending'),
    DCGM_FI_DEV_ECC_DBE_VOL_TOTAL: when('ecc-uncorrected'),
    nvidia_smi_ecc_errors_uncorrected_volatile_total: when('ecc-uncorrected'),
    nvidia_smi_remapped_rows_failure: when('row-remap-failed'),
    nvidia_smi_remapped_rows_pending: when('row-remap-pending'),
    nvidia_smi_retired_pages_pending: when('page-retirement-pending'),
    nvidia_smi_gpu_recovery_action: when('154'),
  },
  throttle: {
    DCGM_FI_DEV_CLOCK_THROTTLE_REASONS: throttleReasons,
    DCGM_FI_DEV_CLOCKS_EVENT_REASONS: throttleReasons,
    nvidia_smi_clocks_event_reasons_active: throttleReasons,
    nvidia_smi_clocks_throttle_reasons_active: throttleReasons,
  },
  finish: addSums,
  slice: (sample) => {
    const id = sample.labels.get('gpuiid') ?? '';
    return id === '' ? null : { id, profile: sample.labels.get('gpuiprofile') ?? null };
  },
};
