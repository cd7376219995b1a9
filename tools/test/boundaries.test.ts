import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, beforeEach, expect, test } from 'vitest';
// @ts-expect-error The configuration is plain JavaScript.
import rules from '../../.dependency-cruiser.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suanxiang-boundaries-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Names of the rules that a small tree of files breaks. */
async function broken(files: Record<string, string>): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const { enhancedResolveOptions, ...options } = rules.options;
  const result = await cruise(
    Object.keys(files),
    { ...options, baseDir: folder, ruleSet: { forbidden: rules.forbidden }, validate: true },
    enhancedResolveOptions,
  );
  return (result.output as ICruiseResult).summary.violations.map((violation) => violation.rule.name).sort();
}

const domain = { 'packages/domain/src/ids.ts': 'export type Id = string; export const id = 1;' };

test('an import that the table allows breaks nothing, in .ts and in .tsx', async () => {
  const files = {
    ...domain,
    'packages/scheduler/src/place.ts': `import { id } from '../../domain/src/ids'; export const place = id;`,
    'apps/web/src/page.tsx': `import type { Id } from '../../../packages/domain/src/ids'; export const P = (p: { id: Id }) => <b>{p.id}</b>;`,
  };
  expect(await broken(files)).toEqual([]);
});

test('an import that the table does not allow is named, even when it takes only a type', async () => {
  const files = {
    ...domain,
    'packages/platform/src/x.ts': `import type { Id } from '../../domain/src/ids'; export type X = Id;`,
  };
  expect(await broken(files)).toEqual(['boundary-packages-platform']);
});

test('circles, imports of apps, test helpers in sources and journeys that know code are refused', async () => {
  const files = {
    ...domain,
    'packages/db/src/a.ts': `import { b } from './b'; export const a = () => b;`,
    'packages/db/src/b.ts': `import { a } from './a'; export const b = () => a;`,
    'apps/api/src/main.ts': 'export const main = 1;',
    'packages/testing/src/help.ts': `import { main } from '../../../apps/api/src/main'; export const help = main;`,
    'packages/hal/src/y.ts': `export * from '../../testing/src/help';`,
    'e2e/journeys/z.spec.ts': `import { id } from '../../packages/domain/src/ids'; export const z = id;`,
  };
  expect(await broken(files)).toEqual([
    'boundary-packages-hal',
    'e2e-knows-only-urls',
    'no-app-imported',
    'no-circles',
    'testing-only-in-tests',
  ]);
});
