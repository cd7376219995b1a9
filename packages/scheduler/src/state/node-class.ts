import { type Pick, pickDevices } from '../placement/pick-devices';
import { countBits } from './bits';

/** Devices of an entry as positions (bits), and which of them form an island. */
export interface Layout {
  id: number;
  all: number;
  size: number;
  islands: readonly number[];
}

/**
 * All entries that look alike to a request for whole devices: same layout, same open devices, same health, same
 * suspicion. Most nodes of a fleet are alike, so that choices and scores are worked out once a class.
 */
export interface NodeClass {
  id: number;
  layout: Layout;
  /** Devices that may be given now, and those of them without a fault. */
  open: number;
  healthy: number;
  openCount: number;
  /** 0 (trusted) to 3 (last choice). */
  suspicion: number;
  whole: boolean;
  /** The best choice of n devices, by n, and within one island; null when there is none. Filled when asked for. */
  picks: (Pick | null | undefined)[];
  islandPicks: (Pick | null | undefined)[];
}

/** The best choice of `count` devices on any entry of a class (all in one island when asked so), or null. */
export function pickOf(nodeClass: NodeClass, count: number, oneIsland: boolean): Pick | null {
  if (count > nodeClass.openCount) return null;
  const picks = oneIsland ? nodeClass.islandPicks : nodeClass.picks;
  let pick = picks[count];
  if (pick === undefined) {
    pick = pickDevices(nodeClass, count, oneIsland);
    picks[count] = pick;
  }
  return pick;
}

const LEVELS = 4;

/** Suspicion in thousandths as one of four levels. */
export function suspicionLevel(milli: number): number {
  return Math.min(LEVELS - 1, Math.floor((milli * LEVELS) / 1000));
}

/** Layouts and classes by number. */
export class NodeClasses {
  readonly list: NodeClass[] = [];
  readonly #layouts = new Map<string, Layout>();
  readonly #plain = new Map<number, NodeClass>();
  readonly #degraded = new Map<string, NodeClass>();

  layout(size: number, islands: readonly number[]): Layout {
    const key = `${size}:${islands.join(',')}`;
    let layout = this.#layouts.get(key);
    if (!layout) {
      const all = size === 32 ? 0xffffffff : (1 << size) - 1;
      layout = { id: this.#layouts.size, all: all >>> 0, size, islands };
      this.#layouts.set(key, layout);
    }
    return layout;
  }

  of(layout: Layout, open: number, healthy: number, suspicion: number): NodeClass {
    if (open !== healthy) {
      const key = `${layout.id}:${suspicion}:${open}:${healthy}`;
      const known = this.#degraded.get(key);
      if (known) return known;
      const made = this.#make(layout, open, healthy, suspicion);
      this.#degraded.set(key, made);
      return made;
    }
    const key = (layout.id * LEVELS + suspicion) * 2 ** 32 + open;
    const known = this.#plain.get(key);
    if (known) return known;
    const made = this.#make(layout, open, healthy, suspicion);
    this.#plain.set(key, made);
    return made;
  }

  #make(layout: Layout, open: number, healthy: number, suspicion: number): NodeClass {
    const made: NodeClass = {
      id: this.list.length,
      layout,
      open,
      healthy,
      openCount: countBits(open),
      suspicion,
      whole: open === layout.all,
      picks: [],
      islandPicks: [],
    };
    this.list.push(made);
    return made;
  }
}
