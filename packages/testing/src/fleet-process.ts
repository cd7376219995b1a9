import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureSecrets } from '@suanxiang/platform/secrets';
import { freePort } from './free-port';
import { type SpawnedProcess, spawnProcess } from './spawn';

export interface FleetProcessOptions {
  /** 0 (default) = workloads run at once. */
  bootScale?: number;
  speed?: number;
  /** Other settings of the simulation, for example { faultAfterMs: 200 }. */
  settings?: Record<string, unknown>;
  /** A fleet's data; the built-in one when left out. */
  spec?: unknown;
}

export interface FleetProcess {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** What the process wrote. */
  output(): string;
  /** Calls a control endpoint, for example control('settings', { bootScale: 0 }). */
  control(verb: string, body: unknown): Promise<unknown>;
  /** Ends the process the hard way and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and state. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Starts the simulated fleet as a process of its own, on a free port and with state below the temporary folder. */
export async function startFleetProcess(options: FleetProcessOptions = {}): Promise<FleetProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-fleet-'));
  const secretsFile = path.join(folder, 'secrets.json');
  const token = ensureSecrets(secretsFile).fleetToken;
  const port = await freePort();
  const specFile = path.join(folder, 'fleet.json');
  if (options.spec !== undefined) writeFileSync(specFile, JSON.stringify(options.spec));
  // Nothing inherited: settings of whoever runs the tests must not reach the fleet.
  const env = {
    LOG_LEVEL: 'info',
    DATA_DIR: folder,
    SECRETS_FILE: secretsFile,
    FLEET_PORT: String(port),
    FLEET_BOOT_SCALE: String(options.bootScale ?? 0),
    FLEET_SPEED: String(options.speed ?? 1),
    FLEET_SPEC: options.spec === undefined ? '' : specFile,
  };
  const flags = options.settings ? ['--settings', JSON.stringify(options.settings)] : [];
  const main = path.join(root, 'apps/fleet/src/main.ts');
  const url = `http://127.0.0.1:${port}`;

  async function launch(): Promise<SpawnedProcess> {
    const started = spawnProcess(process.execPath, ['--import', 'tsx', main, ...flags], { cwd: root, env });
    await started.waitFor(/fleet is ready/, 60_000);
    return started;
  }
  let current = await launch();

  return {
    url,
    token,
    get pid() {
      return current.pid;
    },
    output: () => current.output(),
    control: async (verb, body) => {
      const response = await fetch(`${url}/control/${verb}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`control/${verb}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    kill: async () => {
      await current.end('SIGKILL');
    },
    restart: async () => {
      current = await launch();
    },
    stop: async () => {
      await current.end('SIGTERM', 10_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
