import { type MappingRule, rule } from '../shared/mapping';
import type { PromSpec } from '../shared/prom-devices';

/** Moore Threads' exporter: metric -> field. */
const MAPPING: readonly MappingRule[] = [
  rule('mtgpu_memory_total_bytes', 'memory_total_bytes', 'B'),
  rule('mtgpu_memory_used_bytes', 'memory_used_bytes', 'B'),
  rule('mtgpu_gpu_utilization', 'utilization_ppm', 'percent'),
  rule('mtgpu_power_usage_milliwatts', 'power_milliwatt', 'milliwatt'),
  rule('mtgpu_gpu_temp', 'temperature_milli_celsius', 'C'),
];

/** The page of Moore Threads' exporter. */
export const MTGPU_PROM: PromSpec = {
  metrics: /^mtgpu_/,
  mapping: MAPPING,
  index: ['gpu', 'index', 'gpuindex', 'id'],
  uuid: ['uuid', 'gpuuuid'],
  labels: {
    pci: ['pcibusid', 'busid'],
    model: ['name', 'modelname', 'model'],
    serial: ['serial', 'sn'],
    driver: ['driverversion'],
  },
};
