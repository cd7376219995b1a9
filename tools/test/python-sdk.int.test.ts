import path from 'node:path';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { openRealApi, type RealApi } from '../../packages/sdk/test/real-api';
import { root } from '../lib/root';
import { expectOutput, guideProgram } from './support/guide-program';
import { pythonVenv, type Venv } from './support/python-venv';

let venv: Venv | { missing: string };
let real: RealApi;

beforeAll(async () => {
  [real, venv] = await Promise.all([openRealApi(), pythonVenv()]);
  for (const name of ['finish-%', 'guide-%']) real.finishLaunches(name);
}, 300_000);
afterAll(async () => {
  await real?.close();
});

const environment = () => ({ SUANXIANG_API_URL: real.proxy.url, SUANXIANG_API_KEY: real.apiKey });

/** The environment; without one the test is left out and says why. */
function present(context: TestContext): Venv {
  if (!('missing' in venv)) return venv;
  process.stderr.write(`The Python client is not tested here: ${venv.missing}\n`);
  return context.skip(venv.missing);
}

test('the Python client passes its tests, as installed, against the API', { timeout: 300_000 }, async (context) => {
  const output = await present(context).python(['-m', 'pytest', '-q'], environment());
  expect(output).toMatch(/\b2\d passed/);
  expect(output).not.toMatch(/skipped|failed/);
});

test('docs/guides/client-python.md works as it stands', { timeout: 120_000 }, async (context) => {
  const { program, expected } = guideProgram('docs/guides/client-python.md', 'python');
  expectOutput(expected, await present(context).python(['-c', program], environment()));
});

test('its types are strict, and an installed client carries them', { timeout: 300_000 }, async (context) => {
  const cache = path.join(root, '.cache/mypy');
  expect(await present(context).python(['-m', 'mypy', '--cache-dir', cache])).toMatch(/^Success/);
  const program = 'import suanxiang; reveal_type(suanxiang.Suanxiang("k", base_url="u").instances.get("i").gpus)';
  const told = await present(context).python([
    '-m',
    'mypy',
    '--config-file=',
    '--strict',
    '--cache-dir',
    cache,
    '-c',
    program,
  ]);
  expect(told).toContain('Revealed type is "int"');
});
