import { type MappingRule, rule } from '../shared/mapping';

/** `nvidia-smi -q -x`, document types v4 to v13: element below <gpu> -> field. */
export const SMI_XML_MAPPING: readonly MappingRule[] = [
  rule('product_name', 'model', 'text'),
  rule('uuid', 'uuid', 'text'),
  rule('serial', 'serial', 'text'),
  rule('pci/pci_bus_id', 'pci', 'text'),
  rule('fb_memory_usage/total', 'memory_total_bytes', 'MiB'),
  rule('memory_usage/total', 'memory_total_bytes', 'MiB'),
  rule('fb_memory_usage/used', 'memory_used_bytes', 'MiB'),
  rule('memory_usage/used', 'memory_used_bytes', 'MiB'),
  rule('utilization/gpu_util', 'utilization_ppm', 'percent'),
  rule('gpu_power_readings/power_draw', 'power_milliwatt', 'W'),
  rule('gpu_power_readings/instant_power_draw', 'power_milliwatt', 'W'),
  rule('gpu_power_readings/average_power_draw', 'power_milliwatt', 'W'),
  rule('power_readings/power_draw', 'power_milliwatt', 'W'),
  rule('temperature/gpu_temp', 'temperature_milli_celsius', 'C'),
  rule('temperature/memory_temp', 'memory_temperature_milli_celsius', 'C'),
  rule('clocks/sm_clock', 'clock_core_khz', 'MHz'),
  rule('clocks/graphics_clock', 'clock_core_khz', 'MHz'),
  rule('clocks/mem_clock', 'clock_memory_khz', 'MHz'),
  rule('pci/pci_gpu_link_info/pcie_gen/current_link_gen', 'pcie_gen', 'count'),
  rule('pci/pci_gpu_link_info/link_widths/current_link_width', 'pcie_width', 'count'),
  rule('vbios_version', 'firmware_version', 'text'),
  rule('<gpu> (order)', 'index', 'count'),
  rule('ecc_errors/aggregate, else volatile: corrected', 'ecc_corrected_total', 'count'),
  rule('ecc_errors/aggregate, else volatile: uncorrected', 'ecc_uncorrected_total', 'count'),
  rule('retired_pages/*/retired_count', 'retired_pages', 'count'),
  rule('remapped_rows/remapped_row_corr + remapped_row_unc', 'remapped_rows', 'count'),
  rule('<driver_version> (log)', 'driver_version', 'text'),
  rule('<cuda_version> (log)', 'runtime_version', 'text'),
];

/** Counters that add up to corrected and uncorrected errors, first set with any value. */
export const ECC_CORRECTED: readonly (readonly string[])[] = [
  ['sram_correctable', 'dram_correctable'],
  ['single_bit/total'],
];
export const ECC_UNCORRECTED: readonly (readonly string[])[] = [
  ['sram_uncorrectable_parity', 'sram_uncorrectable_secded', 'sram_uncorrectable', 'dram_uncorrectable'],
  ['double_bit/total'],
];
