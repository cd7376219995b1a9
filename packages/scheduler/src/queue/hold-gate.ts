import type { Calendar, Sees, Span } from '../calendar/calendar';
import type { FleetPort } from './fleet-port';

/**
 * Shuts free devices that somebody will have away from requests they are not for, by holding them in the fleet state while
 * such a request is placed. Each request sees its own set; only differences are changed.
 */
export class HoldGate {
  readonly #shut: Uint8Array;
  readonly #known: Uint8Array;
  /** Free devices with a hold, by pool. */
  readonly #byPool: number[][];

  constructor(
    readonly port: FleetPort,
    readonly calendar: Calendar,
    readonly nowS: number,
  ) {
    this.#shut = new Uint8Array(port.deviceCount);
    this.#known = new Uint8Array(port.deviceCount);
    this.#byPool = port.pools.map(() => []);
    this.watch(calendar.heldDevices());
  }

  /** Minds devices that a hold was laid on. */
  watch(devices: readonly number[]): void {
    for (const device of devices) {
      if (this.#known[device] === 1 || !this.port.isFree(device)) continue;
      this.#known[device] = 1;
      this.#byPool[this.port.poolOfEntry[this.port.entryOfDevice[device]!]!]!.push(device);
    }
  }

  /** Opens exactly what a request of this span may use now. */
  openFor(pool: number, span: Span, sees: Sees): void {
    const [shut, open]: [number[], number[]] = [[], []];
    const kept: number[] = [];
    for (const device of this.#byPool[pool]!) {
      if (this.#known[device] === 0) continue;
      kept.push(device);
      const clear = this.calendar.isClear(device, this.nowS, span, sees);
      if (clear === (this.#shut[device] === 0)) continue;
      this.#shut[device] = clear ? 0 : 1;
      (clear ? open : shut).push(device);
    }
    if (kept.length < this.#byPool[pool]!.length) this.#byPool[pool] = kept;
    this.port.take(shut);
    this.port.give(open);
  }

  /** Forgets devices that a decision is about to take; opens them when they are shut. */
  forget(devices: readonly number[]): void {
    const open: number[] = [];
    for (const device of devices) {
      if (this.#shut[device] === 1) open.push(device);
      this.#shut[device] = 0;
      this.#known[device] = 0;
    }
    this.port.give(open);
  }

  /** Opens everything: the state is as if there had never been a gate. */
  release(): void {
    for (const devices of this.#byPool) {
      this.port.give(devices.filter((device) => this.#shut[device] === 1));
      for (const device of devices) {
        this.#shut[device] = 0;
        this.#known[device] = 0;
      }
      devices.length = 0;
    }
  }
}
