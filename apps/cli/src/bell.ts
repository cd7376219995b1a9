import type { Io } from './io';

/** Wakes a waiting loop: by a ring, which is kept until somebody waits, or when the time is over. */
export interface Bell {
  ring(): void;
  /** Answers true for a ring. Throws Interrupted after Ctrl-C. */
  wait(durationMs: number): Promise<boolean>;
}

export function createBell(io: Pick<Io, 'sleep'>): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(durationMs) {
      if (!rung) {
        const ringing = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const time = io.sleep(durationMs);
        // The loser of the race is not waited for: its failure is nobody's.
        time.catch(() => undefined);
        await Promise.race([ringing, time]);
        wake = null;
      }
      const wasRung = rung;
      rung = false;
      return wasRung;
    },
  };
}
