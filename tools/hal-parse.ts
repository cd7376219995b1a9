import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { parseToolOutput } from '@suanxiang/hal/vendors/parse-tool-output';
import { decodeOutput } from '@suanxiang/hal/vendors/shared/decode';
import { UnreadableInput } from '@suanxiang/hal/vendors/shared/reading';
import { TOOL_NAMES, TOOLS } from '@suanxiang/hal/vendors/tools';

const width = Math.max(...TOOL_NAMES.map((name) => name.length));

const help = `Reads the output of a vendor's tool and prints it in the one telemetry schema, as JSON.

  npm run --silent hal:parse -- --tool TOOL FILE      "-" reads standard input

Units are in the names of the keys; null means not measured. Exit code 2 and one sentence on standard error when the
input cannot be read. Tools:

${TOOL_NAMES.map((name) => `  ${name.padEnd(width)}  ${TOOLS[name]!.command}`).join('\n')}`;

async function readInput(tool: string, path: string): Promise<Uint8Array> {
  if (path === '-') return buffer(process.stdin);
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code ?? error.message})`;
    throw new UnreadableInput(`${tool}: the file ${path} ${why}.`);
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' }, tool: { type: 'string' } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const [path, ...rest] = positionals;
  if (!values.tool || !path || rest.length > 0) {
    throw new UnreadableInput(
      'Name one tool and one file: npm run --silent hal:parse -- --tool TOOL FILE (see --help).',
    );
  }
  const text = decodeOutput(await readInput(values.tool, path));
  process.stdout.write(`${JSON.stringify(parseToolOutput(values.tool, text), null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  const isBadInput =
    error instanceof UnreadableInput || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  if (!isBadInput) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
