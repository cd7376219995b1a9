import { ProblemError } from '@suanxiang/domain/errors';

/** Runs work when its turn comes. Throws `unavailable` at once when too many are waiting. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Lets `atOnce` pieces of work run and `longestQueue` more wait, in the order in which they came. For work that takes a
 * scarce thing (a core, a lock): waiting here holds no database connection, so that everything else goes on.
 */
export function createTurns(atOnce: number, longestQueue: number, whyRefused: string): InTurn {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= longestQueue) throw new ProblemError('unavailable', whyRefused, { retryAfterS: 2 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      // The place goes straight to the next in the queue, so that `running` never passes the limit.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
