/**
 * Writes docs/generated and the generated parts of the clients (packages/sdk, sdk/python) from the tables they describe, or
 * with --check tells which files are out of date.
 * Usage: npm run docs:generate [-- --check]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatedDocs } from './lib/generated-docs';
import { root } from './lib/root';
import { generatedSdk } from './lib/sdk/generated-sdk';

if (process.argv.includes('--help')) {
  console.log(
    'npm run docs:generate [-- --check]   writes docs/generated and the clients, or checks that they are up to date',
  );
  process.exit(0);
}
const check = process.argv.includes('--check');
const docs = Object.entries(generatedDocs()).map(([name, text]) => [`docs/generated/${name}`, text] as const);
const stale: string[] = [];
for (const [name, text] of [...docs, ...Object.entries(generatedSdk())]) {
  const file = path.join(root, name);
  if (!check) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (readOrEmpty(file) !== text) stale.push(name);
}
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run "npm run docs:generate" and commit.`);
  process.exit(1);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
