import { type Config, loadConfig } from './config';
import { ConfigError } from './config-error';
import { createLogger, type Logger } from './logger';
import { installShutdown, type Shutdown } from './shutdown';

export interface ProcessContext {
  readonly config: Config;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
}

/** Exit code for a setting that a person must correct (EX_CONFIG): a supervisor must not restart on it. */
export const configExitCode = 78;

/**
 * Entry of every long-running process: reads the settings, installs the shutdown, runs `start`. A bad setting ends it
 * with one sentence on standard error; any other failure while starting is logged and ends it with exit code 1.
 */
export async function runProcess(name: string, start: (context: ProcessContext) => Promise<void>): Promise<void> {
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = configExitCode;
    return;
  }
  const logger = createLogger({ name, level: config.logLevel });
  const shutdown = installShutdown({ logger });
  // A launcher keeps a channel to each process it starts: when the launcher is killed, the process ends by itself.
  if (process.connected) process.once('disconnect', () => void shutdown.stop('launcher is gone'));
  try {
    await start({ config, logger, shutdown });
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    await shutdown.stop('could not start', 1);
  }
}
