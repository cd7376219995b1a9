import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readBaseConfig } from '@suanxiang/platform/config';
import { freePort } from '@suanxiang/testing/free-port';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkDatabase, checkGivenRedis } from '../launch/check-servers';
import { checkBlockedPorts, checkDisk, checkPorts } from '../launch/checks';
import { readOptions } from '../launch/options';
import { endLeftovers, isRunning, ownProcess, writeRunRecord } from '../launch/pids';
import { portHolder } from '../launch/ports';
import { lockFolder } from '../launch/start-lock';
import { type Handle, type ServiceSpec, Supervisor } from '../launch/supervisor';
import { contentHash, isFresh, writeStamp } from '../lib/content-hash';

let folder: string;
const children: ChildProcess[] = [];
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-launch-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  server?.close();
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

function sleeper(): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  children.push(child);
  return child;
}

describe('options', () => {
  test('are read with their defaults', () => {
    expect(readOptions([])).toEqual({ reset: false, portOffset: 0, web: true, live: true, agent: false });
    expect(readOptions(['--reset', '--port-offset', '1000', '--no-web', '--no-live'])).toEqual({
      reset: true,
      portOffset: 1000,
      web: false,
      live: false,
      agent: false,
    });
    expect(readOptions(['--help'])).toBeUndefined();
  });

  test.each([[['--port-offset', 'x']], [['--port-offset', '-5']], [['--frobnicate']]])('%j is refused', (args) => {
    expect(() => readOptions(args)).toThrow(/port-offset|frobnicate/);
  });
});

describe('checks', () => {
  test('a taken port names the program that holds it and a way out', async () => {
    server = createServer();
    const port = await new Promise<number>((resolve) => {
      server?.listen(0, '127.0.0.1', () => {
        const address = server?.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const config = readBaseConfig({ API_PORT: String(port), PORT_OFFSET: '21000' }, folder);
    const findings = await checkPorts(config, true);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.detail).toContain(`Port ${port} (API) is taken by`);
    expect(findings[0]?.fix).toContain('--port-offset');
    expect(portHolder(port)).toContain(`process ${process.pid}`);
  });

  test('a port that browsers refuse is named before anything starts', () => {
    const blocked = (env: Record<string, string>, web = true) => checkBlockedPorts(readBaseConfig(env, folder), web);
    expect(blocked({})).toEqual([]);
    expect(blocked({ PORT_OFFSET: '1000' })).toEqual([]);
    expect(blocked({ PORT_OFFSET: '3000' })).toMatchObject([
      { level: 'fail', detail: expect.stringMatching(/^Port 6000 \(console\) .* x11$/) },
    ]);
    // Without the console nobody opens its port, and PostgreSQL is not spoken to over HTTP.
    expect(blocked({ PORT_OFFSET: '3000' }, false)).toEqual([]);
    expect(blocked({ POSTGRES_PORT: '6000' })).toEqual([]);
  });

  test('servers of one’s own that do not answer are named with what to do', async () => {
    // Nothing listens there.
    const port = await freePort();
    const env = { DATABASE_URL: `postgresql://a:b@127.0.0.1:${port}/x`, REDIS_URL: `redis://127.0.0.1:${port}` };
    const config = readBaseConfig(env, folder);
    expect(await checkDatabase(config)).toMatchObject({
      level: 'fail',
      detail: expect.stringContaining(`127.0.0.1:${port} of DATABASE_URL does not answer`),
    });
    expect(await checkGivenRedis(config)).toMatchObject({
      level: 'fail',
      detail: expect.stringContaining(`127.0.0.1:${port} of REDIS_URL does not answer`),
    });
    const own = readBaseConfig({}, folder);
    expect(await checkDatabase(own)).toMatchObject({ level: 'ok' });
    expect(await checkGivenRedis(own)).toBeNull();
  });

  test('free disk space is measured where the data will be, though the folder does not exist yet', () => {
    const finding = checkDisk(readBaseConfig({ DATA_DIR: path.join(folder, 'not/yet') }, folder));
    expect(finding.detail).toContain(folder);
  });
});

describe('leftovers of an interrupted run', () => {
  test('are ended, and a recycled process id is not touched', async () => {
    const ours = sleeper();
    const stranger = sleeper();
    const file = path.join(folder, 'run.json');
    const gone = { name: 'launcher', pid: 999_999_9, born: '1' };
    writeRunRecord(file, {
      launcher: gone,
      web: '',
      processes: [ownProcess('worker', ours.pid as number), { name: 'api', pid: stranger.pid as number, born: '1' }],
    });
    expect(await endLeftovers(file)).toEqual(['worker']);
    expect(isRunning(ownProcess('api', stranger.pid as number))).toBe(true);
    expect(ours.exitCode ?? ours.signalCode).not.toBeNull();
    expect(await endLeftovers(file)).toEqual([]);
  });
});

describe('two starts in one folder', () => {
  test('the second is told of the first, and one that died is no obstacle', () => {
    const file = path.join(folder, 'launcher.lock');
    const first = sleeper();
    writeFileSync(file, JSON.stringify(ownProcess('launcher', first.pid as number)));
    expect(() => lockFolder(folder)).toThrow(new RegExp(`under way \\(process ${first.pid}\\).*DATA_DIR=`));
    writeFileSync(file, JSON.stringify({ name: 'launcher', pid: first.pid, born: 'another process with this id' }));
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`process ${process.pid}`);
    unlock();
    lockFolder(folder)();
  });
});

describe('supervisor', () => {
  interface Fake {
    spec: ServiceSpec;
    starts: () => number;
    crash: () => void;
    stopped: () => boolean;
  }

  function fake(name: string, log: string[], failures = 0): Fake {
    let starts = 0;
    let crash = () => {};
    let stopped = false;
    const start = async (): Promise<Handle> => {
      starts += 1;
      if (starts > 1 && starts <= 1 + failures) throw new Error('not yet');
      const exited = new Promise<void>((resolve) => {
        crash = resolve;
      });
      const stop = async () => {
        stopped = true;
        log.push(name);
        crash();
      };
      return { pid: process.pid, exited, stop };
    };
    const spec = { name, logFile: path.join(folder, `${name}.log`), start };
    return { spec, starts: () => starts, crash: () => crash(), stopped: () => stopped };
  }

  function silence(): string[] {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    return lines;
  }

  test('stops in reverse order of starting', async () => {
    const order: string[] = [];
    const supervisor = new Supervisor({ onGiveUp: () => {}, onChange: () => {} });
    for (const name of ['postgres', 'api', 'web']) await supervisor.start(fake(name, order).spec);
    await supervisor.stop();
    expect(order).toEqual(['web', 'api', 'postgres']);
  });

  test('a service that ends by itself is announced with its log and started again', async () => {
    const lines = silence();
    const supervisor = new Supervisor({ onGiveUp: () => {}, onChange: () => {} });
    const worker = fake('worker', []);
    writeFileSync(worker.spec.logFile, 'the reason stands here\n');
    await supervisor.start(worker.spec);
    worker.crash();
    await vi.waitFor(() => expect(worker.starts()).toBe(2), 3_000);
    await vi.waitFor(() => expect(lines.join('')).toContain('worker is back'));
    expect(lines.join('')).toContain('the reason stands here');
    await supervisor.stop();
    expect(worker.stopped()).toBe(true);
  });

  test('a service that is still starting when the stop comes is stopped as well', async () => {
    const supervisor = new Supervisor({ onGiveUp: () => {}, onChange: () => {} });
    let stopped = false;
    const spec: ServiceSpec = {
      name: 'slow',
      logFile: path.join(folder, 'slow.log'),
      start: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        const stop = async () => {
          stopped = true;
        };
        return { pid: process.pid, exited: new Promise(() => {}), stop };
      },
    };
    const starting = supervisor.start(spec);
    await supervisor.stop();
    await starting;
    expect(stopped).toBe(true);
  });

  test('a bad setting is not tried again', async () => {
    silence();
    const given: string[] = [];
    const supervisor = new Supervisor({ onGiveUp: (name) => given.push(name), onChange: () => {} });
    const api = fake('api', []);
    await supervisor.start({ ...api.spec, isFinal: () => true });
    api.crash();
    await vi.waitFor(() => expect(given).toEqual(['api']));
    expect(api.starts()).toBe(1);
  });
});

test('a content stamp is fresh until a file or its name changes, or an output is missing', () => {
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write('a.ts', '1');
  write('out.js', 'built');
  const stamp = path.join(folder, 'cache/build.stamp');
  const outputs = [path.join(folder, 'out.js')];
  const hash = () => contentHash(folder, ['a.ts', 'b.ts']);
  expect(isFresh(stamp, hash(), outputs)).toBe(false);
  writeStamp(stamp, hash());
  expect(isFresh(stamp, hash(), outputs)).toBe(true);
  write('b.ts', '');
  expect(isFresh(stamp, hash(), outputs)).toBe(false);
  writeStamp(stamp, hash());
  rmSync(path.join(folder, 'out.js'));
  expect(isFresh(stamp, hash(), outputs)).toBe(false);
});
