import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const skipped = new Set(['node_modules', 'dist', '.next', '.turbo', 'generated', 'test', 'coverage', 'next-env.d.ts']);

function* filesBelow(file: string): Generator<string> {
  if (!existsSync(file)) return;
  if (!statSync(file).isDirectory()) {
    yield file;
    return;
  }
  for (const name of readdirSync(file).sort()) {
    if (!skipped.has(name) && !name.endsWith('.tsbuildinfo')) yield* filesBelow(path.join(file, name));
  }
}

/** SHA-256 over the names and contents of all files below `paths` (relative to `root`), without derived folders. */
export function contentHash(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const start of paths) {
    for (const file of filesBelow(path.join(root, start))) {
      hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/** True when `stamp` holds `hash` and all `outputs` exist: the work that made them need not be done again. */
export function isFresh(stamp: string, hash: string, outputs: readonly string[]): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash && outputs.every((output) => existsSync(output));
}

/** Remembers that the work for `hash` is done. */
export function writeStamp(stamp: string, hash: string): void {
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
