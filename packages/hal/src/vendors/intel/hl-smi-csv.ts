import { type MappingRule, rule } from '../shared/mapping';
import { parseQueryCsv } from '../shared/query-csv';
import type { ParseContext, RawReading } from '../shared/tool';

/** `hl-smi -Q ... -f csv`: column without its unit -> field. */
export const HL_SMI_CSV_MAPPING: readonly MappingRule[] = [
  rule('index', 'index', 'count'),
  rule('module_id', 'index', 'count'),
  rule('uuid', 'uuid', 'text'),
  rule('serial', 'serial', 'text'),
  rule('bus_id', 'pci', 'text'),
  rule('name', 'model', 'text'),
  rule('memory.total', 'memory_total_bytes', 'MiB'),
  rule('memory.used', 'memory_used_bytes', 'MiB'),
  rule('utilization.aip', 'utilization_ppm', 'percent'),
  rule('power.draw', 'power_milliwatt', 'W'),
  rule('temperature.aip', 'temperature_milli_celsius', 'C'),
  rule('clocks.current.soc', 'clock_core_khz', 'MHz'),
  rule('ecc.errors.corrected.aggregate.total', 'ecc_corrected_total', 'count'),
  rule('ecc.errors.uncorrected.aggregate.total', 'ecc_uncorrected_total', 'count'),
  rule('ecc.errors.dram.corrected.aggregate.total', 'ecc_corrected_total', 'count'),
  rule('ecc.errors.dram.uncorrected.aggregate.total', 'ecc_uncorrected_total', 'count'),
  rule('pcie.link.gen.current', 'pcie_gen', 'count'),
  rule('pcie.link.width.current', 'pcie_width', 'count'),
  rule('driver_version', 'driver_version', 'text'),
];

/** `hl-smi -Q ... -f csv`. */
export const parseHlSmiCsv = (text: string, context: ParseContext): RawReading =>
  parseQueryCsv(text, context, HL_SMI_CSV_MAPPING);
