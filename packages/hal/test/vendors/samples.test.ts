import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { describe, expect, test } from 'vitest';
import { checkReading, MIB } from './support/check-reading';

// Real outputs are handed over beside a checkout, not inside it; without them this file has nothing to check.
const folder = fileURLToPath(new URL('../../../../../shared/data/hal-samples/', import.meta.url));
const present = existsSync(folder);
if (!present) console.info('Real outputs of tools are not beside this checkout: their tests do not run.');

/** Tool, file, number of devices, facts of the first device, facts of the whole. */
const SAMPLES: readonly [tool: string, file: string, devices: number, first: object, whole?: object][] = [
  [
    'nvidia-smi-xml',
    'nvidia/a100-sxm4-v12.xml',
    1,
    { model: 'NVIDIA A100-SXM4-80GB', memory_total_bytes: 81920 * MIB, power_milliwatt: 67030, health: 'ok' },
    { driver_version: '535.54.03' },
  ],
  [
    'nvidia-smi-xml',
    'nvidia/a10g.xml',
    1,
    { uuid: 'GPU-9a9a6c50-2a47-2f51-a902-b82c3b127e94', utilization_ppm: 0, remapped_rows: 0, pcie_width: 8 },
  ],
  ['nvidia-smi-xml', 'nvidia/tesla-t4.xml', 1, { model: 'Tesla T4', memory_used_bytes: 1032 * MIB, retired_pages: 0 }],
  [
    'nvidia-smi-xml',
    'nvidia/rtx-3090-v12.xml',
    1,
    { serial: null, memory_temperature_milli_celsius: null, ecc_uncorrected_total: null, power_milliwatt: 27230 },
  ],
  [
    'nvidia-smi-xml',
    'nvidia/a100-sxm4-mig.xml',
    1,
    {
      utilization_ppm: null,
      slices: [
        { index: 0, gpu_instance_id: 1, memory_total_bytes: 19968 * MIB, memory_used_bytes: 19 * MIB },
        { index: 1, gpu_instance_id: 2, memory_total_bytes: 19968 * MIB, memory_used_bytes: 19 * MIB },
      ],
    },
  ],
  [
    'dcgm-prom',
    'nvidia/dcgm-exporter.prom',
    1,
    {
      uuid: 'GPU-aaa',
      utilization_ppm: 800_000,
      memory_used_bytes: 1024 * MIB,
      memory_temperature_milli_celsius: null,
      slices: [{ gpu_instance_id: 2, profile: '1g.10gb', utilization_ppm: 600_000 }],
      health: 'degraded',
      faults: [
        { code: '31', severity: 'info' },
        { code: 'row-remap-failed', severity: 'drain' },
      ],
    },
  ],
  [
    'dcgm-prom',
    'nvidia/nvidia_gpu_exporter-linux-x86_64_nvidia-h200-mig_590.48.01_idle.prom',
    1,
    {
      index: 0,
      model: 'NVIDIA H200',
      memory_total_bytes: 150_754_820_096,
      power_milliwatt: 78280,
      clock_core_khz: 345_000,
    },
    { driver_version: '590.48.01' },
  ],
  [
    'rocm-smi-json',
    'amd/mi100_rocm571.json',
    6,
    {
      index: 0,
      memory_total_bytes: 34_342_961_152,
      power_milliwatt: 39_000,
      temperature_milli_celsius: 31_000,
      pcie_gen: 3,
    },
    { driver_version: '6.2.4' },
  ],
  [
    'rocm-smi-json',
    'amd/rx6700xt_rocm612.json',
    1,
    { memory_used_bytes: 1_572_745_216, power_milliwatt: 6000, clock_memory_khz: 96_000, ecc_corrected_total: null },
  ],
  [
    'npu-smi-info',
    'ascend/npu-smi-info-910b3x8.txt',
    8,
    {
      index: 0,
      model: '910B3',
      memory_total_bytes: 65536 * MIB,
      memory_used_bytes: 3318 * MIB,
      power_milliwatt: 101_800,
      health: 'ok',
    },
    { tool_version: '24.1.rc1.b030' },
  ],
  [
    'npu-smi-info',
    'ascend/npu-smi-21.0.4-310-four-chips-one-card.txt',
    4,
    {
      index: 3,
      position: '6/0',
      model: '310',
      memory_total_bytes: 8192 * MIB,
      memory_used_bytes: 2703 * MIB,
      power_milliwatt: 12_800,
    },
  ],
  [
    'cnmon-info',
    'cambricon/cnmon-v5.10.13-mlu370-x8.txt',
    2,
    { model: 'MLU370-X8', memory_total_bytes: 23374 * MIB, power_milliwatt: 106_000 },
  ],
  [
    'hy-smi',
    'hygon/hy-smi-x8.txt',
    8,
    { temperature_milli_celsius: 59_000, power_milliwatt: 114_000, memory_total_bytes: null, model: null },
  ],
  [
    'hy-smi-json',
    'hygon/hy-smi-json-basic-hcu.json',
    1,
    { serial: 'TRCW390010030401', pci: '0000:06:00.0', power_milliwatt: null },
  ],
  [
    'ixsmi',
    'iluvatar/ixsmi-4.4.0-mr-v100-duo.txt',
    2,
    { power_milliwatt: null, memory_used_bytes: 68 * MIB, clock_memory_khz: 1_600_000, processes: [] },
  ],
  [
    'mx-smi',
    'metax/mx-smi-2.2.4-c500.txt',
    1,
    { memory_used_bytes: 858 * MIB, memory_total_bytes: 65536 * MIB, power_milliwatt: 48_000, health: 'ok' },
  ],
  [
    'mthreads-gmi',
    'mthreads/mthreads-gmi-1.14.0-s80.txt',
    1,
    {
      memory_total_bytes: 16384 * MIB,
      memory_used_bytes: 2 * MIB,
      temperature_milli_celsius: 49_000,
      power_milliwatt: null,
    },
  ],
  [
    'xpu-smi',
    'kunlunxin/xpu-smi-p800.txt',
    1,
    { memory_used_bytes: 31058 * MIB, memory_total_bytes: 98304 * MIB, power_milliwatt: 91_000 },
  ],
  [
    'hl-smi',
    'intel/hl-smi-1.16-hl225.txt',
    1,
    { model: 'HL-225', memory_used_bytes: 768 * MIB, power_milliwatt: 82_000 },
  ],
  [
    'efsmi',
    'enflame/efsmi-1.2.0.301-s60x2-ecc-mixed.txt',
    2,
    { serial: 'A073640510015', memory_total_bytes: 49120 * MIB, power_milliwatt: 105_000 },
  ],
  [
    'npu-prom',
    'ascend/npu-exporter-910-x8-mock.prom',
    8,
    { model: '910Awn-Ascend-V1', memory_total_bytes: null, utilization_ppm: 0, health: 'ok' },
  ],
  [
    'nvidia-smi-nvlink',
    'nvidia/nvidia-smi-nvlink-status-a100x8.txt',
    8,
    { link_up: 12, link_total: 12, model: 'NVIDIA A100-SXM4-80GB' },
  ],
  [
    'nvidia-smi-csv',
    'nvidia/nvidia-smi-query-gpu-2gpu-wddm.csv',
    2,
    { index: 0, serial: null, memory_used_bytes: 575 * MIB, driver_version: '466.63' },
  ],
];

describe.skipIf(!present)('real outputs', () => {
  test.each(SAMPLES)('%s reads %s', (tool, file, devices, first, whole = {}) => {
    const reading = parseToolOutput(tool, readFileSync(folder + file, 'utf8'));
    checkReading(reading);
    expect(reading.devices).toHaveLength(devices);
    expect(reading.devices[0]).toMatchObject(first);
    expect(reading).toMatchObject(whole);
  });

  test('two of eight 910A are in Warning; processes stand at their chips', () => {
    const { devices } = parseToolOutput(
      'npu-smi-info',
      readFileSync(`${folder}ascend/npu-smi-24.1.RC2-910x8-two-warning.txt`, 'utf8'),
    );
    expect(devices.map(({ health }) => health)).toEqual(['ok', 'ok', 'ok', 'degraded', 'ok', 'ok', 'ok', 'degraded']);
    expect(devices.map(({ processes }) => processes!.length)).toEqual([4, 4, 4, 4, 4, 4, 4, 4]);
    expect(devices[3]).toMatchObject({ memory_total_bytes: 32768 * MIB, power_milliwatt: 206_900 });
  });

  test.each([
    ['npu-smi-topo', 'ascend/npu-smi-topo-910b3x8.txt', 28, 'HCCS'],
    ['nvidia-smi-topo', 'nvidia/nvidia-smi-topo-2gpu-nv4.txt', 1, 'NV4'],
    ['npu-smi-topo', 'ascend/npu-smi-topo-910c-phy-id.txt', 5, 'SIO'],
  ])('%s reads the links of %s', (tool, file, links, kind) => {
    const reading = parseToolOutput(tool, readFileSync(folder + file, 'utf8'));
    expect(reading.topology!.links).toHaveLength(links);
    expect(reading.topology!.links[0]!.kind).toBe(kind);
  });

  test('an XID in the kernel log is one fault with its count and the card it hit', () => {
    const reading = parseToolOutput('dmesg-xid', readFileSync(`${folder}nvidia/dmesg-xid-119.txt`, 'utf8'));
    expect(reading.devices).toEqual([]);
    expect(reading.faults).toMatchObject([
      { code: '119', severity: 'failed', pci: '0000:9b:00', serial: '1650124014249', count: 5 },
    ]);
  });

  test('every file of the collection is read by a test of this file', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.\w+$/.test(file) && !file.endsWith('.md'),
    );
    const tested = readFileSync(fileURLToPath(import.meta.url), 'utf8');
    expect(files.filter((file) => !tested.includes(file))).toEqual([]);
  });
});
