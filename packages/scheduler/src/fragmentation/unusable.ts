import { acceptsModel, freeMilli, type NodeResources, type TaskShape } from './node-resources';
import type { TaskMix } from './task-mix';

/**
 * Free thousandths of a node that one shape of task cannot use: all of them when the task does not fit (or needs no
 * accelerator), otherwise those on devices with too little room for it.
 */
export function unusableFor(node: NodeResources, task: TaskShape): number {
  const all = freeMilli(node);
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
export function expectedUnusable(node: NodeResources, mix: TaskMix): number {
  let sum = 0;
  for (const { shape, weight } of mix) sum += weight * unusableFor(node, shape);
  return sum;
}
