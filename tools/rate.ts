import { readFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { parseArgs } from 'node:util';
import { type FlowCase, readFlowCase } from '@suanxiang/metering/flow/read-flow';
import { CaseError, exactJson, JsonObject, parseExactJson } from '@suanxiang/metering/rating/case-json';
import { readRatingCase } from '@suanxiang/metering/rating/from-cases';
import { rateCase } from '@suanxiang/metering/rating/rate-case';

const help = `Rates a file of billing cases (format gpu-billing-cases/1) and prints a JSON object, case id to result.

  npm run --silent rate -- CASES.json

Rating cases run through the pure rater. Flow cases run through the real ledger, wallet and invoices, on a PostgreSQL of their
own: a new database on the server of DATABASE_URL, else an embedded server that starts and ends with the command. Cases
of another kind are left out. A case that cannot be read or rated is named on standard error in one sentence, the others are
still printed, and the exit code is 2.`;

/** The file's cases and defaults. Throws CaseError with one sentence when it is not such a file. */
async function readFileOfCases(path: string): Promise<{ cases: JsonObject[]; defaults: unknown }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code ?? error.message})`;
    throw new CaseError(`The file ${path} ${why}.`);
  });
  let parsed: unknown;
  try {
    parsed = parseExactJson(text);
  } catch (error) {
    throw new CaseError(`The file ${path} is not JSON: ${(error as Error).message}.`);
  }
  const file = JsonObject.of(parsed, 'file');
  const raw = file.raw('cases');
  if (!Array.isArray(raw)) return file.fail('cases', 'an array');
  const defaults = JsonObject.of(file.raw('defaults') ?? {}, 'file.defaults').fields;
  const seen = new Set<unknown>();
  const cases: JsonObject[] = [];
  for (const [index, value] of raw.entries()) {
    const item = await attempt(`file.cases[${index}]`, () => JsonObject.of(value, `file.cases[${index}]`));
    const id = item?.raw('id');
    if (id !== undefined && seen.has(id))
      complain(`file.cases[${index}] has the id ${JSON.stringify(id)} of another case.`);
    else if (item) cases.push(item);
    seen.add(id);
  }
  return { cases, defaults };
}

function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}

/** Reads or runs one case; what is wrong with it is said in one sentence, and the others go on. */
async function attempt<T>(place: string, act: () => T | Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    complain(error instanceof CaseError ? error.message : `${place} cannot be run: ${reason}.`);
    return null;
  }
}

/** Results of flow cases. The database and its client are loaded only for them. */
async function runFlows(flows: readonly FlowCase[]): Promise<Map<string, object>> {
  const results = new Map<string, object>();
  if (flows.length === 0) return results;
  const { ensurePrismaClient } = await import('./lib/prisma-client');
  await ensurePrismaClient(devNull);
  const { openCaseDatabase } = await import('./lib/case-database');
  const { runFlow } = await import('@suanxiang/metering/flow/run-flow');
  const database = await openCaseDatabase(process.env.DATABASE_URL?.trim() || null);
  try {
    for (const flow of flows) {
      const result = await attempt(`case ${flow.id}`, () => runFlow(database.db, flow));
      if (result) results.set(flow.id, result);
    }
  } finally {
    await database.close();
  }
  return results;
}

async function rateFile(path: string): Promise<void> {
  const { cases, defaults } = await readFileOfCases(path);
  const results = new Map<string, object | null>();
  const flows: FlowCase[] = [];
  for (const item of cases) {
    const kind = item.raw('kind');
    const place = typeof item.raw('id') === 'string' ? `case ${item.raw('id')}` : item.place;
    if (kind === 'rating') {
      const rated = await attempt(place, () => rateCase(readRatingCase(item.fields, defaults)));
      if (rated) results.set(item.text('id'), rated);
    }
    const flow = kind === 'flow' ? await attempt(place, () => readFlowCase(item.fields)) : null;
    if (flow) {
      results.set(flow.id, null);
      flows.push(flow);
    }
  }
  for (const [id, result] of await runFlows(flows)) results.set(id, result);
  for (const [id, result] of results) if (result === null) results.delete(id);
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
