import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { type Figure, figureLine, machineLine, passed } from './scheduler/figures';
import { fragmentationDecisions } from './scheduler/fragmentation-parts';
import {
  conditionedDecisions,
  gangDecisions,
  memory,
  rebuild,
  scatteredGangs,
  singleDecisions,
  sustained,
} from './scheduler/placement-parts';
import { queueMonth, queueRounds, queueWaiting } from './scheduler/queue-parts';

/** What can be measured, by name. Each part runs in a process of its own. */
const PARTS: Record<string, () => Figure[]> = {
  memory,
  rebuild,
  single: singleDecisions,
  conditions: conditionedDecisions,
  gang: gangDecisions,
  scattered: scatteredGangs,
  sustained,
  fragmentation: fragmentationDecisions,
  round: queueRounds,
  waiting: queueWaiting,
  month: queueMonth,
};

const help = `npm run bench -- scheduler [--part NAME]... [--times N]

The scheduler on 100,000 accelerators of 12,500 nodes, 85 to 93 % full, on one core. Each part prints its figures with
their goals and the machine; any figure that misses its goal makes the exit code 1.
Parts: ${Object.keys(PARTS).join(', ')}. Default: all but month, once.
`;

function runHere(part: string): void {
  const figures = PARTS[part]!();
  process.stdout.write(`${part} (${machineLine()})\n${figures.map((figure) => `  ${figureLine(figure)}\n`).join('')}`);
  if (!figures.every(passed)) process.exitCode = 1;
}

function runEach(parts: readonly string[], times: number): void {
  for (const part of parts) {
    for (let i = 0; i < times; i += 1) {
      // One core means one core: garbage, too, is collected there.
      const options = ['--expose-gc', '--single-threaded-gc', ...process.execArgv, process.argv[1]!, '--here', part];
      const { status } = spawnSync(process.execPath, options, { stdio: 'inherit' });
      if (status !== 0) process.exitCode = 1;
    }
  }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      part: { type: 'string', multiple: true, default: Object.keys(PARTS).filter((name) => name !== 'month') },
      times: { type: 'string', default: '1' },
      here: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const unknown = [...values.part, values.here ?? values.part[0]!].find((name) => !PARTS[name]);
  if (values.help || unknown !== undefined) {
    process.stdout.write(`${unknown === undefined ? '' : `no part "${unknown}"\n\n`}${help}`);
    process.exitCode = unknown === undefined ? 0 : 2;
    return;
  }
  if (values.here) runHere(values.here);
  else runEach(values.part, Number(values.times));
}

main();
