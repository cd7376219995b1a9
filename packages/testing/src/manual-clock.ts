import type { Clock } from '@suanxiang/platform/clock';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  #nowMs: number;

  /** `startMs`: Unix milliseconds. */
  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Moves forward by `ms` >= 0. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`a clock cannot move by ${ms} ms`);
    this.#nowMs += ms;
  }

  /** Jumps to a Unix time in milliseconds, backwards too: clocks of real machines do. */
  set(nowMs: number): void {
    this.#nowMs = nowMs;
  }
}
