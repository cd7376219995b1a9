import type { Route } from '@suanxiang/contract/route';
import { type FieldError, ProblemError } from '@suanxiang/domain/errors';
import type { z } from 'zod';

/** Where a part of the request stands in a JSON pointer. */
type Part = 'path' | 'query' | 'body';

function pointerOf(part: Part, path: readonly PropertyKey[]): string {
  const escaped = path.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'));
  return ['', part, ...escaped].join('/');
}

function fieldErrors(part: Part, issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf(part, [...issue.path, key]),
      code: 'unknown_field',
      detail: 'There is no such field here.',
    }));
  }
  return [{ pointer: pointerOf(part, issue.path), code: issue.code, detail: issue.message }];
}

function check(part: Part, schema: z.ZodType | null, value: unknown, errors: FieldError[]): unknown {
  if (schema === null) {
    const given = value !== null && typeof value === 'object' ? Object.keys(value) : value === undefined ? [] : [''];
    for (const key of given) {
      const pointer = pointerOf(part, key === '' ? [] : [key]);
      errors.push({ pointer, code: 'unknown_field', detail: `This operation takes no ${part}.` });
    }
    return {};
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) errors.push(...fieldErrors(part, issue));
  return {};
}

export interface ParsedInput {
  params: object;
  query: object;
  body: unknown;
}

/**
 * Parses path, query and body by the route's schemas. Malformed ids in the path are `not_found`, as a random id would
 * be; everything else wrong is one `invalid_request` that lists every violation with its JSON pointer.
 */
export function parseInput(route: Route, raw: { params: unknown; query: unknown; body: unknown }): ParsedInput {
  const pathErrors: FieldError[] = [];
  const params = check('path', route.params, raw.params ?? {}, pathErrors);
  if (pathErrors.length > 0) {
    throw new ProblemError('not_found', 'There is no such resource, or it is not visible to you.');
  }
  const errors: FieldError[] = [];
  const query = check('query', route.query, raw.query ?? {}, errors);
  const body = check('body', route.body, route.body === null ? (raw.body ?? undefined) : (raw.body ?? {}), errors);
  if (errors.length > 0) {
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new ProblemError('invalid_request', `${first!.pointer}: ${first!.detail}${more}`, {
      errors,
      suggestion: `See ${route.operationId} in /openapi.json for the fields that are right.`,
    });
  }
  return { params: params as object, query: query as object, body };
}
