import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port';
import { type SpawnedProcess, spawnProcess } from './spawn';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = path.join(root, 'apps/agent/src/main.ts');

/** The root file system of the built-in image, built once from Debian's packages. */
export function builtRootfs(): string {
  const file = path.join(root, '.cache/agent-rootfs.tar');
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    const script = path.join(root, 'apps/agent/image/build-rootfs.sh');
    execFileSync('bash', [script, file], { stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
  }
  return file;
}

/** Podman mounts its store of layers on itself; mounted, it could not be removed. */
function unmountStore(folder: string): void {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const inside = mounts.flatMap((line) => {
    const place = line.split(' ')[1];
    return place?.startsWith(`${folder}/`) ? [place] : [];
  });
  for (const place of inside.reverse()) execFileSync('umount', ['--lazy', place], { stdio: 'ignore' });
}

/** Why no container can run here, in words; null where one can. Prints the reason once, so that no test is skipped silently. */
export function whyNoContainers(): string | null {
  let why: string | null = null;
  const folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-podman-'));
  try {
    const conf = path.join(folder, 'containers.conf');
    const engine =
      '[containers]\ndefault_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]\n[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "runc"\n';
    writeFileSync(conf, engine);
    const store = ['root', 'runroot', 'tmpdir'].flatMap((name) => [`--${name}`, path.join(folder, name)]);
    const podman = (...args: string[]) =>
      execFileSync('env', [`CONTAINERS_CONF=${conf}`, 'podman', ...store, ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: 60_000,
      });
    podman('import', builtRootfs(), 'localhost/probe:1');
    podman('run', '--rm', '--network=bridge', '--memory=64m', '--cpus=0.5', 'localhost/probe:1', '/bin/true');
  } catch (error) {
    const text = error instanceof Error && 'stderr' in error && error.stderr ? String(error.stderr) : String(error);
    why = text.trim().split('\n').at(-1) ?? 'unknown';
    process.stderr.write(`Podman cannot run containers here, so tests of the node agent are skipped: ${why}\n`);
  }
  unmountStore(folder);
  rmSync(folder, { recursive: true, force: true });
  return why;
}

export interface AgentIdentity {
  agentId: string;
  region: string;
  zone: string;
  privateKey: string;
  controlKey: string;
}

export interface AgentProcess {
  readonly url: string;
  readonly pid: number;
  readonly folder: string;
  output(): string;
  /** Ends the agent the hard way; its instances and Podman go on. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Ends it with its instances and removes its folder. */
  stop(): Promise<void>;
}

export interface AgentProcessOptions {
  /** Who it is; left out with a token, with which it enrols. */
  identity?: AgentIdentity;
  enrol?: { apiUrl: string; token: string };
  shares?: number;
  firstSshPort: number;
  /** Arguments of Node that start the agent; its sources when left out. */
  program?: readonly string[];
}

/** Starts a node agent as a process of its own, with state and containers below the temporary folder. */
export async function startAgentProcess(options: AgentProcessOptions): Promise<AgentProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-agent-'));
  const { identity, enrol, shares = 2, firstSshPort, program = ['--import', 'tsx', main] } = options;
  if (identity) writeFileSync(path.join(folder, 'identity.json'), JSON.stringify(identity), { mode: 0o600 });
  const port = await freePort();
  const flags = [
    ...['--dir', folder, '--port', String(port), '--shares', String(shares), '--rootfs', builtRootfs()],
    ...['--ssh-ports', `${firstSshPort}-${firstSshPort + 99}`],
    ...(enrol ? ['--api', enrol.apiUrl, '--token', enrol.token] : []),
  ];

  async function launch(): Promise<SpawnedProcess> {
    const started = spawnProcess(process.execPath, [...program, ...flags], { cwd: root });
    await started.waitFor(/agent is ready/, 60_000);
    return started;
  }
  let current = await launch();

  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    get pid() {
      return current.pid;
    },
    output: () => current.output(),
    kill: async () => {
      await current.end('SIGKILL');
    },
    restart: async () => {
      current = await launch();
    },
    stop: async () => {
      await current.end('SIGTERM', 20_000);
      execFileSync(process.execPath, ['--import', 'tsx', main, '--dir', folder, '--remove'], { cwd: root });
    },
  };
}
