import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { outputMatches } from '../../../e2e/fixtures/guide';
import { root } from '../../lib/root';

/** The blocks of one language in a guide as one program, and what the guide says that it prints. */
export function guideProgram(file: string, language: string): { program: string; expected: string } {
  const markdown = readFileSync(path.join(root, file), 'utf8');
  const blocks = [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  const all = (wanted: string) =>
    blocks
      .filter(([, name]) => name === wanted)
      .map(([, , text]) => text)
      .join('');
  return { program: all(language), expected: all('text') };
}

/** Fails unless a program of a guide printed what the guide says. */
export function expectOutput(expected: string, output: string): void {
  expect(outputMatches(expected, output), `the guide states\n${expected}\nbut this was printed:\n${output}`).toBe(true);
}
