import { acceptsModel, isShare, type NodeRoom, WHOLE_DEVICE_MILLI } from './node-room';
import type { TaskMix } from './task-mix';

/** Number of values of a sorted list that are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const distinct = (values: number[]) => Float64Array.from(new Set(values)).sort();

/** Weights of the shapes that accept one model, summed up by how much vCPU and how much of a device they need. */
class ModelTable {
  readonly #cpus: Float64Array;
  /** By free thousandths of a device: number of share sizes that fit into it. */
  readonly #sizesUpTo = new Int32Array(WHOLE_DEVICE_MILLI + 1);
  readonly #mostDevices: number;
  /** Row: number of vCPU amounts that are small enough. Column: number of share sizes, or of whole devices. */
  readonly #shares: Float64Array[];
  readonly #wholes: Float64Array[];

  constructor(mix: TaskMix) {
    const shares = mix.filter(({ shape }) => isShare(shape));
    const wholes = mix.filter(({ shape }) => !isShare(shape));
    const sizes = distinct(shares.map(({ shape }) => shape.deviceMilli));
    this.#cpus = distinct(mix.map(({ shape }) => shape.cpuMilli));
    this.#mostDevices = wholes.reduce((most, { shape }) => Math.max(most, shape.deviceCount), 0);
    for (let milli = 0; milli <= WHOLE_DEVICE_MILLI; milli += 1) this.#sizesUpTo[milli] = countUpTo(sizes, milli);
    const rows = [...new Array<number>(this.#cpus.length + 1).keys()];
    const sum = (some: TaskMix, row: number, isIn: (one: TaskMix[number]) => boolean) =>
      some.reduce(
        (all, one) => (row > 0 && one.shape.cpuMilli <= this.#cpus[row - 1]! && isIn(one) ? all + one.weight : all),
        0,
      );
    this.#shares = rows.map((row) =>
      Float64Array.from({ length: sizes.length + 1 }, (_, column) =>
        column === 0 ? 0 : sum(shares, row, ({ shape }) => shape.deviceMilli <= sizes[column - 1]!),
      ),
    );
    this.#wholes = rows.map((row) =>
      Float64Array.from({ length: this.#mostDevices + 1 }, (_, count) =>
        sum(wholes, row, ({ shape }) => shape.deviceCount <= count),
      ),
    );
  }

  unusable({ cpuMilli, deviceMilli }: NodeRoom): number {
    let [all, most, untouched] = [0, 0, 0];
    for (const milli of deviceMilli) {
      all += milli;
      if (milli > most) most = milli;
      if (milli === WHOLE_DEVICE_MILLI) untouched += 1;
    }
    if (all === 0) return 0;
    const row = countUpTo(this.#cpus, cpuMilli);
    const shares = this.#shares[row]!;
    const fittingShares = shares[this.#sizesUpTo[most]!]!;
    const fittingWholes = this.#wholes[row]![Math.min(untouched, this.#mostDevices)]!;
    let unusable = all * (1 - fittingShares - fittingWholes);
    for (const milli of deviceMilli) {
      const tooLarge = fittingShares - shares[this.#sizesUpTo[milli]!]!;
      unusable += milli * (milli < WHOLE_DEVICE_MILLI ? tooLarge + fittingWholes : tooLarge);
    }
    return unusable;
  }
}

/** The measures of `unusable.ts` for a mix that stays, from sums made once: a few look-ups a node. */
export class UnusableTable {
  readonly #mix: TaskMix;
  readonly #tables = new Map<string, ModelTable>();
  readonly #cpus: Float64Array;
  /** By number of vCPU amounts that are small enough: part of the vCPU asked for that the others ask for. */
  readonly #cpuBeyond: Float64Array;

  constructor(mix: TaskMix) {
    this.#mix = mix.filter(({ shape }) => shape.deviceCount > 0);
    this.#cpus = distinct(mix.map(({ shape }) => shape.cpuMilli));
    const asked = mix.reduce((sum, { shape, weight }) => sum + weight * shape.cpuMilli, 0);
    this.#cpuBeyond = new Float64Array(this.#cpus.length + 1);
    for (let row = 0; asked > 0 && row < this.#cpus.length; row += 1) {
      const beyond = mix.filter(({ shape }) => shape.cpuMilli >= this.#cpus[row]!);
      this.#cpuBeyond[row] = beyond.reduce((sum, { shape, weight }) => sum + weight * shape.cpuMilli, 0) / asked;
    }
  }

  /** Equals expectedUnusable. */
  devices(node: NodeRoom): number {
    let table = this.#tables.get(node.model);
    if (!table) {
      table = new ModelTable(this.#mix.filter(({ shape }) => acceptsModel(shape, node.model)));
      this.#tables.set(node.model, table);
    }
    return table.unusable(node);
  }

  /** Equals unusableCpu. */
  cpu(node: NodeRoom): number {
    const beyond = this.#cpuBeyond[countUpTo(this.#cpus, node.cpuMilli)]!;
    return beyond === 0 ? 0 : node.cpuMilli * beyond;
  }
}
