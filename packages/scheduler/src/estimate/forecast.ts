import type { Calendar } from '../calendar/calendar';
import { domainsOf } from '../calendar/together';
import type { PortPool } from '../queue/fleet-port';
import type { PlacementRequest } from '../types';

/** Holds that begin later than this do not keep present requests waiting. */
const FAR_S = 24 * 3_600;

/**
 * When each request of a queue would start if everything ended as expected and the queue were served in its order: one pass over
 * the requests, each taking the devices that become free first. Holes before planned starts are not filled, so it errs on the
 * late side; the calibration of intervals learns by how much.
 */
export class Forecast {
  /** When each device becomes free, planned starts and reservations included. */
  readonly #freeAtS: Float64Array;
  readonly #entries: readonly number[];
  /** Times at which n devices of an entry are free, by n, then by position in the pool; NaN where not worked out. */
  readonly #known = new Map<number, Float64Array>();

  constructor(
    readonly calendar: Calendar,
    readonly pool: PortPool,
    readonly nowS: number,
  ) {
    const { port } = calendar;
    this.#entries = pool.entries.filter((entry) => port.isAvailable(entry));
    this.#freeAtS = Float64Array.from(calendar.freeAtS);
    for (const entry of this.#entries) {
      if (calendar.heldEntries[entry] === 0) continue;
      const first = port.firstDevice[entry]!;
      for (let device = first; device < first + port.sizeOf(entry); device += 1) {
        for (const hold of calendar.holdsOn(device)) {
          if (hold.fromS > nowS + FAR_S) continue;
          this.#freeAtS[device] = Math.max(this.#freeAtS[device]!, hold.toS);
        }
      }
    }
  }

  /** Expected start of the next request of the queue, which then has its devices; Infinity when never. */
  next(ask: PlacementRequest, lengthS: number, notBeforeS: number): number {
    const chosen = this.#first(ask);
    if (!chosen) return Number.POSITIVE_INFINITY;
    const startS = Math.max(this.nowS, notBeforeS, chosen.atS);
    for (const position of chosen.positions) this.#give(position, ask.gpusPerNode, startS + lengthS);
    return startS;
  }

  #first(ask: PlacementRequest): { atS: number; positions: number[] } | null {
    const times = this.#times(ask.gpusPerNode);
    if (ask.nodeCount === 1 && this.calendar.port.filterOf(ask).empty) {
      let best = -1;
      for (let i = 0; i < times.length; i += 1) if (best < 0 || times[i]! < times[best]!) best = i;
      return best < 0 || times[best] === Number.POSITIVE_INFINITY ? null : { atS: times[best]!, positions: [best] };
    }
    return this.#firstGang(ask, times);
  }

  /** The domain in which enough nodes are free soonest: the n smallest times of each, kept sorted while reading. */
  #firstGang(ask: PlacementRequest, times: Float64Array): { atS: number; positions: number[] } | null {
    const domain = domainsOf(this.calendar.port, ask).whole;
    const filter = this.calendar.port.filterOf(ask);
    const soonest = new Map<number, number[]>();
    for (let i = 0; i < times.length; i += 1) {
      const entry = this.#entries[i]!;
      if (times[i] === Number.POSITIVE_INFINITY || !filter.couldPass(entry)) continue;
      let list = soonest.get(domain[entry]!);
      if (!list) {
        list = [];
        soonest.set(domain[entry]!, list);
      }
      if (list.length === ask.nodeCount && times[list.at(-1)!]! <= times[i]!) continue;
      let at = list.length;
      while (at > 0 && times[list[at - 1]!]! > times[i]!) at -= 1;
      list.splice(at, 0, i);
      if (list.length > ask.nodeCount) list.pop();
    }
    let best: { atS: number; positions: number[] } | null = null;
    for (const positions of soonest.values()) {
      if (positions.length < ask.nodeCount) continue;
      const atS = times[positions.at(-1)!]!;
      if (best === null || atS < best.atS) best = { atS, positions };
    }
    return best;
  }

  #times(count: number): Float64Array {
    const known = this.#known.get(count);
    if (known) return known;
    const times = new Float64Array(this.#entries.length);
    for (let i = 0; i < times.length; i += 1) times[i] = this.#timeOf(i, count);
    this.#known.set(count, times);
    return times;
  }

  #timeOf(position: number, count: number): number {
    const { port } = this.calendar;
    const entry = this.#entries[position]!;
    const first = port.firstDevice[entry]!;
    const sorted: number[] = [];
    for (let device = first; device < first + port.sizeOf(entry); device += 1) {
      if (port.isUsable(device)) sorted.push(this.#freeAtS[device]!);
    }
    sorted.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return sorted[count - 1] ?? Number.POSITIVE_INFINITY;
  }

  /** Gives the devices of an entry that are free first to a request until an instant. */
  #give(position: number, count: number, untilS: number): void {
    const { port } = this.calendar;
    const entry = this.#entries[position]!;
    const first = port.firstDevice[entry]!;
    const order = Array.from({ length: port.sizeOf(entry) }, (_, bit) => first + bit)
      .filter((device) => port.isUsable(device))
      .sort((a, b) => this.#freeAtS[a]! - this.#freeAtS[b]! || a - b);
    for (const device of order.slice(0, count)) this.#freeAtS[device] = untilS;
    for (const [size, times] of this.#known) times[position] = this.#timeOf(position, size);
  }
}
