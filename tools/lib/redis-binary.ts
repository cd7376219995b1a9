import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** A Redis-compatible server program and the environment it needs. */
export interface RedisBinary {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** For people: where it came from. */
  readonly origin: string;
}

const help =
  'No Redis was found. Set REDIS_URL to a server of yours, or install one: "apt-get install redis-server" (Debian, ' +
  'Ubuntu), "brew install redis" (macOS), or "docker run -d -p 6379:6379 redis:7 --maxmemory-policy noeviction" and ' +
  'REDIS_URL=redis://127.0.0.1:6379.';

const execute = promisify(execFile);

async function run(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await execute(command, [...args], { cwd, maxBuffer: 16e6 });
  return stdout;
}

/** The first of `names` on PATH (or in the usual Homebrew folders). */
export function findOnPath(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/opt/homebrew/bin', '/usr/local/bin'];
  for (const name of names) {
    for (const folder of folders) {
      if (folder && existsSync(path.join(folder, name))) return path.join(folder, name);
    }
  }
  return undefined;
}

async function unpacked(cache: string): Promise<RedisBinary | undefined> {
  const file = path.join(cache, 'usr', 'bin', 'redis-server');
  const libraries = path.join(cache, 'usr', 'lib');
  if (!existsSync(libraries)) return undefined;
  const folders = readdirSync(libraries)
    .filter((name) => name.endsWith('-linux-gnu') || /-linux-gnu\w+$/.test(name))
    .map((name) => path.join(libraries, name));
  const binary = { file, env: { LD_LIBRARY_PATH: folders.join(':') }, origin: 'unpacked Debian package' };
  return (await works(binary)) ? binary : undefined;
}

async function works(binary: RedisBinary): Promise<boolean> {
  try {
    await execute(binary.file, ['--version'], { env: { ...process.env, ...binary.env } });
    return true;
  } catch {
    return false;
  }
}

/** Options that give apt lists and a cache of its own, so that neither root nor a system-wide update is needed. */
function privateApt(work: string): string[] {
  mkdirSync(path.join(work, 'lists', 'partial'), { recursive: true });
  mkdirSync(path.join(work, 'cache', 'archives', 'partial'), { recursive: true });
  return [
    `Dir::State::Lists=${path.join(work, 'lists')}`,
    `Dir::Cache=${path.join(work, 'cache')}`,
    'Debug::NoLocking=1',
  ].flatMap((option) => ['-o', option]);
}

/** Packages that installing redis-server would add here: itself and the libraries that this machine lacks. */
async function missingPackages(options: readonly string[]): Promise<string[]> {
  const plan = await run('apt-get', [...options, '-s', '--no-install-recommends', 'install', 'redis-server']);
  return [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] as string);
}

async function downloadAndUnpack(cache: string): Promise<void> {
  const work = `${cache}.new-${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(path.join(work, 'root'), { recursive: true });
  try {
    let options: string[] = [];
    let packages: string[];
    try {
      packages = await missingPackages(options);
    } catch {
      options = privateApt(work);
      await run('apt-get', [...options, 'update']);
      packages = await missingPackages(options);
    }
    // As root, apt warns that its sandbox user cannot write here, and then downloads as root: harmless.
    await run('apt-get', [...options, '-o', 'APT::Sandbox::User=root', 'download', ...packages], work);
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg', ['-x', path.join(work, file), path.join(work, 'root')]);
    }
    rmSync(cache, { recursive: true, force: true });
    renameSync(path.join(work, 'root'), cache);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Finds a real Redis (or Valkey) server: on PATH, in the project's cache, or, on Debian and Ubuntu, by downloading the
 * distribution's package and unpacking it into `cacheDir` without installing anything. Throws one helpful sentence.
 */
export async function locateRedis(cacheDir: string): Promise<RedisBinary> {
  const installed = findOnPath(['redis-server', 'valkey-server']);
  if (installed) {
    const binary = { file: installed, env: {}, origin: installed };
    if (await works(binary)) return binary;
  }
  const cache = path.join(cacheDir, 'redis');
  const cached = await unpacked(cache);
  if (cached) return cached;
  if (!findOnPath(['apt-get']) || !findOnPath(['dpkg'])) throw new Error(help);
  try {
    mkdirSync(cacheDir, { recursive: true });
    await downloadAndUnpack(cache);
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr ?? (error as Error).message;
    const reason = stderr.trim().split('\n').pop();
    throw new Error(`${help} (Downloading Debian's package failed: ${reason})`);
  }
  const binary = await unpacked(cache);
  if (!binary) throw new Error(`${help} (The unpacked Debian package does not run here.)`);
  return binary;
}
