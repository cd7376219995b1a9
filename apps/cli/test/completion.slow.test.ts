import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

// Real shells, the program as a process, and an API on loopback that counts what it is asked.

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'suan-completion-'));
// Below node_modules, so that the packages of the bundle are found.
const cache = path.join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const bundle = mkdtempSync(path.join(cache, 'suanxiang-test-'));
const HOSTILE = '$(touch expanded)`touch expanded`';
let server: Server;
let asked: string[] = [];
let answers: Record<string, unknown> = {};

const instances = ['trainer', 'tracer', 'eval'].map((name, index) => ({ id: `inst_${index}`, name, state: 'running' }));

beforeAll(async () => {
  server = createServer((request, response) => {
    const pathname = request.url!.split('?')[0]!;
    asked.push(pathname);
    const items = answers[pathname];
    // A path without an answer is never answered: completion must not wait for it.
    if (items) response.setHeader('content-type', 'application/json').end(JSON.stringify({ items, next_cursor: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const suan = path.join(folder, 'suan');
  execFileSync(process.execPath, [path.join(root, 'tools/build-app.mjs'), 'cli', bundle], { cwd: root });
  writeFileSync(suan, `#!/bin/sh\nexec "${process.execPath}" "${path.join(bundle, 'main.js')}" "$@"\n`);
  chmodSync(suan, 0o755);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  for (const one of [folder, bundle]) rmSync(one, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  answers = { '/v1/instances': instances, '/v1/clusters': [{ id: 'clus_0', name: 'trunk', state: 'running' }] };
  rmSync(path.join(folder, 'cache'), { recursive: true, force: true });
});

async function shell(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const { stdout } = await promisify(execFile)(program, args, {
    cwd: folder,
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      HOME: folder,
      XDG_CACHE_HOME: path.join(folder, 'cache'),
      SUANXIANG_API_URL: `http://127.0.0.1:${port}`,
      SUANXIANG_API_KEY: 'sx_sk_test_key',
      ...env,
    },
  });
  return stdout;
}

/** What bash offers for words, of which the last is at the cursor. */
async function bash(...words: string[]): Promise<string[]> {
  const script = `source <(suan completion bash)
complete -p suan >/dev/null || exit 1
COMP_WORDS=(suan "$@"); COMP_CWORD=$#; _suan
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return (await shell('bash', ['-c', script, 'bash', ...words])).split('\n').filter((line) => line !== '');
}

test('bash completes commands, options, values and names, and asks the API once in half a minute', async () => {
  expect(await bash('inst')).toEqual(['instances']);
  expect(await bash('instances', 'create', '--gp')).toEqual(['--gpus']);
  expect(await bash('clusters', 'create', '--topology', '=', 'same')).toEqual(['same_leaf', 'same_spine']);
  expect(asked).toEqual([]);
  expect(await bash('ssh', 'tr')).toEqual(['trainer', 'tracer', 'trunk']);
  expect(await bash('stop', 'tra')).toEqual(['trainer', 'tracer']);
  expect(asked.sort()).toEqual(['/v1/clusters', '/v1/instances']);
});

test('nothing that an API answers is run by the shell', async () => {
  answers['/v1/webhooks'] = [{ id: HOSTILE, url: HOSTILE }];
  expect(await bash('webhooks', 'get', '$')).toEqual([HOSTILE]);
  expect(existsSync(path.join(folder, 'expanded'))).toBe(false);
});

test('an API that does not answer ends in silence, not in waiting', async () => {
  answers = {};
  expect(await bash('instances', 'get', '')).toEqual([]);
  expect(await shell('suan', ['__complete', 'fish', '--', 'invoices', 'get', ''])).toBe('');
});

test('fish and zsh are given descriptions, bash is not', async () => {
  expect(await shell('suan', ['__complete', 'fish', '--', 'instances', 'get', 'e'])).toBe('eval\tinst_2 running\n');
  expect(await shell('suan', ['__complete', 'bash', '--', 'instances', 'get', 'e'])).toBe('eval\n');
});

const installed = (name: string) => {
  try {
    execFileSync(name, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
};

test.runIf(installed('fish'))('fish completes with the script', async () => {
  const out = await shell('fish', ['-c', 'suan completion fish | source; complete -C "suan instances get tr"']);
  expect(out).toBe('tracer\tinst_1 running\ntrainer\tinst_0 running\n');
});

test.runIf(installed('zsh'))('zsh takes the script', async () => {
  const out = await shell('zsh', [
    '-fc',
    'autoload -U compinit; compinit -D; source <(suan completion zsh); print $_comps[suan]',
  ]);
  expect(out).toBe('_suan\n');
});
