import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  afterTaking,
  deviceChoices,
  fits,
  freeMilli,
  type NodeRoom,
  type TaskShape,
  taskMilli,
} from '../src/fragmentation/node-room';
import { typicalMix } from '../src/fragmentation/task-mix';
import { expectedUnusable } from '../src/fragmentation/unusable';
import { anyNode, anyTask } from './support/nodes';

const share = (deviceMilli: number, cpuMilli = 1_000): TaskShape => ({
  cpuMilli,
  memoryMib: 0,
  deviceCount: 1,
  deviceMilli,
  models: null,
});

test('fragmentation of a node by hand', () => {
  const node: NodeRoom = { model: 'A', cpuMilli: 8_000, memoryMib: 1, deviceMilli: [1_000, 300, 0] };
  expect(expectedUnusable(node, typicalMix([share(300)]))).toBe(0);
  expect(expectedUnusable(node, typicalMix([share(301)]))).toBe(300);
  expect(expectedUnusable(node, typicalMix([share(300, 8_001)]))).toBe(1_300);
  expect(expectedUnusable(node, typicalMix([{ ...share(1_000), deviceCount: 2 }]))).toBe(1_300);
  expect(expectedUnusable(node, typicalMix([{ ...share(100), models: ['B'] }]))).toBe(1_300);
  expect(expectedUnusable(node, typicalMix([share(300), share(500), share(500), share(500)]))).toBe(225);
});

/** Tries a task of the shape on every single device, and counts what no set of devices can give it. */
function unusableByTrial(node: NodeRoom, task: TaskShape): number {
  const whole = { ...node, memoryMib: Number.MAX_SAFE_INTEGER };
  if (task.deviceCount === 0 || !fits(whole, task)) return node.deviceMilli.reduce((sum, milli) => sum + milli, 0);
  const one = { ...task, deviceCount: 1 };
  return node.deviceMilli
    .filter((milli) => !fits({ ...whole, deviceMilli: [milli] }, one))
    .reduce((sum, milli) => sum + milli, 0);
}

test('fragmentation equals its definition by trial, task by task', () => {
  fc.assert(
    fc.property(anyNode, fc.array(anyTask, { minLength: 1, maxLength: 12 }), (node, tasks) => {
      const expected = tasks.reduce((sum, task) => sum + unusableByTrial(node, task), 0) / tasks.length;
      const measured = expectedUnusable(node, typicalMix(tasks));
      expect(measured).toBeCloseTo(expected, 6);
      expect(measured).toBeLessThanOrEqual(freeMilli(node) + 1e-6);
    }),
    { numRuns: 2_000 },
  );
});

test('a mix covers what it was asked to cover with its most frequent shapes, and adds up to 1', () => {
  fc.assert(
    fc.property(fc.array(anyTask, { minLength: 1, maxLength: 40 }), fc.constantFrom(0.3, 0.8, 1), (tasks, coverage) => {
      const mix = typicalMix(tasks, coverage);
      const full = typicalMix(tasks);
      expect(mix.reduce((sum, one) => sum + one.weight, 0)).toBeCloseTo(1, 9);
      const covered = full.slice(0, mix.length).reduce((sum, one) => sum + one.weight, 0);
      expect(covered).toBeGreaterThanOrEqual(coverage - 1e-9);
      expect(mix.map((one) => one.shape)).toEqual(full.slice(0, mix.length).map((one) => one.shape));
      for (let at = 1; at < full.length; at += 1) {
        expect(full[at]!.weight).toBeLessThanOrEqual(full[at - 1]!.weight);
      }
    }),
  );
});

test('every choice of devices takes exactly what the task asks, whole devices whole', () => {
  fc.assert(
    fc.property(anyNode, anyTask, (node, task) => {
      fc.pre(fits(node, task));
      for (const choice of deviceChoices(node, task)) {
        const after = afterTaking(node, task, choice);
        expect(freeMilli(node) - freeMilli(after)).toBe(taskMilli(task));
        expect(new Set(choice).size).toBe(task.deviceCount);
        expect(Math.min(0, ...after.deviceMilli)).toBe(0);
        if (task.deviceMilli === 1_000) for (const at of choice) expect(node.deviceMilli[at]).toBe(1_000);
      }
    }),
    { numRuns: 2_000 },
  );
});
