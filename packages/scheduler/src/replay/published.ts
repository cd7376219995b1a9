import {
  afterTaking,
  deviceChoices,
  freeMilli,
  type NodeRoom,
  type TaskShape,
  taskMilli,
  tightestDevices,
  WHOLE_DEVICE_MILLI,
} from '../fragmentation/node-room';
import type { NodeScorer, Rating } from '../fragmentation/scorer';
import type { TaskMix } from '../fragmentation/task-mix';
import { expectedUnusable } from '../fragmentation/unusable';

/** Largest node of the published experiment, by which its scores are normalised. */
const MAX_CPU_MILLI = 128_000;
const MAX_DEVICE_MILLI = 8_000;

/** Least vCPU and accelerators left over, each as a part of the largest node. */
export const bestFitScorer: NodeScorer = {
  name: 'bestfit',
  rate(node, task) {
    const left =
      (node.cpuMilli - task.cpuMilli) / MAX_CPU_MILLI + (freeMilli(node) - taskMilli(task)) / MAX_DEVICE_MILLI;
    return { score: Math.trunc((1 - left / 2) * 100), devices: tightestDevices(node, task) };
  },
};

/** Smallest inner product of what is free and what is asked. */
export const dotProductScorer: NodeScorer = {
  name: 'dotprod',
  rate(node, task) {
    const product =
      (node.cpuMilli / MAX_CPU_MILLI) * (task.cpuMilli / MAX_CPU_MILLI) +
      (freeMilli(node) / MAX_DEVICE_MILLI) * (taskMilli(task) / MAX_DEVICE_MILLI);
    return { score: Math.trunc((1 - product / 2) * 100), devices: tightestDevices(node, task) };
  },
};

/** Devices in use before untouched devices of a node in use before untouched nodes. */
export const packingScorer: NodeScorer = {
  name: 'packing',
  rate(node, task) {
    if (task.deviceCount === 0) return { score: 0, devices: [] };
    return { score: packingScore(node, task), devices: tightestDevices(node, task) };
  },
};

function packingScore(node: NodeRoom, task: TaskShape): number {
  const untouched = node.deviceMilli.filter((milli) => milli === WHOLE_DEVICE_MILLI).length;
  if (untouched === node.deviceMilli.length) return Math.max(33 - untouched, untouched);
  const used = [...node.deviceMilli]
    .filter((milli) => milli >= task.deviceMilli)
    .sort((a, b) => a - b)
    .slice(0, task.deviceCount);
  const toBreak = used.filter((milli) => milli === WHOLE_DEVICE_MILLI).length;
  if (toBreak > 0) return Math.max(50 - toBreak, 33);
  const freePercent = used.reduce((sum, milli) => sum + Math.trunc(milli / 10), 0);
  return Math.max(100 - Math.trunc(freePercent / 10), 50);
}

/** Fragmentation gradient descent, with its scores rounded to integers as in the published experiment. */
export function fgdScorer(mix: TaskMix): NodeScorer {
  return {
    name: 'fgd',
    rate(node, task) {
      const before = expectedUnusable(node, mix);
      let best: Rating | null = null;
      for (const devices of deviceChoices(node, task)) {
        const growth = expectedUnusable(afterTaking(node, task, devices), mix) - before;
        const score = Math.trunc(100 / (1 + Math.exp(growth / 1_000)));
        if (best === null || score > best.score) best = { score, devices };
      }
      return best!;
    },
  };
}
