import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceWorth } from '../src/fragmentation/device-worth';
import { LearnedMix } from '../src/fragmentation/mix-source';
import { afterTaking, deviceChoices, fits, type NodeRoom, type TaskShape } from '../src/fragmentation/node-room';
import { normalBelow, normalDensity } from '../src/fragmentation/normal';
import { Scarcity } from '../src/fragmentation/scarcity';
import { cpuNeed, expectedStranded } from '../src/fragmentation/stranded';
import { typicalMix } from '../src/fragmentation/task-mix';
import { expectedUnusable, unusableCpu } from '../src/fragmentation/unusable';
import { UnusableTable } from '../src/fragmentation/unusable-table';
import { WasteModel } from '../src/fragmentation/waste';
import { leastWaste } from '../src/fragmentation/waste-scorer';
import { anyNode, anyTask } from './support/nodes';

const share = (deviceMilli: number): TaskShape => ({ ...whole(1), deviceMilli });
const whole = (deviceCount: number, cpuMilli = 1_000): TaskShape => ({
  cpuMilli,
  memoryMib: 0,
  deviceCount,
  deviceMilli: 1_000,
  models: null,
});
const someTasks = fc.array(anyTask, { minLength: 1, maxLength: 15 });

test('sums made once say what the measure says', () => {
  fc.assert(
    fc.property(fc.array(anyNode, { minLength: 1, maxLength: 5 }), someTasks, (nodes, tasks) => {
      const mix = typicalMix(tasks);
      const table = new UnusableTable(mix);
      for (const node of nodes) {
        expect(table.devices(node)).toBeCloseTo(expectedUnusable(node, mix), 6);
        expect(table.cpu(node)).toBeCloseTo(unusableCpu(node, mix), 6);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('worth of a device by hand', () => {
  const worth = (...sizes: number[]) => deviceWorth(typicalMix(sizes.map(share)));
  const only810 = worth(810);
  expect([only810[1_000], only810[999], only810[810], only810[809], only810[190]]).toEqual([1_000, 1_000, 1_000, 0, 0]);
  const thirds = worth(300);
  expect([thirds[299], thirds[300], thirds[600], thirds[900]].map((one) => Math.round(one!))).toEqual([
    0, 333, 667, 1_000,
  ]);
  const pairs = worth(650, 350);
  expect(pairs[650]! + pairs[350]!).toBeCloseTo(1_000, 6);
  const none = deviceWorth(typicalMix([whole(1)]));
  expect([none[1_000], none[999]]).toEqual([1_000, 0]);
});

test('a device is worth 1,000, more free is never worth less, and the whole is worth at least its parts', () => {
  fc.assert(
    fc.property(someTasks, fc.nat({ max: 1_000 }), fc.nat({ max: 1_000 }), (tasks, a, b) => {
      const worth = deviceWorth(typicalMix(tasks));
      expect(worth[1_000]).toBeCloseTo(1_000, 6);
      expect(worth[Math.min(a, b)]!).toBeLessThanOrEqual(worth[Math.max(a, b)]! + 1e-9);
      if (a + b <= 1_000) expect(worth[a]! + worth[b]!).toBeLessThanOrEqual(worth[a + b]! + 1e-6);
    }),
    { numRuns: 60 },
  );
});

/** Expected shortage by summing up the distribution in small steps. */
function strandedBySum(free: number, cpu: number, mean: number, variance: number): number {
  const deviation = Math.sqrt(variance * free);
  let sum = 0;
  for (let z = -8; z < 8; z += 0.001) {
    sum += Math.max(0, mean * free + z * deviation - cpu) * normalDensity(z) * 0.001;
  }
  return sum / mean;
}

test('stranded devices are the expected shortage of vCPU in devices', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8_000 }),
      fc.nat({ max: 130_000 }),
      fc.integer({ min: 1, max: 24 }),
      (free, cpu, mean) => {
        const variance = mean * mean * 300;
        const expected = strandedBySum(free, cpu, mean, variance);
        expect(Math.abs(expectedStranded(free, cpu, { mean, variance }) - expected)).toBeLessThan(
          0.5 + expected / 1_000,
        );
      },
    ),
    { numRuns: 100 },
  );
  expect(expectedStranded(2_000, 5_000, { mean: 10, variance: 0 })).toBe(1_500);
  expect(expectedStranded(2_000, Number.POSITIVE_INFINITY, { mean: 10, variance: 5 })).toBe(0);
  expect(cpuNeed(typicalMix([whole(2, 20_000), whole(1, 4_000)]))!.mean).toBe(8);
  expect(cpuNeed(typicalMix([{ ...whole(1), deviceCount: 0, deviceMilli: 0 }]))).toBeNull();
  expect(normalBelow(1.96)).toBeCloseTo(0.975, 4);
});

test('the placement rated best wastes least of all, and a full node wastes nothing', () => {
  fc.assert(
    fc.property(anyNode, anyTask, someTasks, (node, task, tasks) => {
      const waste = new WasteModel(typicalMix([...tasks, task]));
      expect(waste.of({ ...node, cpuMilli: 0, deviceMilli: node.deviceMilli.map(() => 0) })).toBeCloseTo(0, 9);
      expect(waste.of({ ...node, deviceMilli: [...node.deviceMilli].reverse() })).toBeCloseTo(waste.of(node), 6);
      fc.pre(fits(node, task));
      const chosen = waste.of(leastWaste(waste, node, task).after);
      for (const devices of deviceChoices(node, task)) {
        expect(chosen).toBeLessThanOrEqual(waste.of(afterTaking(node, task, devices)) + 1e-9);
      }
    }),
    { numRuns: 60 },
  );
});

test('scarcity that is told of each placement equals scarcity of the fleet as it is then', () => {
  const placements = fc.array(fc.tuple(fc.nat(), anyTask), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(anyNode, { minLength: 1, maxLength: 5 }), someTasks, placements, (nodes, tasks, placed) => {
      const mix = typicalMix(tasks);
      const told = new Scarcity(mix, nodes);
      const now: NodeRoom[] = [...nodes];
      for (const [pick, task] of placed) {
        const at = pick % now.length;
        const before = now[at]!;
        if (!fits(before, task)) continue;
        const after = afterTaking(before, task, deviceChoices(before, task)[0]!);
        told.take(task, told.modelNumber(before.model), told.holesLost(before, after));
        now[at] = after;
      }
      const fresh = new Scarcity(mix, now);
      expect(told.holePrices()).toEqual(fresh.holePrices());
      for (const task of tasks) expect(told.modelPrices(task)).toEqual(fresh.modelPrices(task));
    }),
    { numRuns: 300 },
  );
});

test('a model that tasks name is dearer than one that none names, and holes cost when they get few', () => {
  const node = (model: string, devices: number): NodeRoom => ({
    model,
    cpuMilli: 64_000,
    memoryMib: 1,
    deviceMilli: new Array<number>(devices).fill(1_000),
  });
  const mix = typicalMix([{ ...whole(1), models: ['rare'] }, whole(1), whole(8, 8_000)]);
  const fleet = [node('rare', 8), ...Array.from({ length: 9 }, () => node('common', 8))];
  const scarcity = new Scarcity(mix, fleet);
  const [rare, common] = ['rare', 'common'].map(
    (model) => scarcity.modelPrices(whole(1))[scarcity.modelNumber(model)]!,
  );
  expect(rare).toBeGreaterThan(common!);
  const fewer = new Scarcity(mix, [...fleet.slice(0, 3), node('common', 7), node('common', 7), node('common', 7)]);
  expect(fewer.holePrices()[0]).toBeGreaterThan(scarcity.holePrices()[0]!);
});

test('a mix is learned whenever the number of tasks has doubled', () => {
  const learned = new LearnedMix();
  const lessons = Array.from({ length: 100 }, (_, at) => [at + 1, learned.next(share(at < 20 ? 100 : 200))] as const);
  const told = lessons.filter(([, mix]) => mix !== null);
  expect(told.map(([count]) => count)).toEqual([16, 32, 64]);
  expect(told[1]![1]!.map(({ shape, weight }) => [shape.deviceMilli, weight])).toEqual([
    [100, 20 / 32],
    [200, 12 / 32],
  ]);
});
