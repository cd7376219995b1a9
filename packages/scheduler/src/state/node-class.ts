import type { Pick } from '../placement/pick';
import { countBits } from './bits';

/** Devices of an entry as positions (bits), which of them form an island, and the node's vCPU and memory in all. */
export interface Layout {
  id: number;
  all: number;
  size: number;
  islands: readonly number[];
  /** Infinity when they are not counted. */
  vcpuMilli: number;
  memoryBytes: number;
}

/**
 * All entries that look alike to a request for whole devices: same layout, same open devices, same health, same
 * suspicion, about as much vCPU and memory. Most nodes of a fleet are alike, so that choices and scores are worked out once a class.
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
  /**
   * vCPU or memory left on the node, whichever is scarcer, in eighths of what the open devices' share of the node would
   * be: less than `room + 1` eighths, or at least the whole share when 8.
   */
  room: number;
  /** The best choice of n devices, by n, and within one island; null when there is none. Filled when asked for. */
  picks: (Pick | null | undefined)[];
  islandPicks: (Pick | null | undefined)[];
}

const LEVELS = 4;
const ROOMS = 9;

/** Eighths of the share of `open` devices that what is left of vCPU and memory makes; see NodeClass.room. */
export function roomOf(layout: Layout, open: number, vcpuMilli: number, memoryBytes: number): number {
  const share = open / layout.size;
  const vcpu = layout.vcpuMilli === Number.POSITIVE_INFINITY ? 1 : vcpuMilli / (layout.vcpuMilli * share);
  const memory = layout.memoryBytes === Number.POSITIVE_INFINITY ? 1 : memoryBytes / (layout.memoryBytes * share);
  return Math.min(ROOMS - 1, Math.floor(Math.min(vcpu, memory) * 8));
}

/** No entry of the class has so much vCPU and memory left. Never true of one that has, nor of a class with nothing open. */
export function lacksRoom(nodeClass: NodeClass, vcpuMilli: number, memoryBytes: number): boolean {
  const { layout, room, openCount } = nodeClass;
  if (room === ROOMS - 1 || openCount === 0) return false;
  // Both must be beyond the bound, as nobody knows which of them is the scarce one.
  const bound = ((room + 1) / 8) * (openCount / layout.size);
  const beyond = (need: number, total: number) => total === Number.POSITIVE_INFINITY || need > bound * total;
  return beyond(vcpuMilli, layout.vcpuMilli) && beyond(memoryBytes, layout.memoryBytes);
}

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

  layout(size: number, islands: readonly number[], vcpuMilli: number, memoryBytes: number): Layout {
    const key = `${size}:${islands.join(',')}:${vcpuMilli}:${memoryBytes}`;
    let layout = this.#layouts.get(key);
    if (!layout) {
      const all = size === 32 ? 0xffffffff : (1 << size) - 1;
      layout = { id: this.#layouts.size, all: all >>> 0, size, islands, vcpuMilli, memoryBytes };
      this.#layouts.set(key, layout);
    }
    return layout;
  }

  of(layout: Layout, open: number, healthy: number, suspicion: number, room: number): NodeClass {
    if (open !== healthy) {
      const key = `${layout.id}:${suspicion}:${room}:${open}:${healthy}`;
      const known = this.#degraded.get(key);
      if (known) return known;
      const made = this.#make(layout, open, healthy, suspicion, room);
      this.#degraded.set(key, made);
      return made;
    }
    const key = ((layout.id * LEVELS + suspicion) * ROOMS + room) * 2 ** 32 + open;
    const known = this.#plain.get(key);
    if (known) return known;
    const made = this.#make(layout, open, healthy, suspicion, room);
    this.#plain.set(key, made);
    return made;
  }

  #make(layout: Layout, open: number, healthy: number, suspicion: number, room: number): NodeClass {
    const made: NodeClass = {
      id: this.list.length,
      layout,
      open,
      healthy,
      openCount: countBits(open),
      suspicion,
      whole: open === layout.all,
      room,
      picks: [],
      islandPicks: [],
    };
    this.list.push(made);
    return made;
  }
}
