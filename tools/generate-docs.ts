/**
 * Writes docs/generated from the tables they describe, or with --check tells which files are out of date.
 * Usage: npm run docs:generate [-- --check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedDocs } from './lib/generated-docs';

if (process.argv.includes('--help')) {
  console.log('npm run docs:generate [-- --check]   writes docs/generated, or checks that it is up to date');
  process.exit(0);
}
const folder = fileURLToPath(new URL('../docs/generated/', import.meta.url));
const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [name, text] of Object.entries(generatedDocs())) {
  if (!check) writeFileSync(folder + name, text);
  else if (readOrEmpty(folder + name) !== text) stale.push(name);
}
if (stale.length > 0) {
  console.error(`Out of date in docs/generated: ${stale.join(', ')}. Run "npm run docs:generate" and commit.`);
  process.exit(1);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
