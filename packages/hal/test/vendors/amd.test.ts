import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { expect, test } from 'vitest';
import * as made from './fixtures/amd';
import { MIB } from './support/check-reading';

test('rocm-smi: bytes, power by whichever name, the link from the system section', () => {
  const { devices, topology, driver_version, warnings } = parseToolOutput('rocm-smi-json', made.ROCM_SMI);
  expect(driver_version).toBe('6.12.12');
  expect(devices).toMatchObject([
    {
      index: 0,
      serial: '692251001234',
      memory_total_bytes: 206_141_652_992,
      power_milliwatt: 541_000,
      temperature_milli_celsius: 48_000,
      clock_core_khz: 2_106_000,
      pcie_gen: 5,
      pcie_width: 16,
    },
    { index: 1, power_milliwatt: null, utilization_ppm: 0 },
  ]);
  expect(topology!.links).toEqual([{ a: 'GPU0', b: 'GPU1', kind: 'XGMI' }]);
  expect(warnings.join(' ')).toContain('low-power state');
});

test('amd-smi metric: values as value and unit, under gpu_data', () => {
  const { devices } = parseToolOutput('amd-smi-json', made.AMD_SMI_METRIC);
  expect(devices).toMatchObject([
    {
      index: 0,
      memory_total_bytes: 196_592 * MIB,
      utilization_ppm: 910_000,
      energy_millijoule: 1_234_567_250,
      ecc_corrected_total: 7,
      pcie_gen: 5,
      throttle_reasons: [],
      health: 'degraded',
      faults: [{ severity: 'degraded' }],
    },
    { index: 1, utilization_ppm: null, ecc_uncorrected_total: 1, health: 'degraded' },
  ]);
  expect(devices[1]!.throttle_reasons).toHaveLength(1);
});

test('amd-smi: outputs of several commands after one another are one card', () => {
  expect(parseToolOutput('amd-smi-json', made.AMD_SMI_STATIC_AND_PROCESS).devices).toMatchObject([
    {
      index: 0,
      model: 'AMD Instinct MI250X',
      serial: 'PCB001122',
      driver_version: '6.3.6',
      memory_total_bytes: 65_520 * MIB,
      processes: [{ pid: 5150, name: 'vllm', memory_used_bytes: 4096 * MIB }],
    },
  ]);
});

test('amd-smi monitor and topology', () => {
  expect(parseToolOutput('amd-smi-json', made.AMD_SMI_MONITOR).devices).toMatchObject([
    { index: 0, power_milliwatt: 140_000, memory_used_bytes: 285 * MIB, ecc_uncorrected_total: 0 },
  ]);
  const { topology, devices } = parseToolOutput('amd-smi-json', made.AMD_SMI_TOPOLOGY);
  expect(devices).toHaveLength(3);
  expect(topology!.links.map(({ a, b, kind }) => `${a} ${b} ${kind}`)).toEqual([
    'GPU0 GPU1 XGMI',
    'GPU0 GPU2 XGMI',
    'GPU1 GPU2 XGMI',
  ]);
});
