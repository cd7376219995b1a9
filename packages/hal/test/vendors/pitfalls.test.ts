import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { decodeOutput } from '@suanxiang/hal/vendors/shared/decode';
import { isErrorToken, isLost, isUnavailable, parseQuantity } from '@suanxiang/hal/vendors/shared/values';
import { describe, expect, test } from 'vitest';
import { NPU_910C } from './fixtures/ascend';
import { SMI_CSV, SMI_TABLE, SMI_XML_V13 } from './fixtures/nvidia';

const QUERY = 'index, memory.total [MiB], power.draw [W], utilization.gpu [%]\n0, 81559 MiB, ';

describe('values that are none', () => {
  test.each([
    'N/A',
    '[N/A]',
    '[Not Supported]',
    'Not Supported',
    'NA',
    '-',
    '',
    'Unknown',
    '[Insufficient Permissions]',
  ])('%s is no reading, never zero', (token) => {
    expect(isUnavailable(token)).toBe(true);
    expect(parseToolOutput('nvidia-smi-csv', `${QUERY}${token}, 3 %\n`).devices[0]).toMatchObject({
      power_milliwatt: null,
      utilization_ppm: 30_000,
      health: 'ok',
    });
  });

  test.each(['ERR!', '[Unknown Error]', 'Unknown Error'])(
    '%s is a reading that failed: named, and a fault',
    (token) => {
      expect(isErrorToken(token)).toBe(true);
      const { devices, warnings } = parseToolOutput('nvidia-smi-csv', `${QUERY}${token}, 3 %\n`);
      expect(devices[0]).toMatchObject({ power_milliwatt: null, faults: [{ code: 'reading-failed' }] });
      expect(warnings.join(' ')).toContain(token);
    },
  );

  test.each([';', '\t'])('%j between the cells leaves decimal commas to the numbers', (separator) => {
    const rows = [
      ['index', 'name', 'power.draw [W]', 'memory.total [MiB]'],
      ['0', 'NVIDIA L40S', '81,35 W', '46068 MiB'],
    ];
    const text = rows.map((cells) => cells.join(separator)).join('\n');
    expect(parseToolOutput('nvidia-smi-csv', text).devices[0]).toMatchObject({
      model: 'NVIDIA L40S',
      power_milliwatt: 81_350,
      memory_total_bytes: 46_068 * 2 ** 20,
    });
  });

  test('[GPU is lost] is a device that failed', () => {
    expect(isLost('[GPU is lost]')).toBe(true);
    expect(parseToolOutput('nvidia-smi-csv', `${QUERY}[GPU is lost], [GPU is lost]\n`).devices[0]).toMatchObject({
      health: 'failed',
      faults: [{ code: 'lost' }],
    });
  });
});

test.each([
  ['80 GB', 'bytes', 'MiB', 80 * 1024 ** 3],
  ['81559MB', 'bytes', 'B', 81_559 * 1024 ** 2],
  ['1,024 MiB', 'bytes', 'MiB', 1024 ** 3],
  ['66,92 W', 'power', 'W', 66_920],
  ['48000 mW', 'power', 'W', 48_000],
  ['36,5 °C', 'temperature', 'C', 36_500],
  ['0.125', 'share', 'ratio', 125_000],
  ['12.5 %', 'share', 'percent', 125_000],
  ['1.755 GHz', 'frequency', 'MHz', 1_755_000],
] as const)('%s', (text, dimension, unit, value) => {
  expect(parseQuantity(text, dimension, unit)).toMatchObject({ kind: 'value', value });
});

describe('what cannot be read is one sentence that names the tool and says why', () => {
  test.each([
    ['nvidia-smi-xml', '', /empty/],
    ['npu-smi-info', ' \r\n\t\n', /empty/],
    ['nvidia-smi-xml', SMI_TABLE, /no XML/],
    ['npu-smi-info', SMI_TABLE, /another tool/],
    ['nvidia-smi', NPU_910C, /another tool \(try npu-smi/],
    ['nvidia-smi-xml', SMI_XML_V13.slice(0, 700), /cut off|ends before/],
    ['nvidia-smi', SMI_TABLE.slice(0, SMI_TABLE.indexOf('688W')), /cut off/],
    [
      'nvidia-smi',
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
      /couldn't communicate/,
    ],
    ['nvidia-smi-csv', 'Failed to initialize NVML: Driver/library version mismatch\n', /version mismatch/],
    [
      'npu-smi-info',
      'DrvMngGetConsoleLogLevel failed. (g_conLogLevel=3)\ndcmi module initialize failed. ret is -8005\n',
      /dcmi module/,
    ],
    ['hy-smi', 'bash: hy-smi: command not found\n', /command not found/],
    ['rocm-smi-json', '{"card0": {"GPU use', /rocm-smi-json/],
    ['dcgm-prom', '<html><body>404 page not found</body></html>', /metrics/],
    ['no-such-tool', 'x', /no such tool/],
  ])('%s (%#)', (tool, text, reason) => {
    const failure = () => parseToolOutput(tool, text);
    expect(failure).toThrow(reason);
    expect(failure).toThrow(new RegExp(`^${tool}: [^\n]+\\.$`));
  });
});

test('line ends doubled by a terminal, and blank lines between all lines', () => {
  const plain = parseToolOutput('nvidia-smi', SMI_TABLE).devices;
  expect(parseToolOutput('nvidia-smi', SMI_TABLE.replaceAll('\n', '\r\r\n')).devices).toEqual(plain);
  expect(parseToolOutput('nvidia-smi', SMI_TABLE.replaceAll('\n', '\n\n')).devices).toEqual(plain);
  expect(parseToolOutput('npu-smi-info', NPU_910C.replaceAll('\n', '\n\n')).devices).toEqual(
    parseToolOutput('npu-smi-info', NPU_910C).devices,
  );
});

test('a query that ran in a loop: the last reading of each device', () => {
  const row = (index: number, watt: number) => `${index}, 81559 MiB, ${watt}.00 W, 3 %\n`;
  const heading = QUERY.slice(0, QUERY.indexOf('\n') + 1);
  const { devices, warnings } = parseToolOutput(
    'nvidia-smi-csv',
    `${heading}${row(0, 60)}${row(1, 61)}${row(0, 70)}${row(1, 71)}${heading}${row(0, 80)}${row(1, 81)}`,
  );
  expect(devices.map(({ index, power_milliwatt }) => [index, power_milliwatt])).toEqual([
    [0, 80_000],
    [1, 81_000],
  ]);
  expect(warnings.join(' ')).toMatch(/more than once/);
});

test.each([
  ['nvidia-smi', SMI_TABLE],
  ['npu-smi-info', NPU_910C],
])('%s printed twice has each device once', (tool, text) => {
  expect(parseToolOutput(tool, `${text}\n${text}`).devices).toEqual(parseToolOutput(tool, text).devices);
});

test('quoted in a message', () => {
  expect(parseToolOutput('npu-smi-info', NPU_910C.replace(/^/gm, '> ')).devices).toEqual(
    parseToolOutput('npu-smi-info', NPU_910C).devices,
  );
});

test('UTF-16 as redirection on Windows writes it', () => {
  const little = Buffer.from(`\ufeff${SMI_CSV}`, 'utf16le');
  const big = Buffer.from(little).swap16();
  for (const bytes of [little, big, Buffer.from(`\ufeff${SMI_CSV}`)]) {
    expect(parseToolOutput('nvidia-smi-csv', decodeOutput(bytes)).devices).toEqual(
      parseToolOutput('nvidia-smi-csv', SMI_CSV).devices,
    );
  }
});
