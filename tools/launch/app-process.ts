import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { endWithUs } from '@suanxiang/db/end-with-us';
import { type Handle, logTail } from './supervisor';

export interface AppOptions {
  readonly name: string;
  /** Arguments of node. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Answers below 400 once it serves. */
  readonly healthUrl: string;
  readonly startTimeoutMs: number;
  /** Gives up waiting and ends the process. */
  readonly signal: AbortSignal;
}

/** A little more than the apps' own limit of 25 s. */
const stopTimeoutMs = 30_000;
const maxLogBytes = 20e6;

/** Starts each run with a log that is not too long; the one before is kept as .1. */
export function rotateLog(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > maxLogBytes) renameSync(file, `${file}.1`);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    await response.body?.cancel();
    return response.status < 400;
  } catch {
    return false;
  }
}

/**
 * Starts a Node program in its own process group (a Ctrl-C reaches the launcher first) with an IPC channel: when the
 * launcher is killed, the channel closes and our programs end by themselves; others are ended. Resolves when it is healthy.
 * `onExitCode` is told how it ended.
 */
export async function startApp(options: AppOptions, onExitCode?: (code: number | null) => void): Promise<Handle> {
  rotateLog(options.logFile);
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...options.args], {
    cwd: options.cwd,
    env: options.env as NodeJS.ProcessEnv,
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  });
  closeSync(log);
  endWithUs(child, { first: 'SIGTERM', graceMs: stopTimeoutMs, last: 'SIGKILL' });
  let ended = false;
  const exited = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      ended = true;
      onExitCode?.(code);
      resolve();
    });
  });
  const stop = async () => {
    if (ended) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  };
  const deadline = performance.now() + options.startTimeoutMs;
  while (performance.now() < deadline && !options.signal.aborted) {
    if (ended)
      throw new Error(`${options.name} ended while starting. The end of its log:\n${logTail(options.logFile)}`);
    if (await isHealthy(options.healthUrl)) return { pid: child.pid as number, exited, stop };
    await Promise.race([exited.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  await stop();
  if (options.signal.aborted) throw new Error(`${options.name} was stopped while starting.`);
  throw new Error(
    `${options.name} did not answer ${options.healthUrl} within ${options.startTimeoutMs / 1000} s. ` +
      `The end of its log:\n${logTail(options.logFile)}`,
  );
}
