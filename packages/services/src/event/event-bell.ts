import { listen } from '@suanxiang/db/listen';
import type { Logger } from '@suanxiang/platform/logger';

/** Wakes those who wait for news. */
export interface EventBell {
  /** Resolves at the next ring, after `timeoutMs`, or when `signal` is aborted. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A bell over a notification channel of PostgreSQL, with one connection for all who wait, opened when the first one does. */
export function createEventBell(url: string, logger: Logger): EventBell {
  const waiting = new Set<() => void>();
  let listener: ReturnType<typeof listen> | null = null;

  const ring = () => {
    for (const wake of [...waiting]) wake();
  };

  return {
    wait(timeoutMs, signal) {
      listener ??= listen({
        url,
        applicationName: 'suanxiang-api-events',
        channel: 'event',
        onBell: ring,
        onLost: (error) => logger.warn({ err: error }, 'events are looked for by timer until the database rings again'),
      });
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        waiting.add(wake);
        signal.addEventListener('abort', wake);
        if (signal.aborted) wake();
      });
    },
    async close() {
      ring();
      await listener?.close();
    },
  };
}
