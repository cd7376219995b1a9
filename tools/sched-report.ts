import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { replay } from '@suanxiang/scheduler/replay/replay';
import { readNodes, readTasks, type TraceNode } from '@suanxiang/scheduler/replay/trace';
import { root } from './lib/root';
import { MARKS, REPORTED, schedulingPage } from './lib/scheduling-page';

const help = `Replays every list of a folder under every placement policy and writes docs/generated/scheduling.md.

  npm run --silent sched:report -- --traces FOLDER [--first-seed 42] [--seeds 10] [--print]

FOLDER holds openb_node_list_gpu_node.csv and openb_pod_list_*.csv. With --print the page goes to standard output.`;

const COMMAND = 'npm run --silent sched:report -- --traces FOLDER';
const LIST = /^openb_pod_list_(\w+)\.csv$/;

function meansOf(nodes: readonly TraceNode[], folder: string, list: string, seeds: readonly number[]) {
  const file = path.join(folder, `openb_pod_list_${list}.csv`);
  const tasks = readTasks(file, readFileSync(file, 'utf8'));
  const byPolicy = new Map<string, Map<number, number>>();
  for (const policy of REPORTED) {
    const sums = new Map<number, number>(MARKS.map((mark) => [mark, 0]));
    for (const seed of seeds) {
      const { allocatedPercent } = replay({ nodes, list: tasks, policy, tune: 1.3, seed, marks: MARKS }, () => 0)!;
      for (const mark of MARKS) sums.set(mark, sums.get(mark)! + allocatedPercent.get(mark)!);
    }
    byPolicy.set(policy, new Map(MARKS.map((mark) => [mark, sums.get(mark)! / seeds.length])));
    process.stderr.write(
      `${list} ${policy} ${MARKS.map((at) => byPolicy.get(policy)!.get(at)!.toFixed(2)).join(' ')}\n`,
    );
  }
  return byPolicy;
}

const { values } = parseArgs({
  options: {
    traces: { type: 'string' },
    'first-seed': { type: 'string', default: '42' },
    seeds: { type: 'string', default: '10' },
    print: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help || !values.traces) {
  process.stdout.write(`${help}\n`);
  process.exit(values.help ? 0 : 2);
}
const folder = values.traces;
const seeds = Array.from({ length: Number(values.seeds) }, (_, at) => Number(values['first-seed']) + at);
const nodeFile = path.join(folder, 'openb_node_list_gpu_node.csv');
const nodes = readNodes(nodeFile, readFileSync(nodeFile, 'utf8'));
const lists = readdirSync(folder).flatMap((name) => LIST.exec(name)?.[1] ?? []);
lists.sort((a, b) => Number(b === 'default') - Number(a === 'default') || (a < b ? -1 : 1));
const means = new Map(lists.map((list) => [list, meansOf(nodes, folder, list, seeds)]));
const page = schedulingPage(means, seeds, COMMAND);
if (values.print) process.stdout.write(page);
else writeFileSync(path.join(root, 'docs/generated/scheduling.md'), page);
