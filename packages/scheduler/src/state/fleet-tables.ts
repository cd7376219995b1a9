import type { Column } from './journal';

/** The facts of a fleet that change. Column numbers are those of the journal. */
export const SHARE = 0;
export const HEALTH = 1;
export const AVAILABLE = 2;
export const SUSPICION = 3;
export const LEFT = 4;
export const ATTRIBUTES = 5;
export const ALIVE = 6;

/** Names of node resources in the order in which they are stored. */
export const RESOURCES = ['vcpuMilli', 'memoryBytes', 'diskBytes', 'networkMbps'] as const;
export const RESOURCE_COUNT = RESOURCES.length;

function grown<A extends Column>(array: A, size: number): A {
  const bigger = new (array.constructor as new (length: number) => A)(size);
  bigger.set(array as never);
  return bigger;
}

/** Room for at least `need`, growing by half so that adding one by one stays cheap. */
function roomFor(array: Column, need: number): number {
  return need <= array.length ? array.length : Math.max(need, Math.ceil(array.length * 1.5));
}

/**
 * Typed arrays by device, by entry (the devices of one model on one node) and by node. Entries and nodes keep their
 * numbers for good; `order` is the place of an entry's node in the order of names.
 */
export class FleetTables {
  deviceCount = 0;
  entryCount = 0;
  nodeCount = 0;

  /** By device: free share in thousandths, health (number in HEALTHS), entry. */
  share = new Uint16Array(0);
  health = new Uint8Array(0);
  deviceEntry = new Int32Array(0);

  /** By entry. */
  node = new Int32Array(0);
  firstDevice = new Int32Array(0);
  order = new Int32Array(0);
  pool = new Int32Array(0);
  zone = new Int32Array(0);
  spine = new Int32Array(0);
  leaf = new Int32Array(0);
  rack = new Int32Array(0);
  /** Worked out: wholly free devices; partly free ones; class; position in its bucket. */
  free = new Uint32Array(0);
  partial = new Uint32Array(0);
  classId = new Int32Array(0);
  position = new Int32Array(0);

  /** By node. */
  available = new Uint8Array(0);
  alive = new Uint8Array(0);
  suspicion = new Uint16Array(0);
  attributes = new Int32Array(0);
  /** By node and resource: what is left, and the total; Infinity when it is not counted. */
  left = new Float64Array(0);
  total = new Float64Array(0);

  addDevices(count: number): number {
    const first = this.deviceCount;
    const size = roomFor(this.share, first + count);
    if (size > this.share.length) {
      [this.share, this.health] = [grown(this.share, size), grown(this.health, size)];
      this.deviceEntry = grown(this.deviceEntry, size);
    }
    this.deviceCount += count;
    return first;
  }

  addEntry(): number {
    const entry = this.entryCount;
    const size = roomFor(this.node, entry + 1);
    if (size > this.node.length) {
      [this.node, this.firstDevice, this.order] = [
        grown(this.node, size),
        grown(this.firstDevice, size),
        grown(this.order, size),
      ];
      [this.pool, this.zone, this.spine] = [grown(this.pool, size), grown(this.zone, size), grown(this.spine, size)];
      [this.leaf, this.rack, this.classId] = [
        grown(this.leaf, size),
        grown(this.rack, size),
        grown(this.classId, size),
      ];
      [this.free, this.partial] = [grown(this.free, size), grown(this.partial, size)];
      this.position = grown(this.position, size);
    }
    this.entryCount += 1;
    return entry;
  }

  addNode(): number {
    const node = this.nodeCount;
    const size = roomFor(this.available, node + 1);
    if (size > this.available.length) {
      [this.available, this.alive] = [grown(this.available, size), grown(this.alive, size)];
      [this.suspicion, this.attributes] = [grown(this.suspicion, size), grown(this.attributes, size)];
      this.left = grown(this.left, size * RESOURCE_COUNT);
      this.total = grown(this.total, size * RESOURCE_COUNT);
    }
    this.nodeCount += 1;
    return node;
  }

  /** The array of a column that the journal knows by number. */
  column(number: number): Column {
    switch (number) {
      case SHARE:
        return this.share;
      case HEALTH:
        return this.health;
      case AVAILABLE:
        return this.available;
      case SUSPICION:
        return this.suspicion;
      case LEFT:
        return this.left;
      case ATTRIBUTES:
        return this.attributes;
      default:
        return this.alive;
    }
  }
}
