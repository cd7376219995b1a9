import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { expect, test } from 'vitest';
import { GMI_Q, SMI_Q } from './fixtures/query-text';
import { MIB } from './support/check-reading';

test('nvidia-smi -q: the values of the XML under the names of the text', () => {
  const { devices, driver_version, warnings } = parseToolOutput('nvidia-smi-q', SMI_Q);
  expect([driver_version, warnings]).toEqual(['570.86.15', []]);
  expect(devices).toMatchObject([
    {
      index: 0,
      uuid: 'GPU-q0000000-0000-0000-0000-000000000001',
      serial: '1654000000001',
      pci: '00000000:AB:00.0',
      model: 'NVIDIA H20',
      memory_total_bytes: 97_871 * MIB,
      memory_used_bytes: 60_000 * MIB,
      utilization_ppm: 880_000,
      power_milliwatt: 401_500,
      temperature_milli_celsius: 55_000,
      memory_temperature_milli_celsius: 60_000,
      clock_core_khz: 1_980_000,
      clock_memory_khz: 2_619_000,
      throttle_reasons: ['sw_power_cap'],
      ecc_corrected_total: 3,
      ecc_uncorrected_total: 2,
      remapped_rows: 2,
      pcie_gen: 5,
      pcie_width: 8,
      runtime_version: '12.8',
      firmware_version: '96.00.A9.00.01',
      processes: [{ pid: 777, name: 'python serve.py', memory_used_bytes: 59_000 * MIB }],
      health: 'degraded',
    },
  ]);
  expect(devices[0]!.faults.map(({ code }) => code).sort()).toEqual(['ecc-uncorrected', 'row-remap-pending']);
});

test('mthreads-gmi -q', () => {
  expect(parseToolOutput('mthreads-gmi', GMI_Q)).toMatchObject({
    driver_version: '2.7.0',
    devices: [
      {
        index: 0,
        pci: '00000000:01:00.0',
        model: 'MTT S3000',
        serial: 'MYTEST0002',
        memory_used_bytes: 1024 * MIB,
        utilization_ppm: 120_000,
        power_milliwatt: 120_250,
        clock_core_khz: 1_600_000,
        pcie_gen: 4,
        pcie_width: 16,
      },
    ],
  });
});
