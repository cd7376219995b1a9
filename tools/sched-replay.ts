import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { POLICY_NAMES } from '@suanxiang/scheduler/replay/policies';
import { replay } from '@suanxiang/scheduler/replay/replay';
import { readNodes, readTasks, TraceError } from '@suanxiang/scheduler/replay/trace';

const help = `Replays a list of tasks on a fleet and prints one JSON object.

  npm run --silent sched:replay -- --nodes FILE --pods FILE --policy NAME --tune 1.3 --seed N [--at 100,130]

--nodes   comma-separated values: sn, cpu_milli, memory_mib, gpu, model
--pods    comma-separated values: cpu_milli, memory_mib, num_gpu, gpu_milli and, where there, gpu_spec (models, joined by |)
--policy  ${POLICY_NAMES.join(', ')}
--tune    tasks are drawn again from the list until they ask for so many times the capacity (1.3)
--seed    order of tasks and nodes, and the random policy's choices (42)
--at      demand in percent of capacity at which the allocation is noted (100,130)

Tasks arrive in random order; each is placed for ever or rejected. "allocated" is the part of all accelerators in use, in
percent, at each point of --at; "decision_us" is the time of one decision in microseconds. Everything but the times is the
same on every machine.`;

/** Wrong use, in one sentence. */
class UsageError extends Error {}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(`The file ${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}.`);
  }
}

function number(name: string, text: string, isGood: (value: number) => boolean, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !isGood(value)) throw new UsageError(`--${name} is "${text}", not ${what}.`);
  return value;
}

const isPositive = (value: number) => Number.isFinite(value) && value > 0;

function readRequest() {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string' },
      pods: { type: 'string' },
      policy: { type: 'string' },
      tune: { type: 'string', default: '1.3' },
      seed: { type: 'string', default: '42' },
      at: { type: 'string', default: '100,130' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const { nodes, pods, policy } = values;
  if (!nodes || !pods || !policy) throw new UsageError('Give --nodes, --pods and --policy; --help says more.');
  if (!POLICY_NAMES.includes(policy)) {
    throw new UsageError(`There is no policy "${policy}"; there are ${POLICY_NAMES.join(', ')}.`);
  }
  const fleet = readNodes(nodes, readText(nodes));
  if (fleet.every(({ capacity }) => capacity.deviceMilli.length === 0)) {
    throw new UsageError(`The nodes of ${nodes} have no accelerators.`);
  }
  return {
    policy,
    tune: number('tune', values.tune, isPositive, 'a number above 0'),
    seed: number('seed', values.seed, (value) => Number.isInteger(value) && value >= 0, 'a whole number'),
    marks: values.at.split(',').map((text) => number('at', text, isPositive, 'percentages above 0, joined by commas')),
    nodes: fleet,
    list: readTasks(pods, readText(pods)),
  };
}

const quantile = (sorted: readonly number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

function main(): void {
  const request = readRequest();
  if (!request) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const result = replay(request, () => performance.now() * 1_000)!;
  const times = result.decisionTimes.sort((a, b) => a - b);
  const at = (part: number) => rounded(quantile(times, part), 1);
  const allocated = request.marks.map((mark) => [mark, rounded(result.allocatedPercent.get(mark)!, 4)]);
  const printed = {
    policy: request.policy,
    seed: request.seed,
    allocated: Object.fromEntries(allocated),
    rejected: result.rejected,
    decisions: result.decisions,
    decision_us: { p50: at(0.5), p99: at(0.99), max: at(1) },
  };
  process.stdout.write(`${JSON.stringify(printed)}\n`);
}

try {
  main();
} catch (error) {
  const isBadInput =
    error instanceof UsageError ||
    error instanceof TraceError ||
    String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  if (!isBadInput) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
