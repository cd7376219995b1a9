import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isRunning, type RunRecord, readRunRecord } from '../launch/pids';
import { root } from '../lib/root';

const help = `npm run bench -- memory [--run FILE] [--json]

Memory of every process of a running product (.data/run.json), children included, in MB: proportional set size, which counts
shared pages once. Let the product rest for a minute first. Linux only.
`;

/** Children of every process, by parent. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function ownKb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    // Gone meanwhile, or a process of another user.
    return 0;
  }
}

function treeKb(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + treeKb(child), ownKb(pid));
}

function measure(record: RunRecord): { name: string; mb: number }[] {
  const launcher = { name: 'launcher', mb: ownKb(record.launcher.pid) / 1000 };
  const processes = record.processes.filter(isRunning).map(({ name, pid }) => ({ name, mb: treeKb(pid) / 1000 }));
  return [launcher, ...processes];
}

const { values } = parseArgs({
  options: {
    run: { type: 'string', default: path.join(root, '.data/run.json') },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const record = readRunRecord(values.run);
if (values.help) process.stdout.write(help);
else if (!record || !isRunning(record.launcher)) {
  process.stderr.write(`No running product: ${values.run} does not name one. Start it with "npm run up".\n`);
  process.exitCode = 1;
} else {
  const rows = measure(record);
  const total = rows.reduce((sum, { mb }) => sum + mb, 0);
  if (values.json) process.stdout.write(`${JSON.stringify({ rows, total })}\n`);
  else
    for (const { name, mb } of [...rows, { name: 'total', mb: total }]) {
      process.stdout.write(`${mb.toFixed(1).padStart(8)} MB  ${name}\n`);
    }
}
