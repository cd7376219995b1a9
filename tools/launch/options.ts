import { parseArgs } from 'node:util';
import { LaunchError } from './progress';

export interface LaunchOptions {
  /** Forget all local data first. */
  readonly reset: boolean;
  /** Added to every port, so that a second copy can run. */
  readonly portOffset: number;
  /** Start the console, too. */
  readonly web: boolean;
  /** On new data, launch the demonstration's running workloads. */
  readonly live: boolean;
  /** Start a node agent on this machine, too. */
  readonly agent: boolean;
}

export const usage = `npm run up -- [options]

Starts the whole product on this machine: PostgreSQL, Redis, a simulated fleet, API, worker and console.
Ctrl-C stops all of it; the next start keeps the data.

  --reset            forget all local data (.data) first
  --port-offset N    add N to every port, to run a second copy
  --no-web           without the console
  --no-live          on new data, leave the fleet empty: nothing runs until you launch it
  --agent            start a node agent on this machine, too, which runs CPU instances with Podman (Debian, as root)
  --help             this text

DATABASE_URL and REDIS_URL point to servers of your own; DATA_DIR is where local data lives (default .data).
`;

/** Reads the command line; undefined when only help was asked for. */
export function readOptions(args: readonly string[]): LaunchOptions | undefined {
  let values: {
    reset?: boolean;
    'port-offset'?: string;
    'no-web'?: boolean;
    'no-live'?: boolean;
    agent?: boolean;
    help?: boolean;
  };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        reset: { type: 'boolean' },
        'port-offset': { type: 'string' },
        'no-web': { type: 'boolean' },
        'no-live': { type: 'boolean' },
        agent: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new LaunchError(`${(error as Error).message}\n\n${usage}`);
  }
  if (values.help) return undefined;
  const text = values['port-offset'] ?? process.env.PORT_OFFSET ?? '0';
  const portOffset = Number(text);
  if (!/^\d+$/.test(text) || portOffset > 50_000) {
    throw new LaunchError(`--port-offset must be a whole number from 0 to 50000, not "${text}".`);
  }
  return {
    reset: values.reset ?? false,
    portOffset,
    web: !values['no-web'],
    live: !values['no-live'],
    agent: values.agent ?? false,
  };
}
