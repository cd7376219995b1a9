import { acceptsModel, freeMilli, type NodeRoom, type TaskShape } from './node-room';
import type { TaskMix } from './task-mix';

/**
 * Free thousandths of a node that one shape of task cannot use: all of them when the task does not fit (or needs no
 * accelerator), otherwise those on devices with too little room for it.
 */
export function unusableFor(node: NodeRoom, task: TaskShape, all = freeMilli(node)): number {
  if (task.deviceCount === 0 || node.cpuMilli < task.cpuMilli || !acceptsModel(task, node.model)) return all;
  let roomy = 0;
  let slivers = 0;
  for (const milli of node.deviceMilli) {
    if (milli >= task.deviceMilli) roomy += 1;
    else slivers += milli;
  }
  return roomy >= task.deviceCount ? slivers : all;
}

/**
 * Fragmentation of a node: the free thousandths of its devices that a task drawn from the mix is expected to find
 * unusable (Weng et al., "Beware of Fragmentation", USENIX ATC 2023). 0 for a full node, at most all that is free.
 */
export function expectedUnusable(node: NodeRoom, mix: TaskMix): number {
  const all = freeMilli(node);
  if (all === 0) return 0;
  let sum = 0;
  for (const { shape, weight } of mix) sum += weight * unusableFor(node, shape, all);
  return sum;
}

/**
 * Free vCPU of a node (in thousandths) that is expected to be too little: a thousandth of the vCPU that the mix asks for,
 * drawn at random, belongs to a task that needs more than the node has.
 */
export function unusableCpu(node: NodeRoom, mix: TaskMix): number {
  if (node.cpuMilli === Number.POSITIVE_INFINITY) return 0;
  let asked = 0;
  let tooMuch = 0;
  for (const { shape, weight } of mix) {
    asked += weight * shape.cpuMilli;
    if (shape.cpuMilli > node.cpuMilli) tooMuch += weight * shape.cpuMilli;
  }
  return asked === 0 ? 0 : (node.cpuMilli * tooMuch) / asked;
}
