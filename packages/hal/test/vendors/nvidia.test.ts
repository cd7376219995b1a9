import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { describe, expect, test } from 'vitest';
import * as made from './fixtures/nvidia';
import { DCGM } from './fixtures/prom';
import { MIB } from './support/check-reading';

describe('nvidia-smi -q -x', () => {
  test('document type v4: memory_usage, errors by number of bits, pages that wait for a reset', () => {
    const [gpu, ...others] = parseToolOutput('nvidia-smi-xml', made.SMI_XML_V4).devices;
    expect(others).toEqual([]);
    expect(gpu).toMatchObject({
      index: 0,
      model: 'Tesla K20m',
      serial: '0324713012345',
      memory_total_bytes: 4799 * MIB,
      memory_used_bytes: 13 * MIB,
      utilization_ppm: 0,
      power_milliwatt: 16_200,
      memory_temperature_milli_celsius: null,
      ecc_corrected_total: 6,
      ecc_uncorrected_total: 1,
      retired_pages: 3,
      throttle_reasons: ['gpu_idle'],
      health: 'degraded',
    });
    expect(gpu!.faults.map(({ code }) => code).sort()).toEqual(['ecc-uncorrected-earlier', 'page-retirement-pending']);
  });

  test('document type v13: instant power, event reasons, rows, processes, a reset that is asked for', () => {
    const reading = parseToolOutput('nvidia-smi-xml', made.SMI_XML_V13);
    expect(reading).toMatchObject({ driver_version: '575.57.08', topology: null });
    expect(reading.devices[0]).toMatchObject({
      pci: '00000000:1B:00.0',
      memory_total_bytes: 183_359 * MIB,
      power_milliwatt: 830_100,
      temperature_milli_celsius: 61_000,
      memory_temperature_milli_celsius: 72_000,
      clock_core_khz: 1_965_000,
      ecc_corrected_total: 12,
      ecc_uncorrected_total: 0,
      remapped_rows: 1,
      pcie_gen: 5,
      pcie_width: 16,
      throttle_reasons: ['sw_power_cap'],
      runtime_version: '12.9',
      firmware_version: '97.00.88.00.0F',
      processes: [{ pid: 41_001, name: 'python3 train.py & co', memory_used_bytes: 91_000 * MIB }],
      health: 'ok',
      faults: [],
    });
    expect(reading.devices[1]!.faults).toMatchObject([{ code: '154' }]);
  });

  test('a card that the driver lost is a failed device', () => {
    const { devices, warnings } = parseToolOutput('nvidia-smi-xml', made.SMI_XML_LOST);
    expect(devices.map(({ pci, health }) => [pci, health])).toEqual([
      ['00000000:1B:00.0', 'ok'],
      ['00000000:43:00.0', expect.any(String)],
      ['0000:5D:00.0', 'failed'],
    ]);
    expect(warnings.join(' ')).toContain('GPU is lost');
  });

  test('a document that ends inside its second card keeps the first and says so', () => {
    const cut = made.SMI_XML_V13.slice(0, made.SMI_XML_V13.lastIndexOf('<temperature>'));
    const { devices, warnings } = parseToolOutput('nvidia-smi-xml', cut);
    expect(devices).toHaveLength(1);
    expect(warnings.join(' ')).toMatch(/cut off/);
  });
});

describe('nvidia-smi --query-gpu', () => {
  test('units in the headings and in the cells', () => {
    const { devices, driver_version } = parseToolOutput('nvidia-smi-csv', made.SMI_CSV);
    expect(driver_version).toBe('550.54.15');
    expect(devices).toMatchObject([
      { index: 0, power_milliwatt: 688_100, memory_total_bytes: 81_559 * MIB, utilization_ppm: 990_000, health: 'ok' },
      { index: 1, power_milliwatt: null, memory_used_bytes: 0, ecc_uncorrected_total: 2, health: 'degraded' },
    ]);
    expect(devices[1]!.faults.map(({ code }) => code).sort()).toEqual([
      'ecc-uncorrected',
      'page-retirement-pending',
      'throttle-thermal',
    ]);
  });

  test('decimal commas do not shift the columns', () => {
    const { devices, warnings } = parseToolOutput('nvidia-smi-csv', made.SMI_CSV_NOUNITS_COMMA);
    expect(
      devices.map(({ power_milliwatt, temperature_milli_celsius }) => [power_milliwatt, temperature_milli_celsius]),
    ).toEqual([
      [66_920, 41_000],
      [12_050, 33_000],
    ]);
    expect(warnings.join(' ')).toMatch(/comma/i);
  });

  test('a lost card among the rows', () => {
    const { devices } = parseToolOutput('nvidia-smi-csv', made.SMI_CSV_LOST);
    expect(devices.map(({ health, memory_total_bytes }) => [health, memory_total_bytes])).toEqual([
      ['ok', 81_920 * MIB],
      ['failed', null],
    ]);
  });
});

test('nvidia-smi: the table with errors in the cells, and processes at their devices', () => {
  const { devices, tool_version, warnings } = parseToolOutput('nvidia-smi', made.SMI_TABLE);
  expect(tool_version).toBe('550.54.15');
  expect(devices).toMatchObject([
    { index: 0, power_milliwatt: 688_000, utilization_ppm: 990_000, ecc_uncorrected_total: 0, health: 'ok' },
    { index: 1, utilization_ppm: null, ecc_uncorrected_total: null, processes: [{ pid: 918_999 }] },
    { index: 2, power_milliwatt: null, temperature_milli_celsius: null, health: 'degraded' },
  ]);
  expect(devices[0]!.processes).toEqual([
    { pid: 918_273, name: '/opt/conda/bin/python train.py', memory_used_bytes: 69_950 * MIB },
  ]);
  expect(warnings.join(' ')).toContain('ERR!');
});

test('nvidia-smi topo -m: a link for each pair, with network cards', () => {
  const { topology, devices } = parseToolOutput('nvidia-smi-topo', made.SMI_TOPO);
  expect(devices).toHaveLength(4);
  expect(topology!.links).toHaveLength(15);
  expect(topology!.links).toContainEqual({ a: 'GPU0', b: 'NIC0', kind: 'PIX' });
  expect(topology!.links).toContainEqual({ a: 'NIC0', b: 'NIC1', kind: 'SYS' });
});

test('nvidia-smi nvlink: links that are up, of how many', () => {
  const { devices } = parseToolOutput('nvidia-smi-nvlink', made.NVLINK);
  expect(devices[0]).toMatchObject({ link_up: 2, link_total: 3, health: 'degraded', faults: [{ code: 'link-down' }] });
  expect(devices[1]).toMatchObject({ uuid: 'GPU-cccc1111-0000-0000-0000-000000000000' });
});

test('dmesg: XIDs with place, serial number and how often; an unknown one is kept', () => {
  const { devices, faults } = parseToolOutput('dmesg-xid', made.DMESG);
  expect(devices).toEqual([]);
  expect(faults.map(({ code, severity, pci, count }) => [code, severity, pci, count])).toEqual([
    ['13', 'info', '0000:3b:00', 1],
    ['94', 'drain', '0000:3b:00', 1],
    ['79', 'failed', '0000:5d:00', 2],
    expect.arrayContaining(['0000:c1:00.0', 1]),
    ['999', 'degraded', '0000:19:00', 1],
  ]);
  expect(faults[2]).toMatchObject({ serial: '1650124000001', uuid: 'GPU-dddd0000-0000-0000-0000-000000000000' });
});

test('a log without faults is a reading without faults', () => {
  const { faults } = parseToolOutput(
    'dmesg-xid',
    '[    1.000000] Linux version 6.8.0\n[    2.000000] pci 0000:00:00.0\n',
  );
  expect(faults).toEqual([]);
});

test('dcgm-exporter: framebuffer in MiB, reserved memory counted, fields without a value left out', () => {
  const { devices } = parseToolOutput('dcgm-prom', DCGM);
  expect(devices).toMatchObject([
    {
      index: 0,
      uuid: 'GPU-e0',
      driver_version: '550.54.15',
      memory_total_bytes: 81_559 * MIB,
      memory_used_bytes: 70_000 * MIB,
      utilization_ppm: 1_000_000,
      power_milliwatt: 688_123,
      energy_millijoule: 987_654_321,
      throttle_reasons: ['sw_power_cap'],
      faults: [{ code: 'ecc-uncorrected-earlier' }],
    },
    {
      uuid: 'GPU-e1',
      utilization_ppm: null,
      temperature_milli_celsius: 41_000,
      health: 'failed',
      faults: [{ code: '79' }],
    },
  ]);
});
