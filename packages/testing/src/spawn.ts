import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

export interface SpawnedProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Everything written to standard output and error so far. */
  output(): string;
  /** Waits until `pattern` appears in the output; throws with the output when the process ends or time runs out. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  /** Sends `signal` and waits for the end; SIGKILL follows after `graceMs`. */
  end(signal?: NodeJS.Signals, graceMs?: number): Promise<number | string>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  // A test that fails before its own clean-up must not leave a process behind.
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a child whose output is kept, and which ends at the latest when this process does. */
export function spawnProcess(command: string, args: readonly string[], options: SpawnOptions = {}): SpawnedProcess {
  const child = spawn(command, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const listeners = new Set<() => void>();
  const append = (chunk: Buffer) => {
    text += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  running.add(child);
  const exited = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal ?? 'unknown');
    });
  });
  exited.catch(() => running.delete(child));

  function waitFor(pattern: RegExp, timeoutMs = 30_000): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => finish(() => reject(new Error(`${why} before ${pattern}:\n${text.slice(-4_000)}`)));
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      const look = () => {
        const match = text.match(pattern);
        if (match) finish(() => resolve(match));
      };
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        listeners.delete(look);
        settle();
      };
      listeners.add(look);
      look();
      exited.then(
        (code) => fail(`The process ended (${code})`),
        (error: Error) => fail(`The process did not start (${error.message})`),
      );
    });
  }

  async function end(signal: NodeJS.Signals = 'SIGTERM', graceMs = 30_000): Promise<number | string> {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    try {
      return await exited;
    } finally {
      clearTimeout(timer);
    }
  }

  return { child, pid: child.pid ?? -1, output: () => text, waitFor, exited, end };
}
