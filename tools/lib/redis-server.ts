import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { endWithUs } from '@suanxiang/db/end-with-us';
import { locateRedis } from './redis-binary';

export interface RedisServerOptions {
  /** Folder of its data and configuration. */
  readonly dir: string;
  /** Folder below which an unpacked Debian package may be kept. */
  readonly cacheDir: string;
  readonly port: number;
  readonly password: string;
  readonly logFile: string;
  /** Durable: append-only file, synced each second. Disposable: nothing is written, for tests. */
  readonly profile: 'durable' | 'disposable';
}

export interface RunningRedis {
  readonly pid: number;
  readonly url: string;
  readonly origin: string;
  /** Settles when the server process has ended. */
  readonly exited: Promise<void>;
  /** Saves and ends; killed after 10 s. */
  stop(): Promise<void>;
}

const startTimeoutMs = 20_000;
const stopTimeoutMs = 10_000;

function configuration(options: RedisServerOptions): string {
  return [
    `port ${options.port}`,
    'bind 127.0.0.1',
    'protected-mode yes',
    `requirepass ${options.password}`,
    `dir ${JSON.stringify(options.dir)}`,
    'maxmemory-policy noeviction',
    'save ""',
    options.profile === 'durable' ? 'appendonly yes\nappendfsync everysec' : 'appendonly no\ndatabases 512',
    '',
  ].join('\n');
}

/** Sends AUTH and PING; true when the server answers PONG (a loading server does not yet). */
function ping(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    const finish = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
      if (answer.includes('+PONG')) finish(true);
      else if (answer.includes('-')) finish(false);
    });
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}

async function waitReady(child: ChildProcess, options: RedisServerOptions): Promise<void> {
  for (let waitedMs = 0; waitedMs < startTimeoutMs; waitedMs += 50) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const tail = readFileSync(options.logFile, 'utf8').trim().split('\n').slice(-3).join(' | ');
      throw new Error(`Redis ended while starting on port ${options.port}: ${tail}`);
    }
    if (await ping(options.port, options.password)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Redis was not ready within ${startTimeoutMs / 1000} s; see ${options.logFile}`);
}

/**
 * Starts a private Redis on 127.0.0.1 that never evicts. It runs in its own process group, so that a Ctrl-C reaches the
 * caller first. The password stands in a file of mode 600, not in the process list.
 */
export async function startRedis(options: RedisServerOptions): Promise<RunningRedis> {
  const binary = await locateRedis(options.cacheDir);
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  mkdirSync(path.dirname(options.logFile), { recursive: true });
  const configFile = path.join(options.dir, 'redis.conf');
  writeFileSync(configFile, configuration(options), { mode: 0o600 });
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(binary.file, [configFile], {
    env: { ...process.env, ...binary.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  endWithUs(child, { first: null, graceMs: 5_000, last: 'SIGTERM' });
  const exited = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  };
  try {
    await Promise.race([waitReady(child, options), exited.then(() => waitReady(child, options))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid as number,
    url: `redis://:${options.password}@127.0.0.1:${options.port}/0`,
    origin: binary.origin,
    exited,
    stop,
  };
}
