import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { describe, expect, test } from 'vitest';
import * as made from './fixtures/domestic';
import * as intel from './fixtures/intel';
import * as metax from './fixtures/metax';
import * as prom from './fixtures/prom';
import { MIB } from './support/check-reading';

const read = (tool: string, text: string) => parseToolOutput(tool, text).devices;

test('hl-smi: the newer heading of the error column, units in other letters', () => {
  expect(read('hl-smi', intel.HL_SMI)).toMatchObject([
    { index: 0, memory_used_bytes: 672 * MIB, power_milliwatt: 224_000, ecc_uncorrected_total: 0, processes: [] },
    {
      index: 1,
      ecc_uncorrected_total: 2,
      health: 'degraded',
      processes: [{ pid: 4711, memory_used_bytes: 97_632 * MIB }],
    },
  ]);
  expect(read('hl-smi-csv', intel.HL_SMI_CSV)).toMatchObject([
    { serial: 'AN00TEST01', memory_total_bytes: 131_072 * MIB, utilization_ppm: 770_000, power_milliwatt: 611_000 },
  ]);
});

test('cnmon: the table, and the long form with the bus address in four numbers', () => {
  expect(read('cnmon-info', made.CNMON_OLD)).toMatchObject([
    {
      index: 0,
      model: 'MLU370-X4',
      firmware_version: 'v1.1.6',
      memory_used_bytes: 12_000 * MIB,
      processes: [{ pid: 22_110 }],
    },
    { index: 1, utilization_ppm: 0, power_milliwatt: 25_000, processes: [] },
  ]);
  expect(read('cnmon-info', made.CNMON_LONG)).toMatchObject([
    {
      index: 0,
      pci: '0000:9a:00.0',
      serial: '20240000123',
      temperature_milli_celsius: 47_000,
      driver_version: '6.2.29',
    },
  ]);
});

describe('hy-smi', () => {
  test('the table knows memory in percent only, which is not taken for bytes', () => {
    expect(read('hy-smi', made.HY_SMI_DCU)).toMatchObject([
      { index: 0, power_milliwatt: 302_500, utilization_ppm: 995_000, memory_used_bytes: null },
      { index: 1, power_milliwatt: null, temperature_milli_celsius: null },
    ]);
  });

  test('CSV of single options, cards numbered from one', () => {
    expect(read('hy-smi', '\ndevice,DCU use (%),DCU memory use (%)\ncard1,25,3\ncard2,0,0\n')).toMatchObject([
      { index: 1, utilization_ppm: 250_000, memory_used_bytes: null },
      { index: 2, utilization_ppm: 0 },
    ]);
  });

  test('the list of single options, and JSON', () => {
    expect(read('hy-smi', made.HY_SMI_LIST)).toMatchObject([
      { index: 0, memory_total_bytes: 65_520 * MIB },
      { index: 1, utilization_ppm: 0 },
    ]);
    expect(read('hy-smi-json', made.HY_SMI_JSON)).toMatchObject([
      { index: 0, model: 'K100_AI', serial: 'TTST00000001', pci: '0000:9f:00.0', memory_total_bytes: 65_520 * MIB },
    ]);
  });
});

test('mthreads-gmi: JSON and the table of three rows a device', () => {
  expect(read('mthreads-gmi-json', made.GMI_JSON)).toMatchObject([
    { index: 0, serial: 'MY10TEST0001', power_milliwatt: 400_500, pcie_gen: 5, driver_version: '3.3.5-server' },
    { index: 1, power_milliwatt: null, memory_used_bytes: 0 },
  ]);
  expect(read('mthreads-gmi', made.GMI_TABLE)).toMatchObject([
    { index: 0, memory_used_bytes: 9000 * MIB, processes: [{ pid: 1123, name: '/usr/bin/python3' }] },
    { index: 1, temperature_milli_celsius: null, pcie_width: 8, processes: [] },
  ]);
});

test('mx-smi: tables with and without their column of persistence, and the matrix', () => {
  expect(read('mx-smi', metax.MX_SMI)).toMatchObject([
    {
      index: 0,
      model: 'MetaX C500',
      memory_used_bytes: 40_960 * MIB,
      power_milliwatt: 97_000,
      runtime_version: '3.1.0.11',
    },
    { index: 1, utilization_ppm: 0, temperature_milli_celsius: 33_000, health: 'ok' },
  ]);
  expect(read('mx-smi', metax.HT_SMI)).toMatchObject([
    {
      index: 3,
      model: 'Mars X300',
      power_milliwatt: 42_000,
      temperature_milli_celsius: 45_000,
      memory_used_bytes: 1024 * MIB,
    },
  ]);
  expect(read('mx-smi', metax.MX_SMI_OLD)).toMatchObject([
    { power_milliwatt: 69_000, processes: [{ pid: 812_345, memory_used_bytes: 5100 * MIB }] },
    { power_milliwatt: null, health: 'failed', faults: [{ code: 'gpu-unavailable' }] },
  ]);
  expect(parseToolOutput('mx-smi', metax.MX_TOPO).topology!.links[0]).toEqual({ a: 'GPU0', b: 'GPU1', kind: 'MX' });
});

test('ixsmi and brsmi: queries in the manner of nvidia-smi', () => {
  expect(read('ixsmi', made.IXSMI_CSV)).toMatchObject([
    { index: 0, model: 'Iluvatar BI-V150', memory_total_bytes: 32_768 * MIB, power_milliwatt: 201_000 },
  ]);
  expect(read('brsmi', made.BRSMI_CSV)).toMatchObject([
    { index: 0, model: 'Biren 106M', memory_used_bytes: 1024 * MIB },
    { index: 1, utilization_ppm: null, temperature_milli_celsius: null },
  ]);
});

test('xpu_smi: the old table, and the machine format', () => {
  expect(read('xpu-smi', made.XPU_SMI_OLD)).toMatchObject([
    { index: 0, model: 'R300', memory_total_bytes: 32_768 * MIB, power_milliwatt: 97_000, health: 'ok' },
    { index: 1, health: 'failed' },
  ]);
  expect(read('xpu-smi', made.XPU_SMI_M)).toMatchObject([
    { index: 0, model: 'P800 OAM', memory_total_bytes: 98_304 * MIB, power_milliwatt: 86_000 },
    { index: 1, model: 'K200', power_milliwatt: 61_500 },
  ]);
});

test('efsmi: the table, and the long form', () => {
  expect(read('efsmi', made.EFSMI_NEW)).toMatchObject([
    { index: 0, model: 'Enflame L300', serial: 'A098TEST10048', utilization_ppm: 125_000, power_milliwatt: 68_000 },
  ]);
  expect(read('efsmi', made.EFSMI_LONG)).toMatchObject([
    { index: 0, pci: '0000:09:00.0', memory_total_bytes: 42_976 * MIB },
    { index: 1, memory_used_bytes: 0, temperature_milli_celsius: null },
  ]);
});

describe('exporters', () => {
  test.each([
    ['mlu-prom', prom.MLU, { link_up: 1, link_total: 2, power_milliwatt: 106_000, memory_used_bytes: 1024 * MIB }],
    [
      'dcu-prom',
      prom.DCU,
      { memory_total_bytes: 65_520 * MIB, utilization_ppm: 880_000, slices: [{ utilization_ppm: 330_000 }] },
    ],
    ['mx-prom', prom.MX, { memory_total_bytes: 65_536 * MIB, power_milliwatt: 48_000, firmware_version: '1.24.4.0' }],
    [
      'ix-prom',
      prom.IX,
      { memory_used_bytes: 68 * MIB, temperature_milli_celsius: 51_000, faults: [{ code: 'ecc-double-bit' }] },
    ],
    ['mthreads-prom', prom.MTGPU, { memory_total_bytes: 81_920 * MIB, power_milliwatt: 400_500 }],
    ['gaudi-prom', prom.GAUDI, { memory_total_bytes: 98_304 * MIB, power_milliwatt: 412_000 }],
    ['amd-prom', prom.AMD, { memory_total_bytes: 196_592 * MIB, serial: 'PCB0001', health: 'failed' }],
  ])('%s', (tool, page, device) => {
    expect(read(tool, page)).toMatchObject([device]);
  });
});
