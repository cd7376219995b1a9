import { readFileSync } from 'node:fs';
import path from 'node:path';

const MOUNT = '/sys/fs/cgroup';

/** Where the kernel counts for one workload. */
export interface Cgroup {
  /** Processor time so far in microseconds, or null when the workload's first process is gone. */
  usedUs(): number | null;
  memoryBytes(): number | null;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Folders of a process by controller; '' is the unified hierarchy. Null when the process is gone. */
export function cgroupFolders(text: string): Map<string, string> {
  const folders = new Map<string, string>();
  for (const line of text.trim().split('\n')) {
    const [, controllers = '', folder = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const controller of controllers.split(',')) folders.set(controller, folder);
  }
  return folders;
}

/** The cgroup of a process, version 1 or 2. Null when the process is gone. */
export function cgroupOf(pid: number): Cgroup | null {
  const text = read(`/proc/${pid}/cgroup`);
  if (text === null) return null;
  const folders = cgroupFolders(text);
  const legacy = folders.get('cpuacct');
  const base = legacy === undefined ? path.join(MOUNT, folders.get('') ?? '') : path.join(MOUNT, 'cpuacct', legacy);
  const memory =
    legacy === undefined
      ? path.join(base, 'memory.current')
      : path.join(MOUNT, 'memory', folders.get('memory') ?? '', 'memory.usage_in_bytes');
  return {
    usedUs() {
      const counted = read(path.join(base, legacy === undefined ? 'cpu.stat' : 'cpuacct.usage'));
      // Read after the counter: who lives now lived then, and a number that was given to another process is not here.
      const alive = read(path.join(base, 'cgroup.procs'))?.split('\n').includes(String(pid));
      if (counted === null || !alive) return null;
      return legacy === undefined
        ? Number(/^usage_usec (\d+)/m.exec(counted)?.[1])
        : Math.floor(Number(counted) / 1_000);
    },
    memoryBytes() {
      const text = read(memory);
      return text === null ? null : Number(text);
    },
  };
}
