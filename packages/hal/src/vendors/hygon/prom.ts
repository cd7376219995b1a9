import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';

/** Metrics of dcu-exporter; newer ones are called hcu_*. */
const NAMES: readonly MappingRule[] = [
  rule('dcu_memorycap_bytes', 'memory_total_bytes', 'B'),
  rule('dcu_usedmemory_bytes', 'memory_used_bytes', 'B'),
  rule('dcu_utilizationrate', 'utilization_ppm', 'percent'),
  rule('dcu_power_usage', 'power_milliwatt', 'W'),
  rule('dcu_temp', 'temperature_milli_celsius', 'C'),
  rule('dcu_sclk', 'clock_core_khz', 'MHz'),
  rule('dcu_mclk', 'clock_memory_khz', 'MHz'),
  rule('dcu_ce_count', 'ecc_corrected_total', 'count'),
  rule('dcu_ue_count', 'ecc_uncorrected_total', 'count'),
  rule('vdcu_memorycap_bytes', 'memory_total_bytes', 'B'),
  rule('vdcu_usedmemory_bytes', 'memory_used_bytes', 'B'),
  rule('vdcu_utilizationrate', 'utilization_ppm', 'percent'),
];

const MAPPING: readonly MappingRule[] = NAMES.flatMap((line) => [
  line,
  { ...line, from: line.from.replace('dcu_', 'hcu_') },
]);

/** The page of dcu-exporter. */
export const DCU_PROM: PromSpec = {
  metrics: /^v?(?:dcu|hcu)_/,
  mapping: MAPPING,
  index: ['minornumber', 'monitornumber', 'dcu', 'hcu', 'card', 'index'],
  uuid: ['deviceid', 'uuid', 'uniqueid'],
  labels: {
    pci: ['pcibusid', 'pcibusnumber', 'busid'],
    model: ['name', 'device', 'modelname'],
    serial: ['serial', 'serialnumber', 'sn'],
    driver: ['driverversion'],
  },
  summed: new Set(['dcu_ce_count', 'dcu_ue_count', 'hcu_ce_count', 'hcu_ue_count']),
  slice: (sample) => {
    if (!/^v(?:dcu|hcu)_/.test(sample.name)) return null;
    return {
      id: sample.labels.get('vdeviceid') ?? sample.labels.get('vdcuid') ?? sample.labels.get('containerid') ?? '0',
      profile: 'vdcu',
    };
  },
};
