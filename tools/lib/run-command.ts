import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where both output streams go; overwritten. Without it they go to this terminal. */
  readonly logFile?: string;
}

const running = new Set<ChildProcess>();

/** Ends the commands that run now; their promises then reject. */
export function stopRunningCommands(): void {
  for (const child of running) child.kill('SIGTERM');
}

function ended(child: ChildProcess, title: string): Promise<void> {
  running.add(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve();
      else reject(new Error(`node ${title} ended with ${code ?? signal}`));
    });
  });
}

/** Runs node with `args` to its end; rejects with the exit code. */
export function runNode(args: readonly string[], options: CommandOptions): Promise<void> {
  const log = options.logFile ? openSync(options.logFile, 'w', 0o600) : undefined;
  const child = spawn(process.execPath, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'],
  });
  if (log !== undefined) closeSync(log);
  return ended(child, args[0] ?? '');
}

/** Like runNode, and returns what it wrote to standard output; a failure carries the end of standard error. */
export async function captureNode(args: readonly string[], options: Omit<CommandOptions, 'logFile'>): Promise<string> {
  const child = spawn(process.execPath, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-8_000);
  });
  try {
    await ended(child, args[0] ?? '');
  } catch (error) {
    const told = stderr.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
    throw new Error(told.slice(-15).join('\n') || (error as Error).message);
  }
  return stdout;
}
