import type { Route } from '@suanxiang/contract/route';
import { wholeNumbersOf } from '@suanxiang/contract/whole-numbers';
import type { ParsedInput } from '@suanxiang/services/dispatch';
import { type FieldError, ProblemError } from '@suanxiang/services/problem';
import { DEEPEST } from './json-text';

type Schema = NonNullable<Route['body']>;
type Issue = NonNullable<ReturnType<Schema['safeParse']>['error']>['issues'][number];

/** A body can be wrong in a hundred thousand places; nobody reads them. */
const MOST_TOLD = 100;

/** One segment of a JSON pointer (RFC 6901). */
function segment(key: PropertyKey): string {
  return String(key).replace(/~/g, '~0').replace(/\//g, '~1');
}

function pointerOf(place: string, path: readonly PropertyKey[]): string {
  return [`/${place}`, ...path.map(segment)].join('/');
}

/** What zod found, as the API says it. An unknown field is named itself, not the object it stands in. */
function fieldErrors(place: string, issue: Issue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf(place, [...issue.path, key]),
      code: 'unknown_field',
      detail: 'There is no such field.',
    }));
  }
  const missing = (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined;
  return [
    {
      pointer: pointerOf(place, issue.path),
      code: missing ? 'required' : issue.code,
      detail: missing ? 'Is required.' : issue.message,
    },
  ];
}

function parseWith(schema: Schema | null, place: string, value: unknown, errors: FieldError[]): unknown {
  if (schema === null) return null;
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  errors.push(...result.error.issues.flatMap((issue) => fieldErrors(place, issue)));
  return null;
}

/** Text that no database column and no JSON document can hold; found without recursion, as the depth is the sender's. */
function refuseUnstorable(place: string, value: unknown, errors: FieldError[]): void {
  if (value === undefined) return;
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path: `/${place}`, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: found, path, depth } = next;
    if (typeof found === 'string') {
      if (!found.includes('\u0000') && found.isWellFormed()) continue;
      errors.push({ pointer: path, code: 'invalid_text', detail: 'Must not hold NUL or half a surrogate pair.' });
      return;
    }
    if (found === null || typeof found !== 'object') continue;
    if (depth >= DEEPEST) {
      errors.push({ pointer: `/${place}`, code: 'too_deep', detail: `Is nested deeper than ${DEEPEST} levels.` });
      return;
    }
    for (const [key, inner] of Object.entries(found)) {
      if (key.includes('\u0000') || !key.isWellFormed()) {
        errors.push({
          pointer: path,
          code: 'invalid_text',
          detail: 'A field name holds NUL or half a surrogate pair.',
        });
        return;
      }
      open.push({ value: inner, path: `${path}/${segment(key)}`, depth: depth + 1 });
    }
  }
}

/** A parameter that is sent twice arrives as a list; no parameter of this API takes one. */
function refuseLists(query: Record<string, unknown>, errors: FieldError[]): void {
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string') continue;
    errors.push({ pointer: pointerOf('query', [name]), code: 'repeated', detail: 'Send it once.' });
  }
}

/** `0x10`, ` 5`, `1e2` and nothing at all are numbers to JavaScript, not to this API. */
function refuseOddNumbers(schema: Schema, query: Record<string, unknown>, errors: FieldError[]): void {
  for (const name of wholeNumbersOf(schema)) {
    const value = query[name];
    if (typeof value !== 'string' || /^-?\d{1,15}$/.test(value)) continue;
    errors.push({ pointer: pointerOf('query', [name]), code: 'invalid_type', detail: 'Must be a whole number.' });
  }
}

function refuseBody(body: unknown, errors: FieldError[]): void {
  const empty = body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0);
  if (!empty) errors.push({ pointer: '/body', code: 'unexpected_body', detail: 'This operation takes no body.' });
}

export interface RawInput {
  params: unknown;
  query: unknown;
  /** undefined when none was sent. */
  body: unknown;
}

function summary(errors: readonly FieldError[]): string {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first?.pointer}: ${first?.detail}${more}`;
}

/** Parses path, query and body with the route's schemas. Throws `invalid_request` naming every violation by pointer. */
export function parseInput(route: Route, raw: RawInput): ParsedInput {
  const errors: FieldError[] = [];
  const query = (raw.query ?? {}) as Record<string, unknown>;
  refuseUnstorable('path', raw.params, errors);
  refuseUnstorable('query', query, errors);
  refuseUnstorable('body', raw.body, errors);
  refuseLists(query, errors);
  if (route.query) refuseOddNumbers(route.query, query, errors);
  if (route.body === null) refuseBody(raw.body, errors);
  if (errors.length === 0) {
    const input = {
      params: parseWith(route.params, 'path', raw.params, errors),
      query: route.query ? parseWith(route.query, 'query', { ...query }, errors) : refuseQuery(query, errors),
      body: parseWith(route.body, 'body', raw.body, errors),
    };
    if (errors.length === 0) return input;
  }
  throw new ProblemError('invalid_request', summary(errors), { errors: errors.slice(0, MOST_TOLD) });
}

function refuseQuery(query: Record<string, unknown>, errors: FieldError[]): null {
  for (const name of Object.keys(query)) {
    errors.push({ pointer: pointerOf('query', [name]), code: 'unknown_field', detail: 'There is no such parameter.' });
  }
  return null;
}
