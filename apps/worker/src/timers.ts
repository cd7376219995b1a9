import type { Logger } from '@suanxiang/platform/logger';

export interface Timers {
  /** Runs `act` again and again, `everyMs` after it last ended; the first time after `firstMs`. Failures are logged. */
  every(name: string, everyMs: number, act: () => Promise<unknown>, firstMs?: number): void;
  /** Starts nothing more and waits for what runs. */
  close(): Promise<void>;
}

/** Timers that never overlap with themselves, and say once when something begins to fail and when it works again. */
export function createTimers(logger: Logger, onFailure: (name: string) => void = () => {}): Timers {
  const pending = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  const failing = new Set<string>();
  let closed = false;

  async function run(name: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      if (failing.delete(name)) logger.info({ timer: name }, 'works again');
    } catch (error) {
      onFailure(name);
      if (!failing.has(name)) logger.warn({ timer: name, err: error }, 'failed, will try again');
      failing.add(name);
    }
  }

  function every(name: string, everyMs: number, act: () => Promise<unknown>, firstMs = 0): void {
    const plan = (afterMs: number) => {
      const timer = setTimeout(() => {
        const one = run(name, act).finally(() => {
          running.delete(one);
          if (!closed) plan(everyMs);
        });
        running.add(one);
      }, afterMs);
      pending.set(name, timer);
    };
    plan(firstMs);
  }

  return {
    every,
    async close() {
      closed = true;
      for (const timer of pending.values()) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
