import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../lib/root';

const PROMISES = 30;
const page = readFileSync(path.join(root, 'docs/api/promises.md'), 'utf8');
const rows = [...page.matchAll(/^\| (\d+) \| (.+) \| (.+) \|$/gm)].map(([, number, , shown]) => ({
  number: Number(number),
  shown: [...shown!.matchAll(/`([^`]+)`(?:: "([^"]+)")?/g)].map(([, file, title]) => ({ file: file!, title })),
}));

test('every promise has its row, in order', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: PROMISES }, (_, index) => index + 1));
});

test.each(rows)('promise $number is shown by tests that exist', ({ shown }) => {
  expect(shown.length).toBeGreaterThan(0);
  for (const { file, title } of shown) {
    const text = readFileSync(path.join(root, file), 'utf8');
    if (title) expect(text.replace(/\s*\n\s*/g, ' '), file).toContain(title);
  }
});
