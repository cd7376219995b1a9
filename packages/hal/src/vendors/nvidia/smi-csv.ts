import { type MappingRule, rule } from '../shared/mapping';
import { parseQueryCsv } from '../shared/query-csv';
import type { ParseContext, RawReading } from '../shared/tool';

/** `--query-gpu=... --format=csv`: column without its unit -> field. Units in the heading or the cell count first. */
export const SMI_CSV_MAPPING: readonly MappingRule[] = [
  rule('index', 'index', 'count'),
  rule('uuid', 'uuid', 'text'),
  rule('gpu_uuid', 'uuid', 'text'),
  rule('serial', 'serial', 'text'),
  rule('gpu_serial', 'serial', 'text'),
  rule('pci.bus_id', 'pci', 'text'),
  rule('gpu_bus_id', 'pci', 'text'),
  rule('name', 'model', 'text'),
  rule('gpu_name', 'model', 'text'),
  rule('memory.total', 'memory_total_bytes', 'MiB'),
  rule('memory.used', 'memory_used_bytes', 'MiB'),
  rule('utilization.gpu', 'utilization_ppm', 'percent'),
  rule('power.draw', 'power_milliwatt', 'W'),
  rule('power.draw.average', 'power_milliwatt', 'W'),
  rule('power.draw.instant', 'power_milliwatt', 'W'),
  rule('temperature.gpu', 'temperature_milli_celsius', 'C'),
  rule('temperature.memory', 'memory_temperature_milli_celsius', 'C'),
  rule('clocks.sm', 'clock_core_khz', 'MHz'),
  rule('clocks.current.sm', 'clock_core_khz', 'MHz'),
  rule('clocks.gr', 'clock_core_khz', 'MHz'),
  rule('clocks.current.graphics', 'clock_core_khz', 'MHz'),
  rule('clocks.mem', 'clock_memory_khz', 'MHz'),
  rule('clocks.current.memory', 'clock_memory_khz', 'MHz'),
  rule('ecc.errors.corrected.aggregate.total', 'ecc_corrected_total', 'count'),
  rule('ecc.errors.corrected.volatile.total', 'ecc_corrected_total', 'count'),
  rule('ecc.errors.uncorrected.aggregate.total', 'ecc_uncorrected_total', 'count'),
  rule('ecc.errors.uncorrected.volatile.total', 'ecc_uncorrected_total', 'count'),
  rule('pcie.link.gen.current', 'pcie_gen', 'count'),
  rule('pcie.link.gen.gpucurrent', 'pcie_gen', 'count'),
  rule('pcie.link.width.current', 'pcie_width', 'count'),
  rule('driver_version', 'driver_version', 'text'),
  rule('vbios_version', 'firmware_version', 'text'),
];

/** `nvidia-smi --query-gpu=... --format=csv`. */
export const parseSmiCsv = (text: string, context: ParseContext): RawReading =>
  parseQueryCsv(text, context, SMI_CSV_MAPPING);
