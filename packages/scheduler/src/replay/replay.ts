import { type TaskShape, taskMilli } from '../fragmentation/node-room';
import { arrivals, STREAM } from './arrivals';
import type { Chooser } from './chooser';
import { ReplayCluster } from './cluster';
import { chooserOf } from './policies';
import { Prng } from './prng';
import type { TraceNode } from './trace';

export interface ReplayRequest {
  nodes: readonly TraceNode[];
  /** Tasks to draw from; equal shapes should be one object. */
  list: readonly TaskShape[];
  policy: string;
  /** Demand of all tasks, as a multiple of the capacity. */
  tune: number;
  seed: number;
  /** Percentages of capacity: when so much demand has arrived, the allocation is noted. */
  marks: readonly number[];
}

export interface ReplayResult {
  /** Allocated part of all accelerators in percent, at each mark. */
  allocatedPercent: Map<number, number>;
  rejected: number;
  decisions: number;
  /** Time of each decision, by the given clock. */
  decisionTimes: number[];
}

/**
 * Replays a list: each task arrives once, is placed for ever or rejected, and nothing leaves. Nodes are numbered in a
 * random order of the seed. Returns null when there is no such policy.
 */
export function replay(request: ReplayRequest, now: () => number): ReplayResult | null {
  const { list, policy, seed, tune } = request;
  const chooser = chooserOf(policy, list, seed);
  if (!chooser) return null;
  const byName = [...request.nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const cluster = new ReplayCluster(new Prng(seed, STREAM.nodes).shuffle(byName));
  return placeAll(cluster, arrivals(list, cluster.capacityMilli, tune, seed), chooser, request.marks, now);
}

/** Places tasks one after the other; a mark that the demand never reaches notes what is allocated at the end. */
export function placeAll(
  cluster: ReplayCluster,
  tasks: readonly TaskShape[],
  chooser: Chooser,
  marks: readonly number[],
  now: () => number,
): ReplayResult {
  const allocatedPercent = new Map<number, number>();
  const decisionTimes: number[] = [];
  const open = [...marks].sort((a, b) => a - b);
  let [arrived, allocated, rejected] = [0, 0, 0];
  const percent = () => (allocated / cluster.capacityMilli) * 100;
  for (const task of tasks) {
    arrived += taskMilli(task);
    const began = now();
    const choice = chooser.choose(cluster, task);
    decisionTimes.push(now() - began);
    if (choice === null) rejected += 1;
    else {
      cluster.take(choice.node, task, choice.devices);
      allocated += taskMilli(task);
    }
    while (open.length > 0 && arrived >= (open[0]! / 100) * cluster.capacityMilli) {
      allocatedPercent.set(open.shift()!, percent());
    }
  }
  for (const mark of open) allocatedPercent.set(mark, percent());
  return { allocatedPercent, rejected, decisions: tasks.length, decisionTimes };
}
