import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '@suanxiang/platform/config-error';
import { Podman } from './client';

const START_LIMIT_MS = 30_000;

/** What makes containers start on hosts without systemd and without the right to raise limits. */
const containersConf = (folder: string) => `[containers]
default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
[network]
network_backend = "netavark"
network_config_dir = "${path.join(folder, 'networks')}"
`;

/** Podman with this configuration, for env(1). */
const podmanOf = (conf: string) => [`CONTAINERS_CONF=${conf}`, 'podman'];

export interface PodmanService {
  podman: Podman;
  /** Runs Podman's own command line on the same store, for example to import an image. */
  run(args: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

async function answers(podman: Podman): Promise<boolean> {
  try {
    await podman.ping();
    return true;
  } catch {
    return false;
  }
}

/**
 * Podman's API on a store of the agent's own, so that nothing else on the host is in its reach. A service that an earlier
 * agent left behind (it was killed) goes on serving. Containers are no children of either and outlive both.
 */
export async function openPodman(folder: string): Promise<PodmanService> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const conf = path.join(folder, 'containers.conf');
  writeFileSync(conf, containersConf(folder));
  const socket = path.join(folder, 'podman.sock');
  const store = ['root', 'runroot', 'tmpdir'].flatMap((name) => [`--${name}`, path.join(folder, name)]);
  const podman = new Podman(socket);
  let child: ReturnType<typeof spawn> | null = null;
  let failure: Error | null = null;
  if (!existsSync(socket) || !(await answers(podman))) {
    rmSync(socket, { force: true });
    const log = openSync(path.join(folder, 'service.log'), 'a', 0o600);
    child = spawn('env', [...podmanOf(conf), ...store, 'system', 'service', '--time=0', `unix://${socket}`], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    child.once('error', (error) => {
      failure = new ConfigError(`podman cannot be started (${error.message}). Install Debian's package podman.`);
    });
    child.unref();
    if (child.pid) writeFileSync(path.join(folder, 'service.pid'), String(child.pid));
    const limit = AbortSignal.timeout(START_LIMIT_MS);
    while (!(await answers(podman))) {
      if (failure) throw failure;
      if (limit.aborted) throw new ConfigError(`Podman does not answer on ${socket}; see ${folder}/service.log.`);
      await sleep(50);
    }
  }
  return {
    podman,
    run: (args) =>
      finished(spawn('env', [...podmanOf(conf), ...store, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })),
    async close() {
      await podman.close();
      endService(path.join(folder, 'service.pid'));
    },
  };
}

/** Ends the API service, also one that an earlier agent started; containers go on. */
function endService(pidFile: string): void {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('podman')) process.kill(pid, 'SIGTERM');
  } catch {
    // It is gone already.
  }
  rmSync(pidFile, { force: true });
}

function finished(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new ConfigError(text.trim() || `${child.spawnfile} ended with ${code}`));
    });
  });
}
