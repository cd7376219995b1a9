import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/root';

const help = `npm run lock:complete [-- --check]

npm leaves optional packages of other platforms out of package-lock.json when the registry that made it did not serve
them; "npm ci" then refuses the lock file. This adds the missing entries: exact version, operating system, processor.
`;

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

interface LockFile {
  packages: Record<string, LockEntry>;
}

const systems = ['darwin', 'linux', 'android', 'freebsd', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'win32'];
const processors = ['x64', 'arm64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];
const synonyms: Record<string, string> = { windows: 'win32', '64': 'x64', aarch64: 'arm64' };

/** What package.json of a platform's package says, read from a name such as oxide-linux-arm64-musl. */
function platformOf(name: string): LockEntry {
  const words = (name.split('/').pop() ?? '').split(/[-.]/).map((word) => synonyms[word] ?? word);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  return {
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(name.includes('musl') ? { libc: ['musl'] } : {}),
    ...(os.length > 0 ? { os } : {}),
  };
}

/** True when Node's search from the package at `from` upwards finds `name` in the lock file. */
function isLocked(packages: LockFile['packages'], from: string, name: string): boolean {
  for (let place = from; place !== ''; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    if (packages[`${place}/node_modules/${name}`]) return true;
  }
  return Boolean(packages[`node_modules/${name}`]);
}

/** Entries that `npm ci` would miss in this lock file, by their key. */
export function missingEntries(lock: LockFile): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [key, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      // Exact versions only: the platform packages of one program are always pinned together.
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) || isLocked(lock.packages, key, name)) continue;
      const dev = entry.dev ? { dev: true } : {};
      missing[`node_modules/${name}`] = { version, ...platformOf(name), ...dev, optional: true };
    }
  }
  return missing;
}

function main(): void {
  if (process.argv.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  const file = path.join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile;
  const missing = missingEntries(lock);
  const names = Object.keys(missing);
  process.stdout.write(names.length === 0 ? 'package-lock.json is complete.\n' : `${names.join('\n')}\n`);
  if (process.argv.includes('--check')) {
    process.exitCode = names.length === 0 ? 0 : 1;
    return;
  }
  if (names.length === 0) return;
  const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
  process.stdout.write(`${names.length} entries added.\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
