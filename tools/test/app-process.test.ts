import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@suanxiang/testing/free-port';
import { spawnProcess } from '@suanxiang/testing/spawn';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startApp } from '../launch/app-process';
import { birthOf } from '../launch/pids';
import { root } from '../lib/root';

let folder: string;
let logFile: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-app-'));
  logFile = path.join(folder, 'app.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const serve = `
  const server = require('node:http').createServer((_, res) => res.end('ok')).listen(process.env.PORT, '127.0.0.1');
  process.on('SIGTERM', () => { console.log('polite end'); server.close(() => process.exit(0)); });
  process.on('disconnect', () => process.exit(0));
  console.log('serving', process.pid);`;

function options(code: string, port: number, startTimeoutMs = 10_000) {
  const env = { ...process.env, PORT: String(port) };
  const healthUrl = `http://127.0.0.1:${port}/livez`;
  const signal = new AbortController().signal;
  return { name: 'app', args: ['-e', code], cwd: folder, env, logFile, healthUrl, startTimeoutMs, signal };
}

test('resolves once the app answers, and stops it politely', async () => {
  const port = await freePort();
  const handle = await startApp(options(serve, port));
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  await handle.stop();
  await handle.exited;
  expect(birthOf(handle.pid)).toBeUndefined();
  expect(readFileSync(logFile, 'utf8')).toContain('polite end');
});

test('an app that ends while starting is reported with the end of its log and its exit code', async () => {
  const codes: (number | null)[] = [];
  const failing = options(`console.error('DATABASE_URL is not a URL'); process.exit(78)`, await freePort());
  await expect(startApp(failing, (code) => void codes.push(code))).rejects.toThrow(/DATABASE_URL is not a URL/);
  expect(codes).toEqual([78]);
});

test('an app that never answers is ended when its time is over', async () => {
  const silent = options(`console.log('pid', process.pid); setInterval(() => {}, 1000)`, await freePort(), 400);
  await expect(startApp(silent)).rejects.toThrow(/did not answer .* within 0.4 s/);
  const pid = Number(readFileSync(logFile, 'utf8').match(/pid (\d+)/)?.[1]);
  expect(birthOf(pid)).toBeUndefined();
});

// The second is like the console's server, which knows nothing of the channel.
test.each([
  ['ends by itself', serve],
  ['is ended', serve.replace(/process\.on\('disconnect'.*/, '')],
])('when the launcher is killed, the app %s', async (_how, code) => {
  const port = await freePort();
  const file = path.join(folder, 'launcher.ts');
  const { signal: _signal, ...rest } = options(code, port);
  writeFileSync(
    file,
    `import { startApp } from ${JSON.stringify(path.join(root, 'tools/launch/app-process'))};
     const options = ${JSON.stringify({ ...rest, env: { PORT: String(port) } })};
     startApp({ ...options, signal: new AbortController().signal }).then((h) => console.log('app', h.pid));
     setInterval(() => {}, 1000);`,
  );
  const launcher = spawnProcess(process.execPath, ['--import', 'tsx', file], { cwd: root });
  const [, pid] = await launcher.waitFor(/app (\d+)/);
  expect(birthOf(Number(pid))).toBeDefined();
  await launcher.end('SIGKILL');
  await vi.waitFor(() => expect(birthOf(Number(pid))).toBeUndefined(), { timeout: 12_000, interval: 50 });
});
