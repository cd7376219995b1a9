import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CaseError, exactJson, JsonObject } from '@suanxiang/metering/rating/case-json';
import { readRatingCase } from '@suanxiang/metering/rating/from-cases';
import { rateCase } from '@suanxiang/metering/rating/rate-case';

const help = `Rates a file of billing cases (format gpu-billing-cases/1) and prints a JSON object, case id to result.

  npm run --silent rate -- CASES.json

Rating cases run through the pure rater; cases of another kind are left out. A case that cannot be read is named on
standard error in one sentence, the others are still printed, and the exit code is 2.`;

/** The file's cases and defaults. Throws CaseError with one sentence when it is not such a file. */
async function readFileOfCases(path: string): Promise<{ cases: JsonObject[]; defaults: unknown }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code ?? error.message})`;
    throw new CaseError(`The file ${path} ${why}.`);
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CaseError(`The file ${path} is not JSON: ${(error as Error).message}.`);
  }
  const file = JsonObject.of(parsed, 'file');
  if (!Array.isArray(file.raw('cases'))) file.fail('cases', 'an array');
  return { cases: file.objects('cases'), defaults: file.raw('defaults') ?? {} };
}

async function rateFile(path: string): Promise<void> {
  const { cases, defaults } = await readFileOfCases(path);
  const results: Record<string, object> = {};
  for (const item of cases) {
    try {
      if (item.raw('kind') === 'rating') results[item.text('id')] = rateCase(readRatingCase(item.fields, defaults));
    } catch (error) {
      if (!(error instanceof CaseError)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 2;
    }
  }
  process.stdout.write(`${exactJson(results)}\n`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const [path, ...rest] = positionals;
  if (!path || rest.length > 0) throw new CaseError('Name one file of cases: npm run --silent rate -- CASES.json.');
  await rateFile(path);
}

try {
  await main();
} catch (error) {
  const isBadInput =
    error instanceof CaseError || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  if (!isBadInput) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
