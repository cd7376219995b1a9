import type { Route } from '@suanxiang/contract/route';
import type { z } from 'zod';
import { UsageError } from './exit-codes';
import { type Flag, FlagError, parseFlag, positionalName } from './flags';
import type { Io } from './io';
import type { Say } from './messages';

/** Options as commander gives them: camelCase names. */
export type Options = Record<string, string | boolean | string[] | undefined>;

/** The three parts of a call, checked against the contract. */
export interface RequestParts {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: Record<string, unknown>;
}

/** `--ssh-key-ids` -> `sshKeyIds`, as commander names it. */
export function optionKey(flag: Flag): string {
  return flag.field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Fields of one place that were typed as flags. */
async function typedFields(flags: Flag[], options: Options, io: Io, say: Say): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const flag of flags) {
    const typed = options[optionKey(flag)];
    if (typed === undefined) continue;
    try {
      const value = parseFlag(flag, typed);
      fields[flag.field] = flag.fromFile && typeof value === 'string' ? await expandFile(value, io, say) : value;
    } catch (error) {
      if (!(error instanceof FlagError)) throw error;
      const key = { number: 'flagWantsNumber', 'key=value': 'flagWantsPair', json: 'flagWantsJson' } as const;
      throw new UsageError(say(key[error.expected], { flag: flag.name, given: error.given }));
    }
  }
  return fields;
}

/** `@path` is the content of a file, `@-` standard input, `@@` a literal `@`; everything else is itself. */
async function expandFile(value: string, io: Io, say: Say): Promise<string> {
  if (!value.startsWith('@')) return value;
  if (value.startsWith('@@')) return value.slice(1);
  return readText(value.slice(1), io, say);
}

/** Text of a file, `-` for standard input. Throws UsageError when it cannot be read. */
export async function readText(path: string, io: Io, say: Say): Promise<string> {
  if (path === '-') return io.readStdin();
  try {
    return await io.readFile(path);
  } catch (error) {
    throw new UsageError(say('cannotRead', { file: path, reason: (error as Error).message }));
  }
}

async function bodyFile(path: string, io: Io, say: Say): Promise<Record<string, unknown>> {
  const text = await readText(path, io, say);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // falls through to the one sentence below
  }
  throw new UsageError(say('bodyNotJson', { file: path }));
}

/** Reads query and body from flags and `--body` without checking them yet. */
export async function collectRequest(
  route: Route,
  flags: Flag[],
  options: Options,
  io: Io,
  say: Say,
): Promise<{ query: Record<string, unknown>; body: Record<string, unknown> }> {
  const of = (place: Flag['place']) => flags.filter((flag) => flag.place === place);
  const query = await typedFields(of('query'), options, io, say);
  const typed = await typedFields(of('body'), options, io, say);
  const file = route.body && typeof options.body === 'string' ? await bodyFile(options.body, io, say) : {};
  return { query, body: { ...file, ...typed } };
}

/** Checks the parts against the contract. Throws UsageError naming the flag and what it allows. */
export function checkRequest(
  route: Route,
  flags: Flag[],
  parts: { params: Record<string, unknown>; query: Record<string, unknown>; body: Record<string, unknown> },
  say: Say,
): RequestParts {
  if (route.method === 'PATCH' && Object.keys(parts.body).length === 0) {
    const values = flags.map((flag) => flag.name).join(', ');
    throw new UsageError(say('nothingToChange', { values }));
  }
  const checked: RequestParts = {};
  for (const place of ['params', 'query', 'body'] as const) {
    const schema = route[place];
    if (!schema) continue;
    const value = parts[place];
    const result = schema.safeParse(value);
    if (!result.success) throw new UsageError(explain(result.error.issues[0]!, place, flags, value, say));
    if (place !== 'query' || Object.keys(value).length > 0) checked[place] = value;
  }
  return checked;
}

type Issue = z.core.$ZodIssue;

/** One sentence for the first violation: which flag, what is wrong, what it allows. */
function explain(
  issue: Issue,
  place: 'params' | 'query' | 'body',
  flags: Flag[],
  value: Record<string, unknown>,
  say: Say,
): string {
  if (issue.code === 'unrecognized_keys') {
    const values = flags.filter((flag) => flag.place === place).map((flag) => flag.field);
    return say('unknownField', { field: issue.keys.join(', '), values: values.join(', ') });
  }
  const field = String(issue.path[0] ?? '');
  const flag = flags.find((candidate) => candidate.place === place && candidate.field === field);
  const name = flag?.name ?? (place === 'params' ? `<${positionalName(field)}>` : field);
  const given = value[field];
  const values = flag?.choices?.join(', ');
  if (given === undefined) return values ? say('missingOneOf', { flag: name, values }) : say('missing', { flag: name });
  if (values && /^invalid_(value|union)$/.test(issue.code))
    return say('notAllowed', { flag: name, given: String(valueAt(value, issue.path)), values });
  return say('invalidField', { flag: name, detail: issue.message });
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
