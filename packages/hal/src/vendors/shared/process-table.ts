import type { Draft } from './draft';
import type { ProcessReading } from './reading';
import { parseQuantity } from './values';

const TYPE = /^(?:C|G|C\+G|M\+C|M\+C\+G|MPS)$/;

interface Found {
  device: number;
  process: ProcessReading;
}

/** One row of a process table: the device's number, the process id where the heading says, name, memory at the end. */
function readRow(text: string, pidColumn: number): Found | null {
  const tokens = text.trim().split(/\s+/);
  const device = tokens[0];
  const pid = tokens[pidColumn];
  if (!device || !pid || !/^\d{1,6}$/.test(device) || !/^\d{1,10}$/.test(pid)) return null;
  const memory = /(\d[\d.,]{0,12})\s*([KMGT]i?B)?$/i.exec(text.trim());
  const rest = tokens.slice(pidColumn + 1);
  if (rest[0] && TYPE.test(rest[0])) rest.shift();
  const tail = memory
    ? memory[2] && /^[KMGT]i?B$/i.test(rest.at(-1) ?? '')
      ? 2
      : 1
    : /^N\/A$/i.test(rest.at(-1) ?? '')
      ? 1
      : 0;
  const name = rest.slice(0, rest.length - tail).join(' ');
  const bytes = memory ? parseQuantity(memory[0], 'bytes', 'MiB') : null;
  return {
    device: Number(device),
    process: { pid: Number(pid), name: name || null, memory_used_bytes: bytes?.kind === 'value' ? bytes.value : null },
  };
}

/** Reads the last process table below a device table; null when there is none. */
function readProcesses(sections: readonly string[][][]): Found[] | null {
  let found: Found[] | null = null;
  let pidColumn = 1;
  for (const rows of sections) {
    const lines = rows.map((cells) => cells.join(' '));
    const heading = lines.find((line) => /\bPID\b/i.test(line) && !/^\s*\d/.test(line));
    if (!heading && !found && !lines.some((line) => /process/i.test(line))) continue;
    if (heading || !found) found = [];
    if (heading) {
      const words = heading.trim().split(/\s+/);
      pidColumn = Math.max(
        1,
        words.findIndex((word) => /^PID$/i.test(word)),
      );
    }
    for (const line of lines) {
      const row = line.length < 1000 ? readRow(line, pidColumn) : null;
      if (row) found.push(row);
    }
  }
  return found;
}

/** Gives each device its processes; an empty list where the tool says that there are none. */
export function attachProcesses(drafts: readonly Draft[], sections: readonly string[][][]): void {
  const found = readProcesses(sections);
  if (!found) return;
  const last = new Map(drafts.map((draft) => [draft.reading.index, draft]));
  for (const draft of drafts) draft.reading.processes = [];
  for (const { device, process } of found) last.get(device)?.reading.processes?.push(process);
}
