import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { describe, expect, test } from 'vitest';
import { LineEditor, wordsOf } from '../src/shell/line-editor';
import type { DeviceNow, MachineNow } from '../src/shell/machine';
import { Queue } from '../src/shell/queue';
import { ToolError, VENDOR_TOOLS } from '../src/shell/vendor-tools';

const GIB = 1024 ** 3;

function machine(modelId: string, memoryBytes: number, more: Partial<DeviceNow> = {}): MachineNow {
  const device = (index: number): DeviceNow => ({
    deviceId: `d${index}`,
    index,
    modelId,
    uuid: `GPU-0000000${index}-1111-4222-a333-444444444444`,
    pci: `0000:${index}a:00.0`,
    memoryBytes,
    island: 0,
    health: 'ok',
    vendorCode: null,
    utilizationPpm: 420_000,
    memoryUsedBytes: 3 * GIB,
    powerMilliwatt: 250_000,
    temperatureMilliCelsius: 51_000,
    ...more,
  });
  return {
    nowMs: Date.UTC(2026, 0, 2),
    startedAtMs: Date.UTC(2026, 0, 1),
    name: 'm',
    image: 'i',
    node: { driverVersion: '570.124.06', runtimeVersion: 'CUDA 12.8', vcpus: 8 } as MachineNow['node'],
    environment: {},
    devices: [device(0), device(1)],
  };
}

describe('the vendors’ tools of a simulated machine', () => {
  test.each([
    ['nvidia-smi', [], 'nvidia-smi', 'nvidia-h100-80g', 80],
    [
      'nvidia-smi',
      ['--query-gpu=index,uuid,pci.bus_id,memory.total,memory.used,utilization.gpu,temperature.gpu', '--format=csv'],
      'nvidia-smi-csv',
      'nvidia-h100-80g',
      80,
    ],
    ['npu-smi', ['info'], 'npu-smi-info', 'ascend-910b3-64g', 64],
    ['rocm-smi', ['-a', '--json'], 'rocm-smi-json', 'amd-mi300x-192g', 192],
  ])('%s %j is read by our own reader as the state it was written from', (tool, args, parser, modelId, gib) => {
    const text = VENDOR_TOOLS[tool]!.print(machine(modelId, gib * GIB), args);
    const { devices } = parseToolOutput(parser, text);
    expect(devices).toHaveLength(2);
    expect(devices[1]).toMatchObject({
      index: 1,
      memory_total_bytes: gib * GIB,
      memory_used_bytes: 3 * GIB,
      utilization_ppm: 420_000,
      temperature_milli_celsius: 51_000,
    });
  });

  test('tell of a failed device as the vendor does', () => {
    expect(() =>
      VENDOR_TOOLS['nvidia-smi']!.print(machine('nvidia-h100-80g', 80 * GIB, { health: 'failed' }), []),
    ).toThrow(ToolError);
    const text = VENDOR_TOOLS['npu-smi']!.print(machine('ascend-910b3-64g', 64 * GIB, { health: 'failed' }), ['info']);
    expect(parseToolOutput('npu-smi-info', text).devices[0]?.health).toBe('failed');
  });
});

describe('the line discipline', () => {
  const typed = (text: string) => [...new LineEditor().type(Buffer.from(text))];
  const lines = (text: string) => typed(text).flatMap((one) => (one.kind === 'line' ? [one.text] : []));
  test('rubs out, drops arrow keys, and takes characters that came in pieces', () => {
    expect(lines('abx\u007fc\r')).toEqual(['abc']);
    expect(lines('a\u001b[Ab\u001bOC\r')).toEqual(['ab']);
    const editor = new LineEditor();
    const bytes = Buffer.from('算\r');
    const all = [...bytes].flatMap((byte) => [...editor.type(Uint8Array.of(byte))]);
    expect(all.filter(({ kind }) => kind === 'line')).toEqual([{ kind: 'line', text: '算' }]);
    expect(typed('ab\u0003')).toContainEqual({ kind: 'interrupt' });
    expect(typed('\u0004')).toEqual([{ kind: 'end' }]);
  });
  test('keeps quoted words together', () => {
    expect(wordsOf(`echo "a b"c 'd  e'`)).toEqual(['echo', 'a bc', 'd  e']);
  });
});

test('a queue holds back whoever pushes more than is read, and lets go at the end', async () => {
  const queue = new Queue<number>(1);
  const done: number[] = [];
  void queue.push(1).then(() => done.push(1));
  const second = queue.push(2).then(() => done.push(2));
  await Promise.resolve();
  expect(done).toEqual([1]);
  const reader = queue[Symbol.asyncIterator]();
  expect((await reader.next()).value).toBe(1);
  await second;
  const third = queue.push(3).then(() => queue.push(4));
  queue.end();
  await third;
  const rest: number[] = [];
  for await (const item of { [Symbol.asyncIterator]: () => reader }) rest.push(item);
  expect(rest).toEqual([2, 3]);
});
