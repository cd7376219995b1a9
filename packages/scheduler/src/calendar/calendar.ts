import type { FleetPort } from '../queue/fleet-port';

/**
 * The future of every device: when its present holder leaves, and who will have it from when to when. Answers "from when
 * on are these devices free for so long?", which planned starts, reservations, maintenance and estimates stand on.
 */
export interface Hold {
  kind: 'reservation' | 'maintenance' | 'plan' | 'claim';
  /** Request, reservation or window. */
  owner: string;
  fromS: number;
  /** Infinity for an open end. */
  toS: number;
  devices: readonly number[];
  /** Of plans: priority band. */
  band: number;
}

/** A request as the calendar sees it. */
export interface Span {
  /** How long it is expected to keep its devices, which planned starts of others count with. */
  softS: number;
  /** How long it may keep them at most, which reservations and maintenance count with. Infinity for an open end. */
  hardS: number;
}

/** Whether a hold stands in the way of a request at all. */
export type Sees = (hold: Hold) => boolean;

const NONE: readonly Hold[] = [];

export class Calendar {
  /** When the device becomes free of its present holder; -Infinity when it is free, Infinity when nobody knows. */
  readonly freeAtS: Float64Array;
  readonly #holds = new Map<number, Hold[]>();
  readonly #all = new Set<Hold>();
  /** Holds below each entry. */
  readonly heldEntries: Int32Array;

  constructor(readonly port: FleetPort) {
    this.freeAtS = new Float64Array(port.deviceCount).fill(Number.NEGATIVE_INFINITY);
    this.heldEntries = new Int32Array(port.entryCount);
  }

  /** Devices that are busy until an instant; the latest of several counts. */
  occupy(devices: readonly number[], untilS: number): void {
    for (const device of devices) this.freeAtS[device] = Math.max(this.freeAtS[device]!, untilS);
  }

  add(hold: Hold): void {
    this.#all.add(hold);
    for (const device of hold.devices) {
      const holds = this.#holds.get(device);
      if (holds) holds.push(hold);
      else this.#holds.set(device, [hold]);
      this.heldEntries[this.port.entryOfDevice[device]!]! += 1;
    }
  }

  remove(hold: Hold): void {
    this.#all.delete(hold);
    for (const device of hold.devices) {
      const holds = this.#holds.get(device);
      const at = holds?.indexOf(hold) ?? -1;
      if (!holds || at < 0) continue;
      if (holds.length === 1) this.#holds.delete(device);
      else holds.splice(at, 1);
      this.heldEntries[this.port.entryOfDevice[device]!]! -= 1;
    }
  }

  holdsOn(device: number): readonly Hold[] {
    return this.#holds.get(device) ?? NONE;
  }

  /** All holds, each once. */
  holds(): Hold[] {
    return [...this.#all];
  }

  /** Devices that somebody will have, in ascending order. */
  heldDevices(): number[] {
    return [...this.#holds.keys()].sort((a, b) => a - b);
  }

  /** No hold on the device is in the way of a request that starts at an instant. Says nothing of the present holder. */
  isClear(device: number, atS: number, span: Span, sees: Sees): boolean {
    const holds = this.#holds.get(device);
    if (!holds) return true;
    return holds.every((hold) => !clashes(hold, atS, span) || !sees(hold));
  }
}

/** A start at `atS` would overlap the hold. */
export function clashes(hold: Hold, atS: number, span: Span): boolean {
  return atS < hold.toS && atS + lengthFor(hold, span) > hold.fromS;
}

/** How long a request counts against a hold: promises rest on expectations, reservations on hard limits. */
export function lengthFor(hold: Hold, span: Span): number {
  return hold.kind === 'plan' || hold.kind === 'claim' ? span.softS : span.hardS;
}
