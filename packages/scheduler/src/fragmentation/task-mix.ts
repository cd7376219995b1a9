import type { TaskShape } from './node-room';

/** A shape of task and the part of all tasks that have it. */
export interface WeightedShape {
  shape: TaskShape;
  /** Above 0; the weights of a mix add up to 1. */
  weight: number;
}

/** Which tasks to expect, most frequent first. */
export type TaskMix = readonly WeightedShape[];

/** What the fragmentation measure distinguishes: memory is not a part of it. */
function shapeKey(shape: TaskShape): string {
  return `${shape.cpuMilli}/${shape.deviceCount}/${shape.deviceMilli}/${shape.models?.join('|') ?? ''}`;
}

function byFrequency(a: { shape: TaskShape; count: number }, b: { shape: TaskShape; count: number }): number {
  return (
    b.count - a.count ||
    b.shape.cpuMilli - a.shape.cpuMilli ||
    b.shape.deviceMilli - a.shape.deviceMilli ||
    b.shape.deviceCount - a.shape.deviceCount ||
    (shapeKey(a.shape) < shapeKey(b.shape) ? 1 : -1)
  );
}

/**
 * The mix of the given tasks: their most frequent shapes, so many of them that they cover the given part of all tasks,
 * with weights that add up to 1. Shapes that differ in memory alone are one shape, with the memory of the first.
 */
export function typicalMix(tasks: Iterable<TaskShape>, coverage = 1): TaskMix {
  const counts = new Map<string, { shape: TaskShape; count: number }>();
  let total = 0;
  for (const shape of tasks) {
    const key = shapeKey(shape);
    const entry = counts.get(key);
    if (entry) entry.count += 1;
    else counts.set(key, { shape, count: 1 });
    total += 1;
  }
  const chosen: { shape: TaskShape; count: number }[] = [];
  let covered = 0;
  for (const entry of [...counts.values()].sort(byFrequency)) {
    if (covered >= coverage * total) break;
    chosen.push(entry);
    covered += entry.count;
  }
  return chosen.map(({ shape, count }) => ({ shape, weight: count / covered }));
}
