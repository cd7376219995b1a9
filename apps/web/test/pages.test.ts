import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { RESERVED_ORGANIZATION_SLUGS, RESERVED_PROJECT_SLUGS } from '@suanxiang/domain/reserved-slugs';
import { describe, expect, it } from 'vitest';

const app = path.join(import.meta.dirname, '../src/app');
const files = readdirSync(app, { recursive: true, encoding: 'utf8' });
const pages = files.filter((file) => /(^|\/)page\.tsx$/.test(file)).sort();
const sourceOf = (file: string) => readFileSync(path.join(app, file), 'utf8');

/** Pages that only send people on and show nothing. */
const ENTRANCES = ['console/page.tsx'];

describe('every page', () => {
  it('exists', () => {
    expect(pages.length).toBeGreaterThan(25);
  });

  it.each(pages.filter((file) => file.startsWith('[org]/')))('%s asks the API who is signed in', (file) => {
    expect(sourceOf(file)).toMatch(/export default consolePage\(/);
  });

  it.each(pages.filter((file) => file.startsWith('operator/') && !file.includes('sign-in')))(
    '%s goes through the operator plane',
    (file) => {
      expect(sourceOf(file)).toMatch(/export default operatorPage\(/);
    },
  );

  it('elsewhere is public on purpose', () => {
    const rest = pages.filter(
      (file) =>
        !file.startsWith('[org]/') &&
        (!file.startsWith('operator/') || file.includes('sign-in')) &&
        !ENTRANCES.includes(file),
    );
    for (const file of rest) expect([file, /export default publicPage\(/.test(sourceOf(file))]).toEqual([file, true]);
  });

  it('has a title of its own, but for those that only send on and the front page', () => {
    const untitled = pages.filter((file) => !/export const generateMetadata/.test(sourceOf(file)));
    expect(untitled.sort()).toEqual(['(public)/page.tsx', '[org]/page.tsx', 'console/page.tsx']);
  });
});

describe('addresses', () => {
  /** Names of the pages directly below a folder of the app; groups like (auth) add nothing to an address. */
  const firstNames = (folder: string): string[] =>
    readdirSync(path.join(app, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('['))
      .flatMap((entry) => (entry.name.startsWith('(') ? firstNames(path.join(folder, entry.name)) : [entry.name]));

  it('of the console can be no slug of an organization or a project', () => {
    expect(firstNames('').filter((name) => !RESERVED_ORGANIZATION_SLUGS.has(name))).toEqual([]);
    expect(firstNames('[org]').filter((name) => !RESERVED_PROJECT_SLUGS.has(name))).toEqual([]);
  });
});

describe('authorisation', () => {
  it('is never decided in the proxy', () => {
    const proxy = readFileSync(path.join(app, '../proxy.ts'), 'utf8');
    expect(proxy).not.toMatch(/redirect|rewrite|cookies|sx_session|authorization/i);
  });

  it('the environment is read in one file', () => {
    const src = path.join(app, '..');
    const readers = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .filter((file) => /process\.env(?!\.NODE_ENV)/.test(readFileSync(path.join(src, file), 'utf8')));
    // The second only shows a program that does.
    expect(readers.sort()).toEqual(['features/code/sdk-snippets.ts', 'server/config.ts']);
  });
});
