import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { describe, expect, test } from 'vitest';
import * as made from './fixtures/ascend';
import { MIB } from './support/check-reading';

describe('npu-smi info', () => {
  test('two chips a card: each is a device, by its physical number', () => {
    const { devices, driver_version } = parseToolOutput('npu-smi-info', made.NPU_910C);
    expect(driver_version).toBe('25.2.0');
    expect(devices).toMatchObject([
      { index: 12, position: '6/0', pci: '0000:9D:00.0', power_milliwatt: 171_400, memory_total_bytes: 65_536 * MIB },
      { index: 13, position: '6/1', pci: '0000:9F:00.0', power_milliwatt: null, utilization_ppm: 0, health: 'failed' },
    ]);
    expect(devices[0]!.processes).toEqual([{ pid: 30_112, name: 'python3', memory_used_bytes: 38_330 * MIB }]);
    expect(devices[1]!.processes).toEqual([]);
  });

  test('310P: memory of the board where there is no HBM, power not measured', () => {
    expect(parseToolOutput('npu-smi-info', made.NPU_310P).devices).toMatchObject([
      { index: 0, memory_total_bytes: 21_534 * MIB, memory_used_bytes: 1003 * MIB, power_milliwatt: null },
      { index: 1, memory_used_bytes: 807 * MIB, temperature_milli_celsius: 43_000 },
    ]);
  });

  test('a text that ends inside a chip keeps the whole ones', () => {
    const { devices, warnings } = parseToolOutput('npu-smi-info', made.NPU_CUT);
    expect(devices.map(({ index, health }) => [index, health])).toEqual([
      [0, 'ok'],
      [1, 'failed'],
    ]);
    expect(warnings.join(' ')).toMatch(/cut off/);
  });
});

describe('npu-smi info -t', () => {
  test('usages: the chip number stands below its lines, and two chips share no number', () => {
    expect(parseToolOutput('npu-smi-t', made.NPU_T_USAGES).devices).toMatchObject([
      {
        index: null,
        position: '3/0',
        memory_total_bytes: 65_536 * MIB,
        memory_used_bytes: null,
        utilization_ppm: 400_000,
      },
      { index: null, position: '3/1', utilization_ppm: 600_000 },
    ]);
  });

  test('ecc: counters over the life of the chip, errors since the start, pages that wait', () => {
    const [chip] = parseToolOutput('npu-smi-t', made.NPU_T_ECC).devices;
    expect(chip).toMatchObject({ index: 1, ecc_corrected_total: 9, ecc_uncorrected_total: 2, retired_pages: 4 });
    expect(chip!.faults.map(({ code }) => code)).toEqual(['ecc-uncorrected', 'page-retirement-pending']);
  });

  test('board: versions, serial number and bus; nothing that says the chip is alive', () => {
    expect(parseToolOutput('npu-smi-t', made.NPU_T_BOARD).devices).toMatchObject([
      { index: 5, serial: '102412345678', pci: '0000:42:00.0', driver_version: '25.0.1', health: 'unknown' },
    ]);
  });

  test("temp: the board's controller is no chip", () => {
    expect(parseToolOutput('npu-smi-t', made.NPU_T_TEMP).devices).toMatchObject([
      { index: 0, temperature_milli_celsius: 39_000, memory_temperature_milli_celsius: 44_000 },
    ]);
  });

  test('common: the chip number stands above its lines, the controller after them', () => {
    const common = [
      'NPU ID : 5',
      'Chip Count : 1',
      '',
      'Chip ID : 0',
      'HBM Usage Rate(%) : 2',
      'Aicore Usage Rate(%) : 7',
      'Aicore curFreq(MHZ) : 1650',
      'Temperature(C) : 45',
      'NPU Real-time Power(W) : 91.9',
      '',
      'Chip Name : mcu',
      'Temperature(C) : 33',
      'NPU Real-time Power(W) : 12.0',
    ];
    const { devices } = parseToolOutput('npu-smi-t', common.map((line) => `\t${line}\n`).join(''));
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatchObject({
      index: 5,
      power_milliwatt: 91_900,
      temperature_milli_celsius: 45_000,
      clock_core_khz: 1_650_000,
    });
  });

  test('health: a line above the number belongs to the same card', () => {
    const { devices } = parseToolOutput('npu-smi-t', made.NPU_T_HEALTH);
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatchObject({ index: 2, health: 'failed' });
    expect(devices[0]!.faults.map(({ code }) => code)).toEqual(['vendor-alarm', '80E18402']);
  });

  test('reports of several kinds after one another are one device', () => {
    const usages =
      '\tNPU ID : 1\n\tChip Count : 1\n\n\tHBM Capacity(MB) : 65536\n\tAicore Usage Rate(%) : 5\n\tChip ID : 0\n';
    const board = '\tNPU ID : 1\n\tProduct Name : IT99TEST01\n\tSerial Number : 1024\n\tChip Count : 1\n';
    expect(parseToolOutput('npu-smi-t', `${board}\n${usages}\n${made.NPU_T_ECC}`).devices).toMatchObject([
      {
        index: 1,
        position: '1/0',
        serial: '1024',
        memory_total_bytes: 65_536 * MIB,
        utilization_ppm: 50_000,
        retired_pages: 4,
      },
    ]);
  });

  test('proc-mem: processes, also one without a name', () => {
    const report =
      '\tNPU ID : 2\n\tChip ID : 0\n\tProcess id:907864  Process name:                  Process memory(MB):134\n\tProcess id:907865  Process name:python3  Process memory(MB):61000\n';
    expect(parseToolOutput('npu-smi-t', report).devices[0]!.processes).toEqual([
      { pid: 907_864, name: null, memory_used_bytes: 134 * MIB },
      { pid: 907_865, name: 'python3', memory_used_bytes: 61_000 * MIB },
    ]);
  });

  test('-m: the map of chips to devices, without the controllers', () => {
    const map =
      '\tNPU ID   Chip ID   Chip Logic ID   Chip Name\n\t0        0         0               Ascend 910B3\n\t0        1         -               Mcu\n\t4        0         1               Ascend 910B3\n';
    expect(
      parseToolOutput('npu-smi-t', map).devices.map(({ index, position, model }) => [index, position, model]),
    ).toEqual([
      [0, '0/0', 'Ascend 910B3'],
      [1, '4/0', 'Ascend 910B3'],
    ]);
    const phy = 'NPU ID Slot ID Chip ID Chip Logic ID Chip Phy-ID Chip Name\n6 3 1 13 29 Ascend910\n';
    expect(parseToolOutput('npu-smi-t', phy).devices).toMatchObject([{ index: 29, position: '6/1' }]);
  });

  test('-l: cards by number only', () => {
    expect(parseToolOutput('npu-smi-t', made.NPU_T_LIST).devices.map(({ index }) => index)).toEqual([0, 1]);
  });
});

test('npu-smi info -t topo', () => {
  const { topology } = parseToolOutput('npu-smi-topo', made.NPU_TOPO);
  expect(topology!.links).toHaveLength(6);
  expect(topology!.links[0]).toEqual({ a: 'NPU0', b: 'NPU1', kind: 'HCCS' });
});

test('npu-exporter: memory in MB of 1,048,576 bytes, an error code as the number that it is', () => {
  const { devices } = parseToolOutput('npu-prom', made.NPU_PROM);
  expect(devices).toMatchObject([
    { index: 1, uuid: 'AB12-1', memory_total_bytes: 65_536 * MIB, power_milliwatt: 301_500, health: 'degraded' },
    { index: 2, uuid: 'AB12-2', health: 'failed' },
  ]);
  expect(devices[1]!.faults.map(({ code }) => code)).toContain('80E01801');
});
