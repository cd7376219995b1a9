import { DriverError } from '@suanxiang/hal/driver';
import type { Sentinel } from '../engine/sentinels';

/** Calls of one kind that `sim-flaky` refuses before the first success. */
const FLAKY_CALLS = 2;
const REMEMBERED = 10_000;

/**
 * Trouble on the way to the fleet rather than in it: it is not part of the state and starts anew with the process.
 * Counted per allocation and verb.
 */
export class Mischief {
  readonly #counts = new Map<string, number>();

  #next(what: string, verb: string, allocationId: string): number {
    const key = `${what}|${verb}|${allocationId}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (this.#counts.size > REMEMBERED) this.#counts.delete(this.#counts.keys().next().value ?? key);
    return count;
  }

  /** Throws a transient error for the first calls of a `sim-flaky` allocation. */
  refuse(sentinel: Sentinel | null, verb: string, allocationId: string): void {
    if (sentinel !== 'sim-flaky') return;
    const count = this.#next('flaky', verb, allocationId);
    if (count <= FLAKY_CALLS)
      throw new DriverError('transient', `${verb} failed, try again (${count}, asked for by the name)`);
  }

  /** True when the answer of this call must get lost: the first of each verb of a `sim-lost-reply` allocation. */
  losesReply(sentinel: Sentinel | null, verb: string, allocationId: string): boolean {
    return sentinel === 'sim-lost-reply' && this.#next('lost', verb, allocationId) === 1;
  }
}
