import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../lib/root';

const ATTACKS = 64;

const tests = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts', '*.test.tsx', '*.spec.ts'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => file && existsSync(path.join(root, file)));

/** Numbers in the titles of tests: "attack 41: ...", "attacks 1, 2, 3: ...". */
function namedInTests(): Set<number> {
  const found = new Set<number>();
  for (const file of tests) {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const [, numbers] of text.matchAll(/['"`]attacks? (\d+(?:, \d+)*):/g)) {
      for (const number of numbers!.split(', ')) found.add(Number(number));
    }
  }
  return found;
}

test('every attack has a test that names it, or a reason for having none, and never both', () => {
  const exceptions = [
    ...readFileSync(path.join(root, 'docs/security/exceptions.md'), 'utf8').matchAll(/^\| (\d+) \| .+ \| .+ \|$/gm),
  ].map(([, number]) => Number(number));
  const named = namedInTests();
  expect([...named].filter((number) => exceptions.includes(number))).toEqual([]);
  const all = Array.from({ length: ATTACKS }, (_, index) => index + 1);
  expect(all.filter((number) => !named.has(number) && !exceptions.includes(number))).toEqual([]);
});
