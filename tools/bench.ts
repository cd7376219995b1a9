import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/root';

/** Runs tools/bench/<name>.ts; further arguments are the benchmark's own. */
async function main(): Promise<void> {
  const folder = path.join(root, 'tools/bench');
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => file.slice(0, -3))
    : [];
  const [name, ...rest] = process.argv.slice(2);
  if (!name || !names.includes(name)) {
    process.stdout.write(`npm run bench -- NAME [options]\n\nBenchmarks: ${names.join(', ') || 'none yet'}\n`);
    process.exitCode = name === '--help' ? 0 : 2;
    return;
  }
  const file = path.join(folder, `${name}.ts`);
  process.argv = [process.argv[0] as string, file, ...rest];
  await import(pathToFileURL(file).href);
}

await main();
