import { type TaskShape, taskMilli } from '../fragmentation/node-room';
import { Prng } from './prng';

/** Independent sequences of random numbers below one seed. */
export const STREAM = { tune: 1, order: 2, nodes: 3, policy: 4 } as const;

/**
 * The tasks of a list, and more drawn from it with replacement until together they ask for `tune` times the capacity, all
 * in random order. A list that asks for more than that is thinned at random.
 */
export function arrivals(list: readonly TaskShape[], capacityMilli: number, tune: number, seed: number): TaskShape[] {
  const target = tune * capacityMilli;
  const random = new Prng(seed, STREAM.tune);
  const tasks = [...list];
  let asked = tasks.reduce((sum, task) => sum + taskMilli(task), 0);
  if (asked > target) {
    random.shuffle(tasks);
    while (tasks.length > 1 && asked > target) asked -= taskMilli(tasks.pop()!);
  }
  while (asked > 0 && asked < target) {
    const task = list[random.below(list.length)]!;
    tasks.push(task);
    asked += taskMilli(task);
  }
  return new Prng(seed, STREAM.order).shuffle(tasks);
}
