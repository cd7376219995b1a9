import type { Calendar } from '../calendar/calendar';
import { soonestTogether } from '../calendar/soonest';
import { domainsOf } from '../calendar/together';
import { nthFreeAtS } from '../calendar/windows';
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
  readonly #scratch = new Float64Array(32);
  /** Times at which n devices of an entry are free, by n, then by position in the pool; NaN where not worked out. */
  readonly #known = new Map<number, Float64Array>();
  readonly #byPosition = new Map<Int32Array, Int32Array>();

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

  #firstGang(ask: PlacementRequest, times: Float64Array): { atS: number; positions: number[] } | null {
    const filter = this.calendar.port.filterOf(ask);
    const passes = filter.empty ? () => true : (position: number) => filter.couldPass(this.#entries[position]!);
    return soonestTogether(times, this.#domains(domainsOf(this.calendar.port, ask).whole), ask.nodeCount, passes);
  }

  /** Domains by position. */
  #domains(whole: Int32Array): Int32Array {
    const known = this.#byPosition.get(whole);
    if (known) return known;
    const domains = Int32Array.from(this.#entries, (entry) => whole[entry]!);
    this.#byPosition.set(whole, domains);
    return domains;
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
    return nthFreeAtS(port, this.#freeAtS, first, first + port.sizeOf(entry), count, this.#scratch);
  }

  /** Gives the devices of an entry that are free first to a request until an instant. */
  #give(position: number, count: number, untilS: number): void {
    const { port } = this.calendar;
    const entry = this.#entries[position]!;
    const first = port.firstDevice[entry]!;
    const size = port.sizeOf(entry);
    if (count >= size) {
      // Whole nodes need no choosing.
      for (let device = first; device < first + size; device += 1) {
        if (port.isUsable(device)) this.#freeAtS[device] = untilS;
      }
    } else {
      const order = Array.from({ length: size }, (_, bit) => first + bit).filter((device) => port.isUsable(device));
      order.sort((a, b) => this.#freeAtS[a]! - this.#freeAtS[b]! || a - b);
      for (let i = 0; i < count && i < order.length; i += 1) this.#freeAtS[order[i]!] = untilS;
    }
    for (const [known, times] of this.#known) times[position] = this.#timeOf(position, known);
  }
}
