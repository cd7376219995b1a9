import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { missingEntries } from '../complete-lock';
import { root } from '../lib/root';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|tsx|mjs|js|sql|sh|json|prisma|css|md)$/.test(file) && existsSync(path.join(root, file)));

const sources = files.filter((file) => /^(packages|apps)\/[^/]+\/(src|app|bin)\/.*\.(ts|tsx|mjs)$/.test(file));

/** `file:line` of every line of `among` that matches, comments included only when asked for. */
function find(pattern: RegExp, among: readonly string[], comments = false): string[] {
  return among.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const code = comments ? line : line.replace(/(^|\s)\/\/.*$/, '').replace(/^\s*\/?\*.*$/, '');
        return pattern.test(code) ? [`${file}:${index + 1}`] : [];
      }),
  );
}

const outside = (...allowed: RegExp[]) => sources.filter((file) => !allowed.some((pattern) => pattern.test(file)));

test('the rules look at real files', () => {
  expect(sources.length).toBeGreaterThan(20);
  expect(find(/process\.env\b/, sources)).not.toEqual([]);
});

test('only the platform reads the environment (the CLI and the console have one file each)', () => {
  const allowed = [/^packages\/platform\//, /^apps\/cli\/src\/(main|env)\.ts$/, /^apps\/web\/src\/server\/config\.ts$/];
  // A process of tests alone.
  allowed.push(/^packages\/testing\/src\/(fake-stripe|openapi)\/main\.ts$/);
  // Shows people a program that reads its own environment.
  allowed.push(/^apps\/web\/src\/features\/code\/sdk-snippets\.ts$/);
  // NODE_ENV is not a setting: bundlers replace it.
  expect(find(/process\.env\b(?!\.NODE_ENV\b)/, outside(...allowed))).toEqual([]);
});

test('only the platform reads the clock; browsers and the CLI show times to people', () => {
  const allowed = [/^packages\/platform\//, /^packages\/testing\//, /^apps\/(web|cli)\//];
  expect(find(/\bDate\.now\(|new Date\(\)|performance\.now\(/, outside(...allowed))).toEqual([]);
});

test('no SQL is built from text, and no tenant is set for longer than a transaction', () => {
  expect(find(/\$(query|execute)RawUnsafe|Prisma\.raw\b/, outside(/^packages\/testing\//))).toEqual([]);
  const sql = files.filter((file) => file.endsWith('.sql'));
  expect(find(/set_config\([^)]*,\s*false\s*\)|\bSET\s+(SESSION\s+)?app\./i, [...sources, ...sql])).toEqual([]);
});

test('money is never parsed as a float', () => {
  const money = sources.filter((file) => /^packages\/(metering|domain)\//.test(file));
  expect(find(/parseFloat\(|Number\.parseFloat/, money)).toEqual([]);
});

test('no path of one machine stands in the repository', () => {
  const elsewhere = files.filter((file) => file !== 'tools/test/repo-rules.test.ts');
  expect(find(/(?<![\w.])\/(home|Users|root|work)\/[\w.-]+/, elsewhere, true)).toEqual([]);
});

test('no barrel files: a package is imported by subpath', () => {
  expect(sources.filter((file) => /^packages\/[^/]+\/src\/(.*\/)?index\.tsx?$/.test(file))).toEqual([]);
});

test('file names are kebab-case', () => {
  const odd = sources.filter((file) => {
    const name = path.basename(file).replace(/(\.[a-z]+)+$/, '');
    return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && !/\/app\/.*\[.*\]/.test(file);
  });
  expect(odd).toEqual([]);
});

test('no test is skipped or narrowed', () => {
  const tests = files.filter((file) => /\.(test|spec)\.tsx?$/.test(file) && !file.startsWith('tools/test/repo-rules'));
  expect(find(/\b(test|it|describe)\.(only|skip|todo)\(/, tests)).toEqual([]);
});

test('the lock file names the optional packages of all platforms, without which npm ci refuses it', () => {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  expect(Object.keys(missingEntries(lock))).toEqual([]);
  const { 'node_modules/@biomejs/cli-darwin-arm64': dropped, ...packages } = lock.packages;
  expect(Object.values(missingEntries({ packages }))).toEqual([dropped]);
});
