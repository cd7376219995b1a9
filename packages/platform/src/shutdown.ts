import type { Logger } from './logger';

interface Closer {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

export interface ShutdownOptions {
  readonly logger: Logger;
  /** Longest time for all closers together; then the process ends with exit code 1. */
  readonly limitMs?: number;
  /** Ends the process; tests replace it. */
  readonly exit?: (code: number) => void;
}

export interface Shutdown {
  /** True from the first signal on: readiness answers 503 and loops end. */
  readonly stopping: boolean;
  /** Aborted at the first signal; pass it to long waits. */
  readonly signal: AbortSignal;
  /** Registers a closer. The last one registered closes first, as servers are built on top of connections. */
  onClose(name: string, close: Closer['close']): void;
  /** Runs all closers once and ends the process; later calls wait for the first. */
  stop(reason: string, exitCode?: number): Promise<void>;
}

const defaultLimitMs = 25_000;

/**
 * Ordered shutdown on SIGTERM and SIGINT: closers run one after another in reverse order of registration. A closer that
 * fails is logged and does not stop the others. Uncaught errors end the process the same way with exit code 1.
 */
export function installShutdown(options: ShutdownOptions): Shutdown {
  const { logger } = options;
  const limitMs = options.limitMs ?? defaultLimitMs;
  const exit = options.exit ?? ((code: number) => process.exit(code));
  const closers: Closer[] = [];
  const abort = new AbortController();
  let running: Promise<void> | undefined;

  async function closeAll(reason: string, exitCode: number): Promise<void> {
    logger.info({ reason }, 'stopping');
    let code = exitCode;
    const timer = setTimeout(() => {
      logger.error({ limitMs }, 'shutdown took too long');
      exit(1);
    }, limitMs);
    for (const closer of closers.reverse()) {
      try {
        await closer.close();
        logger.debug({ closer: closer.name }, 'closed');
      } catch (error) {
        code = code || 1;
        logger.error({ err: error, closer: closer.name }, 'closing failed');
      }
    }
    clearTimeout(timer);
    logger.info('stopped');
    logger.flush();
    exit(code);
  }

  function stop(reason: string, exitCode = 0): Promise<void> {
    if (!running) {
      abort.abort();
      running = closeAll(reason, exitCode);
    }
    return running;
  }

  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal({ err: error }, event);
      void stop(event, 1);
    });
  }
  return {
    get stopping() {
      return abort.signal.aborted;
    },
    signal: abort.signal,
    onClose: (name, close) => void closers.push({ name, close }),
    stop,
  };
}
