import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** A process that this product started. `born` tells it from a later process with the same, recycled id. */
export interface OwnProcess {
  readonly name: string;
  readonly pid: number;
  readonly born: string;
}

/** What `.data/run.json` holds while the product runs. */
export interface RunRecord {
  readonly launcher: OwnProcess;
  readonly web: string;
  readonly processes: readonly OwnProcess[];
}

/** When the process started, as an opaque text; undefined when no such process runs. */
export function birthOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command in parentheses may hold spaces; field 3 (state) follows it, field 22 is the start time in ticks.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function ownProcess(name: string, pid: number): OwnProcess {
  return { name, pid, born: birthOf(pid) ?? '' };
}

export function isRunning(own: OwnProcess): boolean {
  return own.born !== '' && birthOf(own.pid) === own.born;
}

export function readRunRecord(file: string): RunRecord | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}

export function writeRunRecord(file: string, record: RunRecord): void {
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/** Ends one process that this product started: its polite signal first, SIGKILL after `graceMs`. */
async function endProcess(own: OwnProcess, graceMs: number): Promise<void> {
  // PostgreSQL takes SIGINT as "fast shutdown"; SIGTERM would wait for every session to leave.
  process.kill(own.pid, own.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  for (let waitedMs = 0; waitedMs < graceMs; waitedMs += 100) {
    if (!isRunning(own)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (isRunning(own)) process.kill(own.pid, 'SIGKILL');
}

/**
 * Ends what an interrupted run left behind (its launcher is gone, its servers are not) and returns their names.
 * Only processes recorded by that run and still the same by start time are touched.
 */
export async function endLeftovers(file: string): Promise<string[]> {
  const record = readRunRecord(file);
  if (!record) return [];
  const left = record.processes.filter(isRunning);
  const servers = left.filter((own) => own.name === 'postgres' || own.name === 'redis');
  const apps = left.filter((own) => !servers.includes(own));
  await Promise.all(apps.map((own) => endProcess(own, 25_000)));
  await Promise.all(servers.map((own) => endProcess(own, 25_000)));
  rmSync(file, { force: true });
  return left.map((own) => own.name);
}
