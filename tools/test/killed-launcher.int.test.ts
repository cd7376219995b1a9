import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@suanxiang/testing/free-port';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isRunning, ownProcess } from '../launch/pids';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-killed-'));
  // PostgreSQL may run as another user, who must be able to enter.
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('PostgreSQL and Redis do not outlive a launcher that is killed with SIGKILL', async () => {
  const script = path.join(import.meta.dirname, 'support/start-servers.ts');
  const ports = [await freePort(), await freePort()].map(String);
  const launcher = spawn(process.execPath, ['--import', 'tsx', script, folder, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
  const servers = (JSON.parse(line.toString()) as number[]).map((pid) => ownProcess('server', pid));
  expect(servers.map(isRunning)).toEqual([true, true]);
  launcher.kill('SIGKILL');
  await vi.waitFor(() => expect(servers.map(isRunning)).toEqual([false, false]), { timeout: 45_000, interval: 100 });
});
