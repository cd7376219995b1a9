import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnProcess } from '@suanxiang/testing/spawn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../tools/lib/root';
import { expectOutput, guideProgram } from '../../../tools/test/support/guide-program';
import { openRealApi, type RealApi } from './real-api';

const folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-sdk-'));
const installed = path.join(folder, 'node_modules/@suanxiang/sdk');
let real: RealApi;

beforeAll(async () => {
  real = await openRealApi();
  const tsx = path.join(root, 'node_modules/.bin/tsx');
  const packed = execFileSync(tsx, [path.join(root, 'tools/pack-sdk.ts'), path.join(folder, 'dist')], { cwd: root });
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "customer", "private": true, "type": "module" }');
  const archive = packed.toString().trim().split('\n').at(-1)!;
  const install = ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', archive];
  execFileSync('npm', install, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await real?.close();
});

test('the archive holds the client, its types and nothing of the repository’s own', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => !file.startsWith('types')).sort()).toEqual([
    'README.md',
    'index.js',
    'index.js.map',
    'package.json',
  ]);
  const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('dependencies');
  expect(manifest).not.toHaveProperty('private');
  expect(readdirSync(path.join(folder, 'node_modules/@suanxiang'))).toEqual(['sdk']);
  for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const text = readFileSync(path.join(installed, file), 'utf8');
    expect([file, /from ['"](@suanxiang|zod|node:)/.test(text)]).toEqual([file, false]);
  }
});

const program = `import { createClient, isProblem, type Instance } from '@suanxiang/sdk';

const client = createClient({ baseUrl: process.env.API!, apiKey: process.env.KEY });
const made: Instance = await client.instances.create({
  name: 'customer',
  region_id: 'cn-north',
  accelerator_id: 'nvidia-h100-80g',
  gpus: 2,
});
// @ts-expect-error: three accelerators are no shape that exists.
const odd: Parameters<typeof client.instances.create>[0] = { name: 'x', region_id: 'r', accelerator_id: 'a', gpus: 3 };
// @ts-expect-error: a region has to be named.
const vague: Parameters<typeof client.instances.create>[0] = { name: 'x', accelerator_id: 'a' };
// @ts-expect-error: there is no such field.
const wrong = made.colour;
const names: string[] = [];
for await (const { name } of client.instances.list()) names.push(name);
const code = await client.instances.get('inst_01kz8x5v2hfq9t3m7c4n6b8wde').catch((error: unknown) => {
  if (isProblem(error, 'not_found')) return error.code;
  throw error;
});
console.log(JSON.stringify({ names, state: made.state, code, odd: odd.gpus, vague: vague.name, wrong: String(wrong) }));
`;

const guide = guideProgram('docs/guides/client-typescript.md', 'ts');

test.each([
  ['Node', { module: 'nodenext' }],
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler' }],
])('a program is checked against its types as %s finds them', (_, resolution) => {
  const declared = 'declare const process: { env: Record<string, string | undefined> };\n';
  writeFileSync(path.join(folder, 'program.ts'), declared + program);
  writeFileSync(path.join(folder, 'guide.ts'), declared + guide.program);
  const compilerOptions = {
    ...resolution,
    target: 'es2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    outDir: 'out',
  };
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['program.ts', 'guide.ts'] }),
  );
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

test('and runs against the API', async () => {
  const env = { ...process.env, API: real.proxy.url, KEY: real.apiKey };
  const run = spawnProcess(process.execPath, [path.join(folder, 'out/program.js')], { env });
  await run.waitFor(/\n$/);
  expect(JSON.parse(run.output().trim())).toEqual({
    names: ['customer'],
    state: 'queued',
    code: 'not_found',
    odd: 3,
    vague: 'x',
    wrong: 'undefined',
  });
  await run.end('SIGTERM');
});

test('docs/guides/client-typescript.md works as it stands', async () => {
  real.finishLaunches('guide-%');
  const env = { ...process.env, SUANXIANG_API_URL: real.proxy.url, SUANXIANG_API_KEY: real.apiKey };
  const run = spawnProcess(process.execPath, [path.join(folder, 'out/guide.js')], { env });
  expect(await run.exited).toBe(0);
  expectOutput(guide.expected, run.output());
});
