import type { NodeClass } from './node-class';

/** Entries of one class, in no order. */
export interface Bucket {
  nodeClass: NodeClass;
  entries: number[];
}

/** What lies below one leaf, of one model: how many entries have how many open devices. */
export interface Pocket {
  /** Number of the pocket in its pool, in the order in which they came; and its place in the network's order. */
  id: number;
  place: number;
  zone: number;
  spine: number;
  leaf: number;
  entries: number[];
  /** Entries by number of open devices, 0 to 32. */
  byOpen: Int32Array;
  /** Entries with all devices open. */
  whole: number;
}

/**
 * The devices of one model in one region: the index that requests are answered from. Entries without an open device are
 * in no bucket, so that a nearly full fleet is looked through quickly.
 */
export class Pool {
  readonly entries: number[] = [];
  readonly pockets: Pocket[] = [];
  /** Buckets that are not empty, in no order. */
  readonly buckets: Bucket[] = [];
  readonly #byClass: (Bucket | undefined)[] = [];
  /** Position in `buckets` by class. */
  readonly #at: number[] = [];
  readonly #byLeaf = new Map<number, Pocket>();
  #ordered: Pocket[] = [];

  constructor(
    readonly id: number,
    readonly regionId: string,
    readonly modelId: string,
  ) {}

  pocket(zone: number, spine: number, leaf: number): Pocket {
    let pocket = this.#byLeaf.get(leaf);
    if (!pocket) {
      pocket = {
        id: this.pockets.length,
        place: 0,
        zone,
        spine,
        leaf,
        entries: [],
        byOpen: new Int32Array(33),
        whole: 0,
      };
      this.#byLeaf.set(leaf, pocket);
      this.pockets.push(pocket);
    }
    return pocket;
  }

  /** Pockets in the order of their places in the network, which `compare` gives; kept until a pocket is added. */
  inOrder(compare: (a: Pocket, b: Pocket) => number): readonly Pocket[] {
    if (this.#ordered.length !== this.pockets.length) {
      this.#ordered = [...this.pockets].sort(compare);
      this.#ordered.forEach((pocket, place) => {
        pocket.place = place;
      });
    }
    return this.#ordered;
  }

  /** Adds an entry to its class's bucket; returns its position there. */
  enter(nodeClass: NodeClass, entry: number): number {
    let bucket = this.#byClass[nodeClass.id];
    if (!bucket) {
      bucket = { nodeClass, entries: [] };
      this.#byClass[nodeClass.id] = bucket;
    }
    if (bucket.entries.length === 0) {
      this.#at[nodeClass.id] = this.buckets.length;
      this.buckets.push(bucket);
    }
    return bucket.entries.push(entry) - 1;
  }

  /** Takes the entry at a position out of its bucket; returns the entry that took its position, or -1. */
  leave(nodeClass: NodeClass, position: number): number {
    const { entries } = this.#byClass[nodeClass.id]!;
    const last = entries.pop()!;
    if (entries.length === 0) {
      const at = this.#at[nodeClass.id]!;
      const moved = this.buckets.pop()!;
      if (at < this.buckets.length) {
        this.buckets[at] = moved;
        this.#at[moved.nodeClass.id] = at;
      }
      return -1;
    }
    if (position === entries.length) return -1;
    entries[position] = last;
    return last;
  }
}
