import { acceptsModel, type NodeRoom, type TaskShape, taskMilli, WHOLE_DEVICE_MILLI } from './node-room';
import { normalBelow } from './normal';
import type { TaskMix } from './task-mix';

const MODEL_WEIGHT = 1 / 6;
const HOLE_WEIGHT = 1 / 6;
/** So many standard deviations above the expected demand, holes are plenty and cost nothing. */
const PLENTY = 4;

/** Demand for devices of some models: tasks that name these. */
interface Demand {
  models: readonly number[];
  /** Of all demand in thousandths of devices. */
  part: number;
}

/** A shape of task that takes several whole devices of one node. A hole is room for one such task. */
interface LargeShape {
  shape: TaskShape;
  /** Tasks to come for each thousandth of a device of demand: of this shape; of this and of those that fit only into its holes. */
  own: number;
  withLarger: number;
}

/** How many holes for each large shape a placement destroys, as pairs of shape and count; null for none. */
export type HolesLost = readonly { shape: number; count: number }[] | null;

/**
 * Keeps account of what is getting scarce in a fleet: devices of models that tasks name, and holes for large tasks. Both
 * have a price that rises with the demand to come for each unit left, in the unit of waste (thousandths of devices). The
 * demand to come is the mix, as far as the free devices go.
 */
export class Scarcity {
  readonly #models: readonly string[];
  readonly #demands: readonly Demand[];
  readonly #large: readonly LargeShape[];
  readonly #free: number[];
  readonly #holes: number[];

  /** `nodes` is the fleet as it is now; `take` tells of every change. */
  constructor(mix: TaskMix, nodes: Iterable<NodeRoom>) {
    const all = [...nodes];
    this.#models = [...new Set(all.map((node) => node.model))];
    this.#demands = demandsOf(mix, this.#models);
    this.#large = largeShapes(mix);
    this.#free = this.#models.map(() => 0);
    this.#holes = this.#large.map(() => 0);
    for (const node of all) {
      const model = this.#models.indexOf(node.model);
      for (const milli of node.deviceMilli) this.#free[model]! += milli;
      this.#large.forEach(({ shape }, at) => {
        this.#holes[at]! += holes(untouched(node), node.cpuMilli, shape);
      });
    }
  }

  /** Number of a model, for modelPrices. */
  modelNumber(model: string): number {
    return this.#models.indexOf(model);
  }

  /** Price of giving a task devices of each model. */
  modelPrices(task: TaskShape): number[] {
    const prices = this.#models.map(() => 0);
    const weight = MODEL_WEIGHT * taskMilli(task) * this.#totalFree();
    for (const { models, part } of this.#demands) {
      let free = 0;
      for (const model of models) free += this.#free[model]!;
      if (free > 0) for (const model of models) prices[model]! += (weight * part) / free;
    }
    return prices;
  }

  /** Price of destroying one hole of each large shape: what it is worth, times the probability that it will be missed. */
  holePrices(): number[] {
    const toCome = this.#totalFree();
    return this.#large.map(({ shape, own, withLarger }, at) => {
      const expected = withLarger * toCome;
      const surplus = (this.#holes[at]! - 0.5 - expected) / Math.sqrt(expected + 1);
      if (surplus > PLENTY) return 0;
      return HOLE_WEIGHT * taskMilli(shape) * (own / withLarger) * normalBelow(-surplus);
    });
  }

  /** Holes that a placement destroys which turns one state of a node into another. */
  holesLost(before: NodeRoom, after: NodeRoom): HolesLost {
    let lost: { shape: number; count: number }[] | null = null;
    const [untouchedBefore, untouchedAfter] = [untouched(before), untouched(after)];
    for (let at = 0; at < this.#large.length; at += 1) {
      const { shape } = this.#large[at]!;
      const count = holes(untouchedBefore, before.cpuMilli, shape) - holes(untouchedAfter, after.cpuMilli, shape);
      if (count === 0) continue;
      lost ??= [];
      lost.push({ shape: at, count });
    }
    return lost;
  }

  /** Takes note that a task was placed on a node of a model (its number). */
  take(task: TaskShape, model: number, lost: HolesLost): void {
    this.#free[model]! -= taskMilli(task);
    for (const { shape, count } of lost ?? []) this.#holes[shape]! -= count;
  }

  #totalFree(): number {
    let sum = 0;
    for (const milli of this.#free) sum += milli;
    return sum;
  }
}

/** What the destroyed holes cost altogether. */
export function priceOf(lost: HolesLost, prices: readonly number[]): number {
  let sum = 0;
  for (const { shape, count } of lost ?? []) sum += count * prices[shape]!;
  return sum;
}

function demandsOf(mix: TaskMix, models: readonly string[]): Demand[] {
  const demands = new Map<string, { models: number[]; part: number }>();
  const all = mix.reduce((sum, { shape, weight }) => sum + weight * taskMilli(shape), 0);
  for (const { shape, weight } of mix) {
    if (shape.deviceCount === 0) continue;
    const key = shape.models?.join('|') ?? '';
    const accepted = () => [...models.keys()].filter((at) => acceptsModel(shape, models[at]!));
    const demand = demands.get(key) ?? { models: accepted(), part: 0 };
    demand.part += (weight * taskMilli(shape)) / all;
    demands.set(key, demand);
  }
  return [...demands.values()];
}

function largeShapes(mix: TaskMix): LargeShape[] {
  const all = mix.reduce((sum, { shape, weight }) => sum + weight * taskMilli(shape), 0);
  const counts = new Map<string, { shape: TaskShape; own: number }>();
  for (const { shape, weight } of mix) {
    if (shape.deviceCount < 2) continue;
    const key = `${shape.deviceCount}/${shape.cpuMilli}`;
    const count = counts.get(key) ?? { shape: { ...shape, models: null }, own: 0 };
    count.own += weight / all;
    counts.set(key, count);
  }
  const shapes = [...counts.values()];
  return shapes.map(({ shape, own }) => {
    const larger = shapes.filter(
      (other) => other.shape.deviceCount >= shape.deviceCount && other.shape.cpuMilli >= shape.cpuMilli,
    );
    const withLarger = larger.reduce(
      (sum, other) => sum + (other.own * other.shape.deviceCount) / shape.deviceCount,
      0,
    );
    return { shape, own, withLarger };
  });
}

function untouched(node: NodeRoom): number {
  let count = 0;
  for (const milli of node.deviceMilli) if (milli === WHOLE_DEVICE_MILLI) count += 1;
  return count;
}

/** How many tasks of a large shape fit into so many untouched devices and so much vCPU. */
function holes(devices: number, cpuMilli: number, shape: TaskShape): number {
  const byDevices = Math.floor(devices / shape.deviceCount);
  return shape.cpuMilli === 0 ? byDevices : Math.min(byDevices, Math.floor(cpuMilli / shape.cpuMilli));
}
