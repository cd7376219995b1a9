import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensurePrismaClient } from './lib/prisma-client';
import { root } from './lib/root';

const help = `npm run verify

Everything that can be checked without services: format and lint, types, import boundaries, dead code, unit tests.
Prints the output of what failed. "npm run format" repairs format and import order.
`;

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

function bin(name: string): string {
  return path.join(root, 'node_modules/.bin', name);
}

/** The longest first: two run at a time. */
function checks(): Check[] {
  const types = ['--noEmit', '-p'];
  const list: Check[] = [
    // Alone, vitest leaves one core free for others; here the other checks end long before it.
    {
      name: 'unit tests',
      command: bin('vitest'),
      args: ['run', '--project', 'unit', '--reporter=dot', '--maxWorkers=2'],
    },
    { name: 'types', command: bin('tsc'), args: [...types, 'tsconfig.json'] },
    { name: 'format and lint', command: bin('biome'), args: ['ci', '--error-on-warnings', '--colors=off', '.'] },
    {
      name: 'import boundaries',
      command: bin('depcruise'),
      args: ['--config', '.dependency-cruiser.mjs', 'packages', 'apps', 'e2e', 'tools'],
    },
    { name: 'dead code', command: bin('knip'), args: ['--no-config-hints', '--no-progress'] },
  ];
  if (existsSync(path.join(root, 'apps/web/tsconfig.json'))) {
    list.push({ name: 'types of the console', command: bin('tsc'), args: [...types, 'apps/web/tsconfig.json'] });
  }
  return list;
}

function run(check: Check): Promise<boolean> {
  const from = performance.now();
  const child = spawn(check.command, [...check.args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const add = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  return new Promise((resolve) => {
    const done = (ok: boolean) => {
      const seconds = ((performance.now() - from) / 1000).toFixed(1);
      process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)\n${ok ? '' : `${output}\n`}`);
      resolve(ok);
    };
    child.once('error', (error) => {
      output += error.message;
      done(false);
    });
    child.once('close', (code) => done(code === 0));
  });
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  await ensurePrismaClient();
  const waiting = checks();
  let failed = 0;
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) if (!(await run(check))) failed += 1;
  };
  await Promise.all([lane(), lane()]);
  process.stdout.write(failed === 0 ? 'All checks passed.\n' : `${failed} of the checks failed.\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
