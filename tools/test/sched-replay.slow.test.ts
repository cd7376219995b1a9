import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../lib/root';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-replay-'));
  writeFileSync(
    path.join(folder, 'nodes.csv'),
    'sn,cpu_milli,memory_mib,gpu,model\nn1,8000,8192,2,T4\nn2,8000,8192,2,A10\n',
  );
  writeFileSync(path.join(folder, 'pods.csv'), 'cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n1000,1024,1,500,T4\n');
  writeFileSync(
    path.join(folder, 'bad.csv'),
    'cpu_milli,memory_mib,num_gpu,gpu_milli\n1000,1024,1,500\n1000,1024,1,none\n',
  );
  writeFileSync(path.join(folder, 'bare.csv'), 'sn,cpu_milli,memory_mib,gpu,model\nn1,8000,8192,0,\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (arg: string) => (arg.endsWith('.csv') ? path.join(folder, arg) : arg);

function run(...args: string[]) {
  const done = spawnSync(process.execPath, ['--import', 'tsx', 'tools/sched-replay.ts', ...args.map(inFolder)], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test('prints one JSON object', () => {
  const { code, out } = run(
    '--nodes',
    'nodes.csv',
    '--pods',
    'pods.csv',
    '--policy',
    'fgd',
    '--seed',
    '7',
    '--at',
    '25,130',
  );
  expect(code).toBe(0);
  const { decision_us, ...rest } = JSON.parse(out);
  expect(rest).toEqual({
    policy: 'fgd',
    seed: 7,
    allocated: { 25: 25, 130: 50 },
    rejected: 7,
    decisions: 11,
  });
  expect(Object.keys(decision_us)).toEqual(['p50', 'p99', 'max']);
});

test.each([
  [
    ['--nodes', 'nodes.csv', '--pods', 'pods.csv', '--policy', 'best'],
    /^There is no policy "best"; there are random, .*\.\n$/,
  ],
  [['--nodes', 'none.csv', '--pods', 'pods.csv', '--policy', 'fgd'], /^The file .*none\.csv does not exist\.\n$/],
  [
    ['--nodes', 'nodes.csv', '--pods', 'bad.csv', '--policy', 'fgd'],
    /^.*bad\.csv, line 3: gpu_milli is "none", not .*\.\n$/,
  ],
  [
    ['--nodes', 'nodes.csv', '--pods', 'pods.csv', '--policy', 'fgd', '--tune', 'x'],
    /^--tune is "x", not a number above 0\.\n$/,
  ],
  [
    ['--nodes', 'bare.csv', '--pods', 'pods.csv', '--policy', 'fgd'],
    /^The nodes of .*bare\.csv have no accelerators\.\n$/,
  ],
  [['--policy', 'fgd'], /^Give --nodes, --pods and --policy; --help says more\.\n$/],
  [['--wrong'], /^Unknown option '--wrong'.*\n$/],
])('%j is answered with one sentence and exit code 2', (args, sentence) => {
  const { code, out, err } = run(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(sentence);
});
