import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { TOOL_NAMES } from '@suanxiang/hal/vendors/tools';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const csv = 'index, uuid, memory.total [MiB], power.draw [W]\n0, GPU-1, 81559 MiB, [N/A]\n';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-hal-parse-'));
  writeFileSync(path.join(folder, 'query.csv'), csv);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], input?: string | Buffer) {
  const done = spawnSync(process.execPath, ['--import', 'tsx', 'tools/hal-parse.ts', ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test('prints the schema with null for what is not measured', () => {
  const { code, out, err } = run(['--tool', 'nvidia-smi-csv', path.join(folder, 'query.csv')]);
  expect([code, err]).toEqual([0, '']);
  const reading = JSON.parse(out);
  expect(Object.keys(reading)).toEqual(
    expect.arrayContaining(['vendor', 'tool', 'tool_version', 'driver_version', 'devices', 'topology', 'warnings']),
  );
  expect(reading.devices).toMatchObject([
    { index: 0, uuid: 'GPU-1', memory_total_bytes: 81_559 * 1024 ** 2, power_milliwatt: null, slices: [], faults: [] },
  ]);
  expect(reading.topology).toBeNull();
});

test('reads standard input, also as Windows writes it', () => {
  const { code, out } = run(['--tool', 'nvidia-smi-csv', '-'], Buffer.from(`\ufeff${csv}`, 'utf16le'));
  expect(code).toBe(0);
  expect(JSON.parse(out).devices).toHaveLength(1);
});

test('lists the tools', () => {
  const { code, out } = run(['--help']);
  expect(code).toBe(0);
  for (const name of TOOL_NAMES) expect(out).toContain(`  ${name} `);
});

test('what cannot be read: exit code 2 and one sentence that names the tool', () => {
  const sentence = (args: string[], input?: string) => {
    const { code, out, err } = run(args, input);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^[^\n]+\.\n$/);
    return err;
  };
  expect(sentence(['--tool', 'nvidia-smi-xml', '-'], '')).toBe('nvidia-smi-xml: the input is empty.\n');
  expect(sentence(['--tool', 'npu-smi-info', '-'], csv)).toMatch(/^npu-smi-info: /);
  expect(sentence(['--tool', 'hy-smi', path.join(folder, 'none.txt')])).toMatch(/^hy-smi: the file .* does not exist/);
  expect(sentence(['--tool', 'abacus', '-'], csv)).toMatch(/^abacus: no such tool/);
  expect(sentence(['-'])).toMatch(/^Name one tool/);
});

test('an option that it does not know', () => {
  const { code, err } = run(['--tols', 'x']);
  expect(code).toBe(2);
  expect(err).toContain('--tols');
});
