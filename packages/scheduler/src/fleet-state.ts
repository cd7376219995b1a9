import { bitPositions, countBits } from './bits';
import type { DeviceHealth, NodeState } from './types';

const MAX_DEVICES = 32;

/** Order of names by code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A domain of the topology tree; its name carries the names above it, so that equal leaf names stay apart. */
class Names {
  readonly list: string[] = [];
  readonly #index = new Map<string, number>();
  of(name: string): number {
    let index = this.#index.get(name);
    if (index === undefined) {
      index = this.list.length;
      this.list.push(name);
      this.#index.set(name, index);
    }
    return index;
  }
  find(name: string): number {
    return this.#index.get(name) ?? -1;
  }
}

/**
 * The fleet as typed arrays. An *entry* is the devices of one model on one node (nearly always the whole node), and
 * entries are numbered by node name, so that "the smallest name wins" is "the lowest entry wins". The sets of free and
 * healthy devices of an entry are bit masks. Changes keep the derived counts right: see rebuild in the tests.
 */
export class FleetState {
  readonly count: number;
  readonly node: Int32Array;
  readonly region: Int32Array;
  readonly model: Int32Array;
  readonly zone: Int32Array;
  readonly spine: Int32Array;
  readonly leaf: Int32Array;
  readonly rack: Int32Array;
  /** All devices; free ones; healthy ones; healthy or degraded ones. */
  readonly all: Uint32Array;
  readonly free: Uint32Array;
  readonly good: Uint32Array;
  readonly usable: Uint32Array;
  readonly available: Uint8Array;
  /** Masks of the islands of each entry, by island number. */
  readonly islands: number[][] = [];
  /** Untouched entries below each (leaf, model). */
  readonly wholeBelowLeaf: Map<number, number> = new Map();
  readonly nodes: NodeState[];
  readonly regions = new Names();
  readonly models = new Names();
  readonly zones = new Names();
  readonly spines = new Names();
  readonly leaves = new Names();
  readonly racks = new Names();
  readonly #deviceIds: string[][] = [];
  readonly #where = new Map<string, { entry: number; bit: number }>();
  readonly #entriesOfNode = new Map<string, number[]>();
  readonly #entriesOfPool = new Map<string, number[]>();

  /** Reads a fleet. Throws RangeError for a node with more than 32 devices of one model. */
  constructor(nodes: readonly NodeState[]) {
    this.nodes = [...nodes].sort((a, b) => compareText(a.name, b.name) || compareText(a.nodeId, b.nodeId));
    const parts = this.nodes.flatMap((node, at) =>
      [...new Set(node.devices.map((device) => device.modelId))].sort(compareText).map((modelId) => ({ at, modelId })),
    );
    this.count = parts.length;
    const ints = () => new Int32Array(this.count);
    const masks = () => new Uint32Array(this.count);
    [this.node, this.region, this.model, this.zone] = [ints(), ints(), ints(), ints()];
    [this.spine, this.leaf, this.rack] = [ints(), ints(), ints()];
    [this.all, this.free, this.good, this.usable] = [masks(), masks(), masks(), masks()];
    this.available = new Uint8Array(this.count);
    parts.forEach(({ at, modelId }, entry) => {
      this.#readEntry(entry, at, modelId);
    });
  }

  #readEntry(entry: number, at: number, modelId: string): void {
    const node = this.nodes[at]!;
    const devices = node.devices.filter((one) => one.modelId === modelId).sort((a, b) => a.index - b.index);
    if (devices.length > MAX_DEVICES) throw new RangeError(`node ${node.name} has more than ${MAX_DEVICES} devices`);
    this.node[entry] = at;
    this.region[entry] = this.regions.of(node.regionId);
    this.model[entry] = this.models.of(modelId);
    this.zone[entry] = this.zones.of(node.zoneId);
    this.spine[entry] = this.spines.of([node.zoneId, node.spine].join('/'));
    this.leaf[entry] = this.leaves.of([node.zoneId, node.spine, node.leaf].join('/'));
    this.rack[entry] = this.racks.of([node.zoneId, node.spine, node.leaf, node.rack].join('/'));
    this.available[entry] = node.available ? 1 : 0;
    const islands = new Map<number, number>();
    devices.forEach((device, bit) => {
      const mask = (1 << bit) >>> 0;
      this.all[entry]! |= mask;
      if (device.free) this.free[entry]! |= mask;
      if (device.health === 'ok') this.good[entry]! |= mask;
      if (device.health === 'ok' || device.health === 'degraded') this.usable[entry]! |= mask;
      islands.set(device.island, ((islands.get(device.island) ?? 0) | mask) >>> 0);
      this.#where.set(device.deviceId, { entry, bit });
    });
    this.islands[entry] = [...islands].sort(([a], [b]) => a - b).map(([, mask]) => mask);
    this.#deviceIds[entry] = devices.map((device) => device.deviceId);
    push(this.#entriesOfNode, node.nodeId, entry);
    push(this.#entriesOfPool, `${node.regionId}/${modelId}`, entry);
    this.#countWhole(entry, 1);
  }

  #countWhole(entry: number, by: number): void {
    if (!this.isWhole(entry)) return;
    const key = this.leafPool(entry);
    const count = (this.wholeBelowLeaf.get(key) ?? 0) + by;
    if (count === 0) this.wholeBelowLeaf.delete(key);
    else this.wholeBelowLeaf.set(key, count);
  }

  #change(entry: number, act: () => void): void {
    this.#countWhole(entry, -1);
    act();
    this.#countWhole(entry, 1);
  }

  /** Key of an entry's (leaf, model) in wholeBelowLeaf. */
  leafPool(entry: number): number {
    return this.leaf[entry]! * 65_536 + this.model[entry]!;
  }

  /** Entries of a model in a region, by name; empty when there are none. */
  pool(regionId: string, modelId: string): readonly number[] {
    return this.#entriesOfPool.get(`${regionId}/${modelId}`) ?? [];
  }

  /** Entries of a node. */
  entriesOf(nodeId: string): readonly number[] {
    return this.#entriesOfNode.get(nodeId) ?? [];
  }

  /** Devices of an entry that may be given now. */
  open(entry: number): number {
    return this.available[entry] === 1 ? (this.free[entry]! & this.usable[entry]!) >>> 0 : 0;
  }

  /** Every device of the entry is free, usable and on an available node. */
  isWhole(entry: number): boolean {
    return this.open(entry) === this.all[entry];
  }

  size(entry: number): number {
    return countBits(this.all[entry]!);
  }

  nodeOf(entry: number): NodeState {
    return this.nodes[this.node[entry]!]!;
  }

  deviceIds(entry: number, mask: number): string[] {
    return bitPositions(mask).map((bit) => this.#deviceIds[entry]![bit]!);
  }

  /** Marks devices as held. Throws when one is unknown or held already. */
  take(deviceIds: readonly string[]): void {
    for (const deviceId of deviceIds) this.#setFree(deviceId, false);
  }

  /** Marks devices as free. Throws when one is unknown or free already. */
  give(deviceIds: readonly string[]): void {
    for (const deviceId of deviceIds) this.#setFree(deviceId, true);
  }

  #setFree(deviceId: string, free: boolean): void {
    const { entry, mask } = this.#find(deviceId);
    if (((this.free[entry]! & mask) !== 0) === free)
      throw new Error(`${deviceId} is ${free ? 'free' : 'held'} already`);
    this.#change(entry, () => {
      this.free[entry]! ^= mask;
    });
  }

  setHealth(deviceId: string, health: DeviceHealth): void {
    const { entry, mask } = this.#find(deviceId);
    this.#change(entry, () => {
      this.good[entry] = health === 'ok' ? this.good[entry]! | mask : this.good[entry]! & ~mask;
      const usable = health === 'ok' || health === 'degraded';
      this.usable[entry] = usable ? this.usable[entry]! | mask : this.usable[entry]! & ~mask;
    });
  }

  setAvailable(nodeId: string, available: boolean): void {
    for (const entry of this.entriesOf(nodeId)) {
      this.#change(entry, () => {
        this.available[entry] = available ? 1 : 0;
      });
    }
  }

  #find(deviceId: string): { entry: number; mask: number } {
    const found = this.#where.get(deviceId);
    if (!found) throw new Error(`no device ${deviceId} in this fleet`);
    return { entry: found.entry, mask: (1 << found.bit) >>> 0 };
  }
}

function push<K>(map: Map<K, number[]>, key: K, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
