import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits, type NodeRoom, type TaskShape, taskMilli } from '../src/fragmentation/node-room';
import { arrivals } from '../src/replay/arrivals';
import type { Chooser } from '../src/replay/chooser';
import { ReplayCluster } from '../src/replay/cluster';
import { chooserOf, POLICY_NAMES } from '../src/replay/policies';
import { Prng } from '../src/replay/prng';
import { placeAll, replay } from '../src/replay/replay';
import { readNodes, readTasks, TraceError, type TraceNode } from '../src/replay/trace';
import { anyFleet, anyTask } from './support/nodes';

/** Another account of what is free, kept by hand, against which every decision is checked. */
class Ledger implements Chooser {
  readonly free: NodeRoom[];
  readonly #chooser: Chooser;
  constructor(fleet: readonly TraceNode[], chooser: Chooser) {
    this.free = fleet.map(({ capacity }) => ({ ...capacity, deviceMilli: [...capacity.deviceMilli] }));
    this.#chooser = chooser;
  }
  choose(cluster: ReplayCluster, task: TaskShape) {
    const choice = this.#chooser.choose(cluster, task);
    if (choice === null) {
      expect(this.free.filter((node) => fits(node, task))).toEqual([]);
      return null;
    }
    const node = this.free[choice.node]!;
    if (task.models !== null && task.deviceCount > 0) expect(task.models).toContain(node.model);
    const deviceMilli = [...node.deviceMilli];
    expect(new Set(choice.devices).size).toBe(task.deviceCount);
    for (const at of choice.devices) {
      if (task.deviceMilli === 1_000) expect(deviceMilli[at]).toBe(1_000);
      deviceMilli[at]! -= task.deviceMilli;
    }
    const { model } = node;
    const [cpuMilli, memoryMib] = [node.cpuMilli - task.cpuMilli, node.memoryMib - task.memoryMib];
    expect(Math.min(cpuMilli, memoryMib, ...deviceMilli)).toBeGreaterThanOrEqual(0);
    this.free[choice.node] = { model, cpuMilli, memoryMib, deviceMilli };
    return choice;
  }
}

test.each(POLICY_NAMES)(
  '%s never gives more than there is, obeys models, and refuses only what fits nowhere',
  (name) => {
    fc.assert(
      fc.property(anyFleet, fc.array(anyTask, { minLength: 1, maxLength: 30 }), fc.nat(), (fleet, tasks, seed) => {
        const cluster = new ReplayCluster(fleet);
        const ledger = new Ledger(fleet, chooserOf(name, tasks, seed)!);
        const result = placeAll(cluster, tasks, ledger, [1_000_000], () => 0);
        expect([...cluster.stateOf].map((state) => cluster.states[state])).toEqual(ledger.free);
        const left = ledger.free.flatMap((node) => node.deviceMilli).reduce((sum, milli) => sum + milli, 0);
        const used = cluster.capacityMilli - left;
        if (used > 0)
          expect(result.allocatedPercent.get(1_000_000)).toBeCloseTo((100 * used) / cluster.capacityMilli, 9);
        expect(result.rejected).toBeLessThanOrEqual(result.decisions);
      }),
      { numRuns: 150 },
    );
  },
);

test.each(POLICY_NAMES)('%s decides the same when asked again', (policy) => {
  fc.assert(
    fc.property(anyFleet, fc.array(anyTask, { minLength: 1, maxLength: 30 }), fc.nat(), (nodes, list, seed) => {
      const once = () => replay({ nodes, list, policy, tune: 1.3, seed, marks: [50, 130] }, () => 0);
      expect(once()).toEqual(once());
    }),
    { numRuns: 30 },
  );
});

test('tasks are the list and more of it, up to the demand asked for', () => {
  fc.assert(
    fc.property(
      fc.array(anyTask, { minLength: 1, maxLength: 20 }),
      fc.nat({ max: 50_000 }),
      fc.nat(),
      (list, room, seed) => {
        fc.pre(list.some((task) => taskMilli(task) > 0));
        const tasks = arrivals(list, room, 1.3, seed);
        const asked = (some: readonly TaskShape[]) => some.reduce((sum, task) => sum + taskMilli(task), 0);
        for (const task of tasks) expect(list).toContain(task);
        const most = Math.max(...list.map(taskMilli));
        expect(Math.abs(asked(tasks) - 1.3 * room)).toBeLessThanOrEqual(Math.max(most, asked(list.slice(0, 1)) + most));
        if (asked(list) <= 1.3 * room) {
          for (const task of list) {
            expect(tasks.filter((one) => one === task).length).toBeGreaterThanOrEqual(
              list.filter((one) => one === task).length,
            );
          }
        }
      },
    ),
  );
});

test('the random numbers are these, on every machine, and spread evenly', () => {
  const random = new Prng(42);
  expect(Array.from({ length: 4 }, () => random.next())).toMatchInlineSnapshot(`
    [
      766740257,
      496218062,
      1056778045,
      128134182,
    ]
  `);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i += 1) counts[random.below(7)]! += 1;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  expect(new Prng(1).next()).not.toBe(new Prng(1, 1).next());
});

const heading = 'sn,cpu_milli,memory_mib,gpu,model';
const pods = 'cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec';
test.each([
  [() => readNodes('n.csv', 'sn,gpu\na,1'), 'n.csv, line 1: the heading lacks cpu_milli, memory_mib, model.'],
  [() => readNodes('n.csv', heading), 'n.csv, line 2: no rows.'],
  [() => readNodes('n.csv', `${heading}\na,1,1,x,T4`), 'n.csv, line 2: gpu is "x", not a whole number of at least 0.'],
  [() => readNodes('n.csv', `${heading}\na,1,1,1,T4\na,1,1,1,T4`), 'n.csv, line 3: node a is there twice.'],
  [() => readTasks('p.csv', `${pods}\n1,1,1`), 'p.csv, line 2: 3 fields, the heading has 5.'],
  [
    () => readTasks('p.csv', `${pods}\n1,1,2,500,`),
    'p.csv, line 2: 2 devices of 500 thousandths each cannot be asked for.',
  ],
])('a file that is no trace is refused with its line (%#)', (read, message) => {
  expect(read).toThrow(new TraceError(message));
});

test('tasks without accelerators name no model; equal shapes are one object', () => {
  const tasks = readTasks('p.csv', `${pods}\n1,2,0,0,T4\n1,2,1,500,T4|P100|T4\n1,2,1,500,T4|P100\n`);
  expect(tasks[0]).toEqual({ cpuMilli: 1, memoryMib: 2, deviceCount: 0, deviceMilli: 0, models: null });
  expect(tasks[1]!.models).toEqual(['T4', 'P100']);
  expect(tasks[2]).toBe(tasks[1]);
});
